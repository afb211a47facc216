const HUGE_PAGE = 2 ** 21;

/** What a block of so many bytes takes from the pool: eight sizes for each doubling, whole huge pages from 2 MiB on (native/runtime/memory_pool.cc). */
export function blockBytes(bytes: number): number {
  const size = Math.max(bytes, 64);
  const power = 2 ** Math.floor(Math.log2(size));
  const step = Math.max(power / 8, power >= HUGE_PAGE ? HUGE_PAGE : 64);
  return Math.ceil(size / step) * step;
}
