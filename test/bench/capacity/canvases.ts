import sharp from 'sharp';

/** Photos of one size with so many faces. */
export interface PhotoKind {
  readonly width: number;
  readonly height: number;
  readonly faces: number;
}

export function megapixelsOf({ width, height }: PhotoKind): number {
  return (width * height) / 1e6;
}

/** Grey canvases with single faces side by side, each canvas with others: what a photo costs depends on both. */
export function canvases(kind: PhotoKind, faces: readonly Buffer[], count: number): Promise<Buffer[]> {
  return Promise.all(
    Array.from({ length: count }, (_, index) => {
      const chosen = Array.from({ length: kind.faces }, (__, place) => {
        const face = faces[(index * kind.faces + place) % faces.length];
        if (face === undefined) {
          throw new Error('there are no faces to put on the canvas');
        }
        return face;
      });
      return canvas(kind, chosen);
    }),
  );
}

async function canvas({ width, height }: PhotoKind, faces: readonly Buffer[]): Promise<Buffer> {
  const columns = Math.max(1, Math.ceil(Math.sqrt(faces.length)));
  const rows = Math.max(1, Math.ceil(faces.length / columns));
  const cell = { width: Math.floor(width / columns), height: Math.floor(height / rows) };
  const side = Math.min(cell.width, cell.height, 240);
  const tiles = await Promise.all(
    faces.map(async (face, index) => ({
      input: await sharp(face).resize({ width: side, height: side, fit: 'inside' }).toBuffer(),
      left: (index % columns) * cell.width,
      top: Math.floor(index / columns) * cell.height,
    })),
  );
  return sharp({ create: { width, height, channels: 3, background: { r: 118, g: 121, b: 124 } } })
    .composite(tiles)
    .jpeg({ quality: 92 })
    .toBuffer();
}
