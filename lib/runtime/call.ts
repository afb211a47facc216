import { parseBytes } from "../core/bytes.js";
import { OptionError } from "../errors/index.js";
import { Ending } from "./ending.js";
import type { Engine } from "./engine.js";
import type { ComputeOptions, OwnOptions } from "./options.js";
import { type RunState, runsOf } from "./runs.js";
import { Urgency } from "./urgency.js";

/** One compute on its way: its options, checked, what may end it, and what it holds. */
export class Call implements Disposable {
  readonly urgency: Urgency;
  readonly limitBytes: number;
  readonly state: RunState;
  /** Whether the compute has succeeded; it has failed, or was cancelled, unless this is set. */
  succeeded = false;
  readonly #ending: Ending;
  readonly #kept: number[] = [];

  constructor(readonly options: OwnOptions, readonly engine: Engine) {
    this.urgency = options.urgency ?? new Urgency(priorityOf(options));
    const { memoryLimit } = options;
    const limit = memoryLimit === undefined ? engine.memoryLimitBytes : parseBytes(memoryLimit, "compute");
    if (!(limit > 0)) throw new OptionError(`compute: expected a memoryLimit > 0, got ${String(memoryLimit)}`, { option: "memoryLimit", received: memoryLimit });
    this.limitBytes = Math.min(limit, engine.memoryLimitBytes);
    this.#ending = new Ending(options, engine);
    this.state = runsOf(engine).start(engine.nextRun(), options.label ?? "");
  }

  get signal(): AbortSignal {
    return this.#ending.signal;
  }
  /** Throws when the compute has been cancelled. */
  check(): void {
    this.#ending.check();
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
    this.#ending[Symbol.dispose]();
    this.letGo();
    runsOf(this.engine).end(this.state, this.succeeded ? "done" : this.signal.aborted ? "cancelled" : "failed");
  }
}

/** @throws {OptionError} when it is no priority. */
export function priorityOf({ priority = 0 }: ComputeOptions): number {
  const value = priority === "interactive" ? 1 : priority === "batch" ? -1 : priority;
  if (!Number.isFinite(value)) {
    throw new OptionError(`compute: expected "interactive", "batch" or a finite number as priority, got ${String(priority)}`, { option: "priority", received: priority });
  }
  return value;
}
