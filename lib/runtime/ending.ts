import { CancelledError, OptionError } from "../errors/index.js";
import type { Engine } from "./engine.js";
import type { ComputeOptions } from "./options.js";
import { whenAborted } from "./when-aborted.js";

/** What a timer can wait at most: 25 days. */
const LONGEST_MS = 2 ** 31 - 1;

/** One signal of all that may end a compute before it is done: the caller's, its time limit, its engine's end. */
export class Ending implements Disposable {
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #abort = new AbortController();
  readonly #ignore: (() => void)[];

  constructor({ signal, timeoutMs }: ComputeOptions, readonly engine: Engine) {
    engine.check();
    if (signal !== undefined && !(signal instanceof AbortSignal)) throw new OptionError(`compute: expected an AbortSignal as signal, got ${typeof signal}`, { option: "signal", received: signal });
    if (timeoutMs !== undefined && !(timeoutMs >= 0)) throw new OptionError(`compute: expected timeoutMs ≥ 0, got ${timeoutMs}`, { option: "timeoutMs", received: timeoutMs });
    this.#ignore = [
      whenAborted(engine.closing, () => this.#abort.abort(engine.closing.reason)),
      ...(signal === undefined ? [] : [whenAborted(signal, () => this.#abort.abort(new CancelledError("compute: the signal aborted it", { cause: signal.reason })))]),
    ];
    engine.enter();
    if (timeoutMs !== undefined && timeoutMs !== Infinity) {
      this.#timer = setTimeout(() => this.#abort.abort(new CancelledError(`compute: not done after timeoutMs ${timeoutMs}`, { code: "ERR_TIMEOUT" })), Math.min(timeoutMs, LONGEST_MS));
    }
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }
  /** Throws when the compute has been cancelled. */
  check(): void {
    if (this.signal.aborted) throw this.signal.reason;
  }
  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    for (const ignore of this.#ignore) ignore();
    this.engine.leave();
  }
}
