import type { Bytes } from "../config/index.js";
import type { Urgency } from "./urgency.js";

/** How one compute is run. */
export interface ComputeOptions {
  /** Ends the compute when it aborts; the promise then rejects with a {@link CancelledError}. */
  signal?: AbortSignal;
  /** Ends the compute after so long, with a {@link CancelledError} of code `ERR_TIMEOUT`. */
  timeoutMs?: number;
  /** Bytes of blocks that this compute may hold at once; never more than the engine's limit. */
  memoryLimit?: Bytes;
  /** Who goes first when several computes run: `"interactive"` (1), `"batch"` (-1) or any number; 0 when not given. */
  priority?: "interactive" | "batch" | number;
  /** Told every few milliseconds, and at the end. */
  onProgress?: (progress: Progress) => void;
  /** A name for the dashboard. */
  label?: string;
  /** false: the expression is run as written. For tests; it costs time and memory. */
  optimizeGraph?: boolean;
}

/** What the runtime itself adds. */
export interface OwnOptions extends ComputeOptions {
  /** In place of `priority`, where others may raise it. */
  readonly urgency?: Urgency;
}

/** How far a compute is. `done` and `total` are elements of work. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly layers: readonly { readonly name: string; readonly done: number; readonly total: number }[];
  readonly bytesInMemory: number;
  readonly bytesSpilled: number;
  readonly elapsedMs: number;
}
