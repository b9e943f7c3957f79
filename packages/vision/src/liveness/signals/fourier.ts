/**
 * In-place complex FFT of a power-of-two length over `re` and `im`, starting at `offset` and stepping by `stride`
 * (iterative radix 2, Cooley and Tukey 1965).
 */
function fft(re: Float64Array, im: Float64Array, offset: number, stride: number, length: number): void {
  for (let i = 1, j = 0; i < length; i++) {
    let bit = length >> 1;
    for (; (j & bit) !== 0; bit >>= 1) {
      j ^= bit;
    }
    j |= bit;
    if (i < j) {
      swap(re, offset + i * stride, offset + j * stride);
      swap(im, offset + i * stride, offset + j * stride);
    }
  }
  for (let span = 2; span <= length; span <<= 1) {
    const angle = (-2 * Math.PI) / span;
    const half = span >> 1;
    for (let k = 0; k < half; k++) {
      const wr = Math.cos(angle * k);
      const wi = Math.sin(angle * k);
      for (let start = k; start < length; start += span) {
        const a = offset + start * stride;
        const b = a + half * stride;
        const br = re[b] ?? 0;
        const bi = im[b] ?? 0;
        const tr = br * wr - bi * wi;
        const ti = br * wi + bi * wr;
        const ar = re[a] ?? 0;
        const ai = im[a] ?? 0;
        re[b] = ar - tr;
        im[b] = ai - ti;
        re[a] = ar + tr;
        im[a] = ai + ti;
      }
    }
  }
}

function swap(values: Float64Array, i: number, j: number): void {
  const kept = values[i] ?? 0;
  values[i] = values[j] ?? 0;
  values[j] = kept;
}

/**
 * The power spectra of two real size x size pictures (size a power of two) from one complex transform: for
 * z = a + ib, A(k) = (Z(k) + conj Z(-k)) / 2 and B(k) = (Z(k) - conj Z(-k)) / 2i. Bin (0, 0) is the mean.
 */
export function powerSpectra(
  first: Float64Array,
  second: Float64Array,
  size: number,
): { first: Float64Array; second: Float64Array } {
  const re = Float64Array.from(first);
  const im = Float64Array.from(second);
  for (let y = 0; y < size; y++) {
    fft(re, im, y * size, 1, size);
  }
  for (let x = 0; x < size; x++) {
    fft(re, im, x, size, size);
  }
  const powerA = new Float64Array(size * size);
  const powerB = new Float64Array(size * size);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const k = y * size + x;
      const mirrored = ((size - y) % size) * size + ((size - x) % size);
      const zr = re[k] ?? 0;
      const zi = im[k] ?? 0;
      const mr = re[mirrored] ?? 0;
      const mi = -(im[mirrored] ?? 0);
      powerA[k] = ((zr + mr) ** 2 + (zi + mi) ** 2) / 4;
      powerB[k] = ((zr - mr) ** 2 + (zi - mi) ** 2) / 4;
    }
  }
  return { first: powerA, second: powerB };
}
