import type { DType } from "../core/dtype.js";
import type { BufferSource } from "../expr/buffer.js";
import type { FileSource } from "../expr/file.js";

/** A block's memory. */
export interface Slot {
  readonly id: number;
  readonly bytes: number;
  /** Kept after the run: a result. */
  keep: boolean;
  writers: number;
  readers: number;
  /** What it holds, for messages: the layer that makes it. */
  readonly layer: number;
}

/** A program in words (docs/plan-format.md), and what explain() tells of it. */
export interface Program {
  readonly words: Float64Array;
  readonly text: string;
  /** What is wrong when an index that it reads is out of bounds, if that is more than an index. */
  readonly complaint?: string | undefined;
}

/** What a task does (docs/plan-format.md). */
export const TASK_KINDS = { tile: 0, kernel: 1, readFile: 2, writeFile: 3, spillOut: 4, spillIn: 5 } as const;
export type TaskKind = (typeof TASK_KINDS)[keyof typeof TASK_KINDS];

export interface Task {
  readonly layer: number;
  readonly weight: number;
  readonly kind: TaskKind;
  /** Where its words (those after `words kind layer weight`, docs/plan-format.md) lie in the plan's. */
  readonly start: number;
  readonly end: number;
  /** Slots it writes and reads, each once; buffers of the user's are not among them. */
  readonly writes: readonly Slot[];
  readonly reads: readonly Slot[];
  /** Slots that its words name and that others stand for: what was spilled and read back is in another slot. */
  readonly renames?: readonly (readonly [Slot, Slot])[];
}

/** The tasks of one stage, for progress and explain(). */
export interface Layer {
  readonly name: string;
  cells: number;
  readonly cellShape: readonly number[];
  readonly complaint: string | undefined;
  weight: number;
}

export interface Output {
  readonly slot: Slot;
  readonly dtype: DType;
  readonly shape: readonly number[];
}

/** What one cell of a selection found: `count` rows (int64) of `width` elements, at the start of `found`. */
export interface SelectionPart {
  readonly found: Slot;
  readonly count: Slot;
  readonly width: number;
}

/** Everything that a run needs, as data. */
export interface Plan {
  readonly slots: readonly Slot[];
  readonly programs: readonly Program[];
  readonly tasks: readonly Task[];
  readonly words: Float64Array;
  readonly layers: readonly Layer[];
  /** In the order asked for. */
  readonly outputs: readonly Output[];
  /** For each selection asked for, its parts in order. */
  readonly selections: readonly (readonly SelectionPart[])[];
  readonly buffers: readonly BufferSource[];
  readonly files: readonly FileSource[];
  /** Bytes held at once when tasks run one after the other, and the largest block that there is then. */
  readonly peakBytes: number;
  readonly largest: Slot | undefined;
  /** The name of the array for which a layer works, as its graph shows it; unknown where it is nobody's. It takes a walk over all of the expressions. */
  readonly arrayOf: (layer: number) => string | undefined;
  /** The most that one task allocates. */
  readonly taskBytes: number;
  /** Bytes in spill files at once; 0 when all fits. */
  readonly spillBytes: number;
  /** Of memory once, of files as often as they are read. */
  readonly readBytes: number;
}
