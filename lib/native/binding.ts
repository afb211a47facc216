/** How an engine is set up. */
export interface EngineOptions {
  /** Workers, 1 to 256. */
  readonly threads: number;
  /** Bytes that all blocks together may take. Imported buffers do not count, nor do exported ones. */
  readonly memoryLimitBytes: number;
  /** Instruction set of the kernels, one of {@link Addon.isas}; the fastest when it is not given. */
  readonly isa?: string | undefined;
  /** Where the kernel libraries lie. */
  readonly kernelDirectory: string;
  /** Added to the niceness of the process for workers, 0 to 19, so that the event loop stays responsive. */
  readonly niceness: number;
  /** Whether to record who ran what and when, for {@link NativeEngine.takeTrace}. */
  readonly trace: boolean;
}

/** What an engine holds and has done. Bytes are of blocks; `bytesInUse` and `bytesPeak` leave out exported and imported memory. */
export interface EngineStats {
  readonly bytesInUse: number;
  readonly bytesPeak: number;
  /** Idle blocks kept warm for reuse. */
  readonly bytesPooled: number;
  /** In ArrayBuffers that JavaScript has not collected yet. */
  readonly bytesExported: number;
  readonly bytesImported: number;
  /** In spill files now, and all that was ever written there. */
  readonly bytesSpilled: number;
  readonly bytesSpilledTotal: number;
  /** What tasks read from files and wrote to them; spill files do not count. */
  readonly bytesRead: number;
  readonly bytesWritten: number;
  /** Imported and kept ones. */
  readonly slots: number;
  readonly runs: number;
  readonly tasksRun: number;
  readonly tasksReady: number;
  readonly tasksRunning: number;
  /** Time that workers have spent on tasks. */
  readonly busyNs: number;
  /** The same, by worker. */
  readonly workerBusyNs: Float64Array;
  readonly threads: number;
}

/** Why a run failed. */
export interface NativeFailure {
  readonly code: "ERR_PLAN_INVALID" | "ERR_MEMORY" | "ERR_INDEX" | "ERR_KERNEL" | "ERR_SAMPLE" | "ERR_STORAGE" | "ERR_SPILL_LIMIT";
  readonly message: string;
  /** The layer and the task (in plan order) where it failed, or -1. */
  readonly layer: number;
  readonly task: number;
}

export type NativeRunState = "running" | "done" | "failed" | "cancelled";

/**
 * Told of a run's progress at most every 4 ms, and once when it has ended.
 * @param done the weight of the ended tasks, by layer; a copy.
 * @param failure null unless the state is "failed".
 */
export type RunListener = (state: NativeRunState, done: Float64Array, failure: NativeFailure | null) => void;

export interface RunOptions {
  /** Names the run in the trace. */
  readonly id: number;
  /** Bytes that the run's slots, and its tasks while they run, may take at once. */
  readonly limitBytes: number;
  /** Higher ones go first; equal ones share the time. */
  readonly priority: number;
  /** How many layers its tasks count towards, at least 1. */
  readonly layers: number;
  /** Where blocks may be put aside, in a file without a name that ends with the run, and how many bytes at once; else no task may spill. */
  readonly spill?: { readonly directory: string; readonly limitBytes: number } | null;
}

/** A plan on its way. The process lives on until it has ended. */
export interface NativeRun {
  /** Hands over a batch (docs/plan-format.md), which is copied. Ignored when the run has ended. */
  submit(batch: ArrayBuffer): void;
  /** No batch will follow: the run ends when its tasks have. */
  seal(): void;
  /** Ends the run soon; its listener hears "cancelled". Nothing happens when it has ended. */
  cancel(): void;
  /** Who goes first from now on; see {@link RunOptions.priority}. */
  setPriority(priority: number): void;
}

/** Runs plans on threads of its own. No call takes longer than a millisecond. */
export interface NativeEngine {
  /** The instruction set that its kernels use. */
  readonly isa: string;
  /**
   * Lets plans read a buffer as slot `id`, without copying; it is referenced until it has been released and the last run that reads it has ended.
   * It must not be transferred or changed meanwhile.
   */
  importBuffer(id: number, view: ArrayBufferView | ArrayBuffer): void;
  /**
   * Lets plans read the file at `path`, and write it too when `write` is set; the first task that does opens it, and it must exist then. It is closed
   * when it has been released and the last run that uses it has ended.
   */
  importFile(id: number, path: string, options: { readonly write: boolean }): void;
  /** Takes a kept slot out of the engine, without copying. Its memory returns to the engine's pool when the buffer is collected. */
  exportSlot(id: number): ArrayBuffer;
  /** The memory of a kept slot, which stays in the engine until released: it must not be written. Once for a slot, for V8 wants its buffers apart. */
  shareSlot(id: number): ArrayBuffer;
  /** Forgets imported and kept slots, and files. Unknown ids are skipped, since a failed run has freed its own. */
  release(ids: Float64Array): void;
  createRun(options: RunOptions, onEvent: RunListener): NativeRun;
  stats(): EngineStats;
  /** What has run since the last call, the latest 65536 tasks: worker, run, layer, start and end in ns, bytes written; six numbers each. */
  takeTrace(): Float64Array;
  /** Cancels all runs and frees all slots. */
  close(): void;
}

/** What the addon exports. */
export interface Addon {
  readonly Engine: new (options: EngineOptions) => NativeEngine;
  /** The C library's function; V8's own may differ in the last bit. */
  libm(op: "pow", x: number, y: number): number;
  libm(op: "log" | "exp", x: number): number;
  /** Instruction sets that this CPU can run and that `kernelDirectory` holds, the fastest first. */
  isas(kernelDirectory: string): string[];
}
