interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** LFW photos are centred on the face of the person that they are named after; others in them are bystanders. */
const CENTRE = { x: 125, y: 125 };

/** The item whose box lies nearest to the middle of an LFW photo. */
export function nearestToCentre<Item>(items: readonly Item[], boxOf: (item: Item) => Box): Item | undefined {
  const offset = (item: Item): number => {
    const { x, y, width, height } = boxOf(item);
    return Math.hypot(x + width / 2 - CENTRE.x, y + height / 2 - CENTRE.y);
  };
  return items.reduce<Item | undefined>(
    (best, item) => (best === undefined || offset(item) < offset(best) ? item : best),
    undefined,
  );
}

/** Whether a box holds the middle of an LFW photo. */
export function holdsCentre({ x, y, width, height }: Box): boolean {
  return x <= CENTRE.x && CENTRE.x <= x + width && y <= CENTRE.y && CENTRE.y <= y + height;
}
