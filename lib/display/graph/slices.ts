import { setImmediate } from "node:timers/promises";

/** How long the event loop may have to wait for us. */
const SLICE_MS = 8;

/** Calls back for 0 to n - 1, and lets other work in between. */
export async function inSlices(n: number, visit: (i: number) => void): Promise<void> {
  let until = performance.now() + SLICE_MS;
  for (let i = 0; i < n; i++) {
    visit(i);
    if ((i & 63) !== 63 || performance.now() < until) continue;
    await setImmediate();
    until = performance.now() + SLICE_MS;
  }
}
