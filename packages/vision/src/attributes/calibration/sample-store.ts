import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Sample } from './dataset';

/** Reads kept samples of a part, or makes and keeps them; without a folder nothing is kept. */
export async function storedSamples(
  folder: string | undefined,
  part: string,
  make: () => Promise<Sample[]>,
): Promise<Sample[]> {
  if (!folder) {
    return make();
  }
  const [list, numbers] = [join(folder, `${part}.json`), join(folder, `${part}.f32`)];
  if (existsSync(list) && existsSync(numbers)) {
    const entries: Omit<Sample, 'descriptor'>[] = JSON.parse(readFileSync(list, 'utf8'));
    const bytes = readFileSync(numbers);
    const values = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
    const size = values.length / entries.length;
    return entries.map((entry, index) => ({
      ...entry,
      descriptor: values.slice(index * size, (index + 1) * size),
    }));
  }
  const samples = await make();
  mkdirSync(folder, { recursive: true });
  writeFileSync(list, JSON.stringify(samples.map(({ descriptor: _, ...entry }) => entry)));
  writeFileSync(numbers, Buffer.concat(samples.map(({ descriptor }) => Buffer.from(descriptor.buffer))));
  return samples;
}
