import { parseBytes } from "../core/bytes.js";
import { CancelledError, OptionError } from "../errors/index.js";
import type { Engine } from "./engine.js";
import type { ComputeOptions } from "./options.js";
import { type RunState, runsOf } from "./runs.js";
import { whenAborted } from "./when-aborted.js";

/** One compute's options, checked; and one signal of all that may end it: the caller's, its time limit, its engine's end. */
export class Call implements Disposable {
  readonly priority: number;
  readonly limitBytes: number;
  readonly state: RunState;
  /** Whether the compute has succeeded; it has failed, or was cancelled, unless this is set. */
  succeeded = false;
  readonly #kept: number[] = [];
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #abort = new AbortController();
  readonly #ignore: (() => void)[];

  constructor(readonly options: ComputeOptions, readonly engine: Engine) {
    engine.check();
    const { signal, timeoutMs, memoryLimit, priority = 0 } = options;
    if (signal !== undefined && !(signal instanceof AbortSignal)) throw new OptionError(`compute: expected an AbortSignal as signal, got ${typeof signal}`, { option: "signal", received: signal });
    if (timeoutMs !== undefined && !(timeoutMs >= 0)) throw new OptionError(`compute: expected timeoutMs ≥ 0, got ${timeoutMs}`, { option: "timeoutMs", received: timeoutMs });
    this.priority = priority === "interactive" ? 1 : priority === "batch" ? -1 : priority;
    if (typeof this.priority !== "number" || Number.isNaN(this.priority)) {
      throw new OptionError(`compute: expected "interactive", "batch" or a number as priority, got ${String(priority)}`, { option: "priority", received: priority });
    }
    const limit = memoryLimit === undefined ? engine.memoryLimitBytes : parseBytes(memoryLimit, "compute");
    if (!(limit > 0)) throw new OptionError(`compute: expected a memoryLimit > 0, got ${String(memoryLimit)}`, { option: "memoryLimit", received: memoryLimit });
    this.limitBytes = Math.min(limit, engine.memoryLimitBytes);
    this.#ignore = [
      whenAborted(engine.closing, () => this.#abort.abort(engine.closing.reason)),
      ...(signal === undefined ? [] : [whenAborted(signal, () => this.#abort.abort(new CancelledError("compute: the signal aborted it", { cause: signal.reason })))]),
    ];
    if (timeoutMs !== undefined && timeoutMs !== Infinity) {
      this.#timer = setTimeout(() => this.#abort.abort(new CancelledError(`compute: not done after timeoutMs ${timeoutMs}`, { code: "ERR_TIMEOUT" })), timeoutMs);
    }
    this.state = runsOf(engine).start(engine.nextRun(), options.label ?? "");
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }
  /** Throws when the compute has been cancelled. */
  check(): void {
    if (this.signal.aborted) throw this.signal.reason;
  }
  /** Notes a slot that the engine keeps until the compute ends: what a mask has selected. */
  keep(id: number, bytes: number): void {
    this.#kept.push(id);
    this.engine.admission.hold(this, bytes);
  }
  /** Gives back what is kept. */
  letGo(): void {
    this.engine.release(this.#kept.splice(0));
    this.engine.admission.release(this);
  }
  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    for (const ignore of this.#ignore) ignore();
    this.letGo();
    runsOf(this.engine).end(this.state, this.succeeded ? "done" : this.signal.aborted ? "cancelled" : "failed");
  }
}
