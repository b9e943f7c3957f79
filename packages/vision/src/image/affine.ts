/**
 * A map of the plane: (x, y) -> (a x + b y + c, d x + e y + f).
 */
export interface Affine {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly e: number;
  readonly f: number;
}

export function mapPoint(t: Affine, x: number, y: number): { x: number; y: number } {
  return { x: t.a * x + t.b * y + t.c, y: t.d * x + t.e * y + t.f };
}

/** The map that undoes `t`. */
export function invert(t: Affine): Affine {
  const determinant = t.a * t.e - t.b * t.d;
  const a = t.e / determinant;
  const b = -t.b / determinant;
  const d = -t.d / determinant;
  const e = t.a / determinant;
  return { a, b, c: -(a * t.c + b * t.f), d, e, f: -(d * t.c + e * t.f) };
}

/** First `inner`, then `outer`. */
export function compose(outer: Affine, inner: Affine): Affine {
  return {
    a: outer.a * inner.a + outer.b * inner.d,
    b: outer.a * inner.b + outer.b * inner.e,
    c: outer.a * inner.c + outer.b * inner.f + outer.c,
    d: outer.d * inner.a + outer.e * inner.d,
    e: outer.d * inner.b + outer.e * inner.e,
    f: outer.d * inner.c + outer.e * inner.f + outer.f,
  };
}
