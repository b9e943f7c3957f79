import type { Prices } from './workload';

export interface Resources {
  readonly cores: number;
  readonly memoryMb: number;
  readonly storageMb: number;
}

export interface Cost {
  readonly perHour: number;
  readonly perMonth: number;
  readonly perMillionPhotos: number;
  /** What a price was given for; the rest is not in these sums. */
  readonly counted: readonly (keyof Prices)[];
}

const HOURS_A_MONTH = 730;
const MB_PER_GB = 1000;

/** Undefined without any price. */
export function costIn(
  prices: Prices,
  { cores, memoryMb, storageMb }: Resources,
  photosPerSecond: number,
): Cost | undefined {
  const { coreHour, memoryGbHour, storageGbMonth } = prices;
  const parts = {
    coreHour: coreHour && coreHour * cores,
    memoryGbHour: memoryGbHour && (memoryGbHour * memoryMb) / MB_PER_GB,
    storageGbMonth: storageGbMonth && (storageGbMonth * storageMb) / MB_PER_GB / HOURS_A_MONTH,
  };
  const counted = (['coreHour', 'memoryGbHour', 'storageGbMonth'] as const).filter(
    (part) => parts[part] !== undefined,
  );
  if (counted.length === 0) {
    return undefined;
  }
  const perHour = counted.reduce((sum, part) => sum + (parts[part] ?? 0), 0);
  return {
    perHour,
    perMonth: perHour * HOURS_A_MONTH,
    perMillionPhotos: (perHour / (photosPerSecond * 3600)) * 1e6,
    counted,
  };
}
