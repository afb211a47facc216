/** `count` times in milliseconds, from 0 to `most`, the same for the same seed. */
export function randomMoments(seed: number, count: number, most: number): number[] {
  let state = seed >>> 0 || 1;
  return Array.from({ length: count }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return ((state >>> 0) / 2 ** 32) * most;
  });
}
