import { parseBytes } from "../core/bytes.js";
import { CancelledError, OptionError } from "../errors/index.js";
import type { ComputeOptions } from "./options.js";

/** One compute's options, checked, with its signal and its time limit as one signal. */
export class Call implements Disposable {
  readonly signal: AbortSignal;
  readonly priority: number;
  readonly limitBytes: number;
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #abort = new AbortController();
  readonly #forward = (): void => this.#abort.abort(new CancelledError("compute: the signal aborted it", { cause: this.options.signal!.reason }));

  constructor(readonly options: ComputeOptions, engineLimit: number) {
    const { signal, timeoutMs, memoryLimit, priority = 0 } = options;
    if (signal !== undefined && !(signal instanceof AbortSignal)) throw new OptionError(`compute: expected an AbortSignal as signal, got ${typeof signal}`, { option: "signal", received: signal });
    if (timeoutMs !== undefined && !(timeoutMs >= 0)) throw new OptionError(`compute: expected timeoutMs ≥ 0, got ${timeoutMs}`, { option: "timeoutMs", received: timeoutMs });
    this.priority = priority === "interactive" ? 1 : priority === "batch" ? -1 : priority;
    if (typeof this.priority !== "number" || Number.isNaN(this.priority)) {
      throw new OptionError(`compute: expected "interactive", "batch" or a number as priority, got ${String(priority)}`, { option: "priority", received: priority });
    }
    const limit = memoryLimit === undefined ? engineLimit : parseBytes(memoryLimit, "compute");
    if (!(limit > 0)) throw new OptionError(`compute: expected a memoryLimit > 0, got ${String(memoryLimit)}`, { option: "memoryLimit", received: memoryLimit });
    this.limitBytes = Math.min(limit, engineLimit);
    this.signal = this.#abort.signal;
    if (signal?.aborted) this.#forward();
    else signal?.addEventListener("abort", this.#forward, { once: true });
    if (timeoutMs !== undefined && timeoutMs !== Infinity) {
      this.#timer = setTimeout(() => this.#abort.abort(new CancelledError(`compute: not done after timeoutMs ${timeoutMs}`, { code: "ERR_TIMEOUT" })), timeoutMs);
    }
  }

  /** Slots that the engine keeps until the compute ends: what masks have selected. */
  readonly kept: number[] = [];

  /** Throws when the compute has been cancelled. */
  check(): void {
    if (this.signal.aborted) throw this.signal.reason;
  }
  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.options.signal?.removeEventListener("abort", this.#forward);
  }
}
