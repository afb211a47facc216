// What reducers leave: partial results, how they are merged, and where they go.
import { type DType, dtypeIndex } from "../core/dtype.js";
import { contiguousStrides } from "../core/shape.js";
import type { Expr } from "../expr/expr.js";
import { REDUCERS, type ReducerKind } from "../expr/reduce.js";
import type { Emitter } from "./emit.js";
import { type Box, extents } from "./grid.js";
import type { Slot } from "./plan.js";
import { REDUCER_INDEX, type Template } from "./program.js";
import type { Stored } from "./stored.js";
import { Words } from "./words.js";

export interface Reducer {
  readonly kind: ReducerKind;
  readonly input: Expr;
  /** One stored array for each field; only some of them are read. */
  readonly fields: readonly Stored[];
}

/** The dtypes of a reducer's fields. */
export const fieldDTypes = (kind: ReducerKind, loop: DType): DType[] => REDUCERS[kind].map((d) => (d === "loop" ? loop : d));

/** C-order strides over some of the axes, 0 on the others. */
export function stridesOver(shape: readonly number[], axes: readonly number[]): number[] {
  const strides = shape.map(() => 0);
  let stride = 1;
  for (let i = axes.length - 1; i >= 0; i--) {
    strides[axes[i]!] = stride;
    stride *= shape[axes[i]!]!;
  }
  return strides;
}

/** Tells whether a box's elements lie side by side in an array of that shape. */
export function isContiguous(box: Box, shape: readonly number[]): boolean {
  const size = extents(box);
  const first = size.findIndex((n) => n > 1);
  return first < 0 || size.every((n, axis) => axis <= first || n === shape[axis]);
}

/** Loads every field of every reducer and merges them. */
export function mergeProgram(reducers: readonly Reducer[]): Template {
  const fields = reducers.map((r) => fieldDTypes(r.kind, r.input.dtype));
  const all = fields.flat();
  const words = new Words(64);
  words.pushAll([0, all.length, 0, 0, 0, 0, reducers.length, all.length, ...all.map(dtypeIndex), ...all.map(() => 0)]);
  let register = 0;
  reducers.forEach((r, i) => {
    words.pushAll([REDUCER_INDEX.get(r.kind)!, dtypeIndex(r.input.dtype), 1, fields[i]!.length, ...fields[i]!.map(() => register++)]);
  });
  words.set(0, words.length);
  return { words: words.finish(), text: "merge", loads: [], generators: [], stores: 0, reducers: reducers.length, cost: 1 };
}

/** Copies a contiguous piece to where it belongs. */
export function emitCopy(
  emitter: Emitter, layer: number, dtype: DType, from: Slot, shape: readonly number[], to: Slot, offset: number, strides: readonly number[],
): void {
  const program = emitter.copyProgram(dtype);
  emitter.addTask(layer, 0, 0, [to], (words, reader) => {
    words.pushAll([program, 0, 1, shape.length, ...shape, reader.slotId(from), 0, ...contiguousStrides(shape), to.id, offset, ...strides]);
  });
}
