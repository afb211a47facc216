// Errors of running: a compute rejects with one of these.
import { NdloomError, type ErrorDetails } from "./ndloom-error.js";

/** A compute that cannot fit into its memory; nothing was started. */
export class MemoryPlanError extends NdloomError {
  static override readonly className: string = "MemoryPlanError";
  /** Bytes that must be held at once. */
  readonly neededBytes: number;
  /** Bytes that may be held at once. */
  readonly limitBytes: number;
  /** The layer that needs most, as `visualize` shows it: an array's `name`. */
  readonly layer: string;
  /** The loop nest that makes it, as `explain()` shows it. */
  readonly stage: string;
  /** Bytes of the largest block that the layer needs in one piece. */
  readonly largestBytes: number;

  constructor(message: string, details: ErrorDetails & { neededBytes: number; limitBytes: number; layer: string; stage: string; largestBytes: number }) {
    super(message, { code: "ERR_PLAN_MEMORY", ...details });
    this.neededBytes = details.neededBytes;
    this.limitBytes = details.limitBytes;
    this.layer = details.layer;
    this.stage = details.stage;
    this.largestBytes = details.largestBytes;
  }
}

/** A task that failed, with the error underneath as `cause`. */
export class TaskError extends NdloomError {
  static override readonly className: string = "TaskError";
  /** The key of the block, as the graph shows it. */
  readonly key: string;
  /** The block's index; empty when the task belongs to no single block. */
  readonly block: readonly number[];
  /** The layer of the task. */
  readonly layer: string;

  constructor(message: string, details: ErrorDetails & { key: string; block: readonly number[]; layer: string }) {
    super(message, { code: "ERR_TASK", ...details });
    this.key = details.key;
    this.block = details.block;
    this.layer = details.layer;
  }
}

/** A native kernel that found its data wrong, such as an index array that is out of bounds. */
export class KernelError extends NdloomError {
  static override readonly className: string = "KernelError";
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: "ERR_KERNEL", ...details });
  }
}

/** A file or store that could not be read or written. */
export class StorageError extends NdloomError {
  static override readonly className: string = "StorageError";
  /** Where it lies, when it is known. */
  readonly path?: string;
  /** The layer that was at it, when a compute was running. */
  readonly layer?: string;

  constructor(message: string, details: ErrorDetails & { path?: string | undefined; layer?: string } = {}) {
    super(message, { code: "ERR_STORAGE", ...details });
    if (details.path !== undefined) this.path = details.path;
    if (details.layer !== undefined) this.layer = details.layer;
  }
}

/** A compute that its signal (`ERR_CANCELLED`) or its time limit (`ERR_TIMEOUT`) ended. */
export class CancelledError extends NdloomError {
  static override readonly className: string = "CancelledError";
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: "ERR_CANCELLED", ...details });
  }
}

/** Use of a client or engine after it was shut down. */
export class ClosedError extends NdloomError {
  static override readonly className: string = "ClosedError";
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: "ERR_CLOSED", ...details });
  }
}

/** Use of a value after it was disposed of. */
export class DisposedError extends NdloomError {
  static override readonly className: string = "DisposedError";
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: "ERR_DISPOSED", ...details });
  }
}

/** The native addon is missing (`ERR_NATIVE_MISSING`), does not open (`ERR_NATIVE_LOAD`) or refused what it was given (`ERR_NATIVE`, `ERR_PLAN_INVALID`). */
export class NativeError extends NdloomError {
  static override readonly className: string = "NativeError";
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: "ERR_NATIVE", ...details });
  }
}
