/** Tasks of one layer that a thread ran one after another: when (ms, as `performance.now()` tells), how many and how many bytes they wrote. */
export interface TaskSpan {
  readonly thread: number;
  readonly run: number;
  readonly layer: number;
  readonly startMs: number;
  endMs: number;
  tasks: number;
  bytes: number;
}

/** How long the stream remembers, and how many spans at most. */
export const STREAM_MS = 10_000;
const MOST_SPANS = 20_000;
/** Short tasks of a layer are told as one span, up to this length; a pause this long parts them. */
const SPAN_MS = 20;
const PAUSE_MS = 1;
/** Numbers of a task in an engine's trace. */
const TRACE_FIELDS = 6;

/** What threads ran lately, for many readers, who each remember how far they have read. */
export class TaskStream {
  /** The engine's clock is the monotonic one, as `process.hrtime` is. */
  readonly #clockMs = performance.now() - Number(process.hrtime.bigint()) / 1e6;
  #spans: TaskSpan[] = [];
  #forgotten = 0;

  /** Takes in an engine's trace (see NativeEngine.takeTrace). */
  add(trace: Float64Array): void {
    const last = new Map<number, TaskSpan>();
    for (let at = 0; at + TRACE_FIELDS <= trace.length; at += TRACE_FIELDS) {
      const thread = trace[at]!, run = trace[at + 1]!, layer = trace[at + 2]!;
      const startMs = trace[at + 3]! / 1e6 + this.#clockMs, endMs = trace[at + 4]! / 1e6 + this.#clockMs, bytes = trace[at + 5]!;
      const before = last.get(thread);
      if (before !== undefined && before.run === run && before.layer === layer && startMs - before.endMs < PAUSE_MS && endMs - before.startMs < SPAN_MS) {
        before.endMs = endMs;
        before.bytes += bytes;
        before.tasks++;
      } else {
        const span = { thread, run, layer, startMs, endMs, tasks: 1, bytes };
        last.set(thread, span);
        this.#spans.push(span);
      }
    }
    this.#forget();
  }
  #forget(): void {
    const oldest = performance.now() - STREAM_MS;
    let old = Math.max(0, this.#spans.length - MOST_SPANS);
    while (old < this.#spans.length && this.#spans[old]!.endMs < oldest) old++;
    if (old === 0) return;
    this.#spans = this.#spans.slice(old);
    this.#forgotten += old;
  }

  /** Where a reader is who has read everything. */
  get end(): number {
    return this.#forgotten + this.#spans.length;
  }
  /** What a reader who is at `position` has not read and is still remembered. */
  since(position: number): readonly TaskSpan[] {
    return this.#spans.slice(Math.max(0, position - this.#forgotten));
  }
}
