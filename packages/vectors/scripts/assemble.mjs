// Assembles the WebAssembly kernel, once for each width of a row's numbers, into a TypeScript file.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import wabt from 'wabt';

const WIDTHS = {
  int8: { load: 'v128.load8x8_s', step: 8 },
  int16: { load: 'v128.load', step: 16 },
};

const at = (path) => fileURLToPath(new URL(`../src/${path}`, import.meta.url));
const source = readFileSync(at('embedded/dot-kernel.wat'), 'utf8');
const { parseWat } = await wabt();

const kernels = Object.entries(WIDTHS).map(([width, { load, step }]) => {
  const text = source.replaceAll('ROW_LOAD', load).replaceAll('ROW_STEP', String(step));
  const module = parseWat('dot-kernel.wat', text, { simd: true });
  module.validate();
  const bytes = Buffer.from(module.toBinary({}).buffer).toString('base64');
  module.destroy();
  return `  ${width}: '${bytes}',\n`;
});
mkdirSync(at('generated'), { recursive: true });
writeFileSync(
  at('generated/dot-kernel.ts'),
  `/** dot-kernel.wat, assembled by scripts/assemble.mjs; base64. */\nexport const DOT_KERNEL = {\n${kernels.join('')}} as const;\n`,
);
