import { availableParallelism, totalmem } from "node:os";
import { config } from "../config/index.js";
import { ClosedError } from "../errors/index.js";
import { createEngine, type EngineStats, type NativeEngine } from "../native/index.js";
import type { Plan } from "../plan/plan.js";
import { Admission } from "./admission.js";
import type { KeptSlot } from "./kept-slot.js";
import { configuredSpill, type Spill } from "./spill.js";

export interface EngineOptions {
  readonly threads?: number;
  readonly memoryLimitBytes?: number;
  /** Where blocks may be spilled; what the configuration says when not given. */
  readonly spill?: Spill | false;
  /** Records who ran what and when, for dashboards. */
  readonly trace?: boolean;
}

/** Share of the machine's memory that blocks may take when nothing else is said. */
const MEMORY_SHARE = 0.75;

/** A pool of threads and of memory that runs plans. */
export class Engine {
  readonly threads: number;
  readonly memoryLimitBytes: number;
  readonly spill: Spill | undefined;
  readonly native: NativeEngine;
  readonly admission: Admission;
  readonly #closing = new AbortController();
  /** Aborts when the engine closes, with a ClosedError. */
  readonly closing: AbortSignal = this.#closing.signal;
  readonly #imports = new Map<number, number>();
  /** What persisted arrays keep here. */
  readonly #kept = new Map<number, WeakRef<KeptSlot>>();
  #lastRun = 0;
  #draining = false;
  #callers = 0;
  readonly #whenIdle: (() => void)[] = [];

  constructor(options: EngineOptions = {}) {
    this.threads = options.threads ?? config.get("threads") ?? availableParallelism();
    this.memoryLimitBytes = options.memoryLimitBytes ?? config.get("memory-limit") ?? Math.floor(totalmem() * MEMORY_SHARE);
    this.spill = options.spill === undefined ? configuredSpill() : options.spill || undefined;
    this.admission = new Admission(this.memoryLimitBytes);
    this.native = createEngine({
      threads: this.threads,
      memoryLimitBytes: this.memoryLimitBytes,
      isa: config.get("isa") ?? undefined,
      niceness: config.get("niceness"),
      trace: options.trace ?? false,
    });
  }

  get draining(): boolean {
    return this.#draining;
  }
  get closed(): boolean {
    return this.closing.aborted;
  }
  check(): void {
    if (this.closed) throw new ClosedError("compute: the engine has been closed", { hint: "create a new Client" });
  }
  /** Throws when no new compute is taken. */
  checkOpen(): void {
    this.check();
    if (this.#draining) throw new ClosedError("compute: the engine is shutting down", { hint: "create a new Client" });
  }
  /** Notes a caller, who is waited for before the engine ends in its own time; to be undone by `leave`. */
  enter(): void {
    this.#callers++;
  }
  leave(): void {
    if (--this.#callers === 0) this.#whenIdle.splice(0).forEach((tell) => tell());
  }
  /** Takes no new computes; resolves when those in flight have ended. */
  drain(): Promise<void> {
    this.#draining = true;
    return new Promise((resolve) => (this.#callers === 0 ? resolve() : this.#whenIdle.push(resolve)));
  }
  stats(): EngineStats {
    return this.native.stats();
  }
  nextRun(): number {
    return ++this.#lastRun;
  }

  /** Lets a plan use its buffers and files; each call is to be undone by one of `unimport`. */
  import({ buffers, files }: Pick<Plan, "buffers" | "files">): void {
    for (const buffer of buffers) {
      buffer.comeTo?.(this);
      const { id, data } = buffer;
      if (data !== undefined && !this.#kept.has(id)) this.#use(id, () => this.native.importBuffer(id, data));
    }
    for (const { id, path, writable } of files) this.#use(id, () => this.native.importFile(id, path, { write: writable }));
  }
  unimport({ buffers, files }: Pick<Plan, "buffers" | "files">): void {
    const unused = [];
    for (const { id } of [...buffers, ...files]) {
      const uses = (this.#imports.get(id) ?? 0) - 1;
      if (uses < 0) continue; // kept by the engine, not imported
      if (uses === 0) unused.push(id), this.#imports.delete(id);
      else this.#imports.set(id, uses);
    }
    this.release(unused);
  }
  #use(id: number, first: () => void): void {
    const uses = this.#imports.get(id) ?? 0;
    if (uses === 0) first();
    this.#imports.set(id, uses + 1);
  }

  /** Lets go of slots that runs have kept. */
  release(ids: readonly number[]): void {
    if (ids.length > 0 && !this.closed) this.native.release(Float64Array.from(ids));
  }

  /** Counts a slot that stays until it is let go. */
  keep(slot: KeptSlot): void {
    this.#kept.set(slot.id, new WeakRef(slot));
    this.admission.keep(slot.blockBytes);
  }
  letGo(id: number, blockBytes: number): void {
    if (!this.#kept.delete(id)) return;
    this.release([id]);
    this.admission.keep(-blockBytes);
  }

  close(): void {
    if (this.closed) return;
    // What is kept outlives the engine.
    for (const slot of this.#kept.values()) slot.deref()?.leave();
    this.#closing.abort(new ClosedError("compute: the engine was closed while it ran"));
    this.native.close();
  }
}

// The engine that computes without saying where: the last client's that is open, else one of its own for the process (for each worker_thread).
const clients: Engine[] = [];
let ownEngine: Engine | undefined;

export const currentEngine = (): Engine => clients[clients.length - 1] ?? (ownEngine ??= new Engine());
export function pushEngine(engine: Engine): void {
  clients.push(engine);
}
export function removeEngine(engine: Engine): void {
  const at = clients.lastIndexOf(engine);
  if (at >= 0) clients.splice(at, 1);
}
