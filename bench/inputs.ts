/**
 * Fills an array with murmur3's finaliser over the flat index, from `start` on, as reals in [-0.5, 0.5): the inputs of every benchmark, in
 * every language.
 */
export function hashed<T extends Float64Array | Float32Array>(out: T, seed: number, nan = false, start = 0): T {
  for (let i = 0, n = out.length; i < n; i++) {
    let h = (Math.imul(start + i, 0x9e3779b1) + seed) | 0;
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    const v = ((h ^ (h >>> 16)) >>> 0) / 4294967296 - 0.5;
    out[i] = nan && v > 0.4 ? NaN : v;
  }
  return out;
}
