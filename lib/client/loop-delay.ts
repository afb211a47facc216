import { type IntervalHistogram, monitorEventLoopDelay } from "node:perf_hooks";

const RESOLUTION_MS = 20;
const WINDOW_MS = 10_000;

/** How late the event loop has been lately: it looks every so often, and forgets after ten to twenty seconds. */
export class LoopDelay {
  readonly #histogram: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  #since = performance.now();
  #before = 0;

  constructor() {
    this.#histogram.enable();
  }
  /** The 99th percentile in milliseconds. */
  get p99Ms(): number {
    // The histogram holds the times between two looks.
    const latest = this.#histogram.count === 0 ? 0 : Math.max(0, this.#histogram.percentile(99) / 1e6 - RESOLUTION_MS);
    const value = Math.max(latest, this.#before);
    if (performance.now() - this.#since > WINDOW_MS) {
      this.#histogram.reset();
      this.#since = performance.now();
      this.#before = latest;
    }
    return value;
  }
  close(): void {
    this.#histogram.disable();
  }
}
