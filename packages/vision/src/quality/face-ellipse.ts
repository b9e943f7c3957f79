/** Half the axes of the ellipse, as shares of the raster: features, not the outline of the face. */
const ELLIPSE = { across: 0.31, down: 0.37 } as const;

/**
 * The middle of the face on its raster: first and last column in each row, in turn; an empty row has the last before
 * the first.
 */
export function ellipseSpans(width: number, height: number): Int32Array {
  const spans = new Int32Array(height * 2);
  for (let row = 0; row < height; row++) {
    const v = (row - (height - 1) / 2) / (ELLIPSE.down * height);
    const reach = v * v < 1 ? Math.sqrt(1 - v * v) * ELLIPSE.across * width : -1;
    spans[row * 2] = Math.ceil((width - 1) / 2 - reach);
    spans[row * 2 + 1] = Math.floor((width - 1) / 2 + reach);
  }
  return spans;
}
