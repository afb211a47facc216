// What reducers leave: partial results, how they are merged, and where they go.
import { type DType, dtypeIndex, itemsize } from "../core/dtype.js";
import { contiguousStrides } from "../core/shape.js";
import type { Expr } from "../expr/expr.js";
import { REDUCERS, type Reduce, type ReducerKind } from "../expr/reduce.js";
import type { Emitter } from "./emit.js";
import type { Fusion } from "./fusion.js";
import { type Box, cellBox, cellCount, cellsPerAxis, extents, type Grid, indices, volume } from "./grid.js";
import type { Slot } from "./plan.js";
import { REDUCER_INDEX, type Template } from "./program.js";
import type { ReduceTarget } from "./segments.js";
import { MERGED_AT_ONCE, MOST_KEPT } from "./sizes.js";
import type { Stage } from "./stage.js";
import { Stored } from "./stored.js";
import { Words } from "./words.js";

interface Reducer {
  readonly kind: ReducerKind;
  readonly input: Expr;
  /** One stored array for each field; only some of them are read. */
  readonly fields: readonly Stored[];
}

/** Elements of a field, side by side. */
export interface Place {
  readonly slot: Slot;
  readonly offset: number;
}

/** Where the fields of a cell of kept elements go. */
export interface Targets {
  /** Elements of the cell. */
  readonly capacity: number;
  readonly places: readonly Place[];
  /** Emits what brings them there, when the places have been filled. */
  finish(): void;
}

/** The reducers that fold the same axes of a domain, and their results. */
export class FoldResults {
  readonly reducers: Reducer[] = [];
  readonly kept: readonly number[];
  #keptGrid!: Grid;
  #layer = -1;
  #mergeLayer = -1;
  #mergeProgram: number | undefined;

  constructor(readonly axes: readonly number[], readonly domain: readonly number[], readonly stage: Stage) {
    this.kept = domain.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  }

  /** The stored array of a node's field; nodes that differ in the field only share a reducer. */
  add(node: Reduce, whole: boolean): Stored {
    const input = node.inputs[0]!;
    let reducer = this.reducers.find((r) => r.kind === node.reducer && r.input.token === input.token);
    if (reducer === undefined) {
      const fields = fieldDTypes(node.reducer, input.dtype).map((dtype) => new Stored(node.shape, dtype, this.stage, false));
      this.reducers.push((reducer = { kind: node.reducer, input, fields }));
    }
    const stored = reducer.fields[node.field]!;
    stored.whole ||= whole;
    return stored;
  }

  /** Of all reducers, once the last has been added. */
  get fields(): readonly Stored[] {
    return (this.#fields ??= this.reducers.flatMap((r) => r.fields));
  }
  #fields: readonly Stored[] | undefined;
  get name(): string {
    return this.reducers.map((r) => r.kind).join(" and ");
  }

  /** @param parts that each cell of kept elements is folded in. @param layer of the tasks that fold. */
  prepare(grid: Grid, parts: number, layer: number, emitter: Emitter): void {
    this.#layer = layer;
    this.#keptGrid = this.kept.map((axis) => grid[axis]!);
    for (const stored of this.fields) if (!stored.whole) stored.grid = this.#keptGrid;
    if (parts === 1) return;
    const cellShape = extents(cellBox(this.#keptGrid, this.#keptGrid.map(() => 0)));
    this.#mergeLayer = emitter.addLayer(`merge ${this.name}`, cellCount(this.#keptGrid), [parts, ...cellShape]);
  }

  /** The cells of kept elements that a block of a stored field is made of. */
  *cellsOf(stored: Stored, block: readonly number[]): Generator<readonly number[]> {
    if (!stored.whole) yield block;
    else for (const cell of indices(cellsPerAxis(this.#keptGrid))) yield cell.slice();
  }

  /** Where the positions of a box of the domain stand in the state. */
  state(box: Box): ReduceTarget {
    return { keptStrides: stridesOver(extents(box), this.kept), indexFirst: 0, indexSteps: (this.#indexSteps ??= stridesOver(this.domain, this.axes)) };
  }
  #indexSteps: readonly number[] | undefined;

  targets(cell: readonly number[], emitter: Emitter): Targets {
    const box = cellBox(this.#keptGrid, cell);
    const targets = this.fields.map((stored) => this.#target(stored, cell, box, emitter));
    return { capacity: volume(box), places: targets, finish: () => targets.forEach((t) => t.copy?.()) };
  }

  /** Where a field's elements of a cell go: into their block, or beside it when they do not lie side by side there. */
  #target(stored: Stored, cell: readonly number[], box: Box, emitter: Emitter): Place & { copy?: () => void } {
    const layer = this.#mergeLayer < 0 ? this.#layer : this.#mergeLayer;
    if (!stored.whole) return { slot: emitter.blockSlot(stored, cell, layer), offset: 0 };
    const slot = emitter.blockSlot(stored, cell.map(() => 0), layer);
    const strides = contiguousStrides(stored.shape);
    const offset = box.low.reduce((n, x, axis) => n + x * strides[axis]!, 0);
    if (isContiguous(box, stored.shape)) return { slot, offset };
    const beside = emitter.slot(volume(box) * itemsize(stored.dtype), layer);
    return { slot: beside, offset: 0, copy: () => emitCopy(emitter, layer, stored.dtype, beside, extents(box), slot, offset, strides) };
  }

  /** Room for partial results: for each field `parts` times the elements of a cell. */
  partials(parts: number, capacity: number, emitter: Emitter): Slot[] {
    return this.fields.map((stored) => emitter.slot(parts * capacity * itemsize(stored.dtype), this.#layer));
  }

  /** Merges partial results, in their order. */
  merge(parts: number, capacity: number, partials: readonly Slot[], places: readonly Place[], emitter: Emitter): void {
    const program = (this.#mergeProgram ??= emitter.addProgram(mergeProgram(this.reducers)));
    emitter.addTask(this.#mergeLayer, 0, parts * capacity, slotsOf(places), (words, reader) => {
      words.pushAll([program, capacity, ...places.flatMap((p) => [p.slot.id, p.offset]), 1]);
      words.pushAll([2, parts, capacity]);
      for (const slot of partials) words.pushAll([reader.slotId(slot), 0, capacity, 1]);
      words.pushAll([0, 0, 1, 0, 0, 0]);
    });
  }
}

/** How many of `count` parts are merged with each other before the rest: full groups, so that they are few. */
export function partsOfGroup(count: number): number {
  let each = 1;
  while (each * MERGED_AT_ONCE < count) each *= MERGED_AT_ONCE;
  return each;
}

/** Each once. */
export const slotsOf = (places: readonly Place[]): Slot[] => places.map((p) => p.slot).filter((slot, i, all) => all.indexOf(slot) === i);

/** The blocks of an operand that is stored so, where the states of all folds of one are small: each is then folded when it is there, and goes. */
export function alignedCells(fusion: Fusion, folds: readonly FoldResults[]): Grid | undefined {
  const blocks = fusion.alignedGrid();
  if (blocks === undefined) return undefined;
  const kept = (fold: FoldResults): number => fold.kept.reduce((n, axis) => n * (blocks[axis]![1]! - blocks[axis]![0]!), 1);
  return folds.every((fold) => kept(fold) <= MOST_KEPT) ? blocks : undefined;
}

/** The dtypes of a reducer's fields. */
const fieldDTypes = (kind: ReducerKind, loop: DType): DType[] => REDUCERS[kind].map((d) => (d === "loop" ? loop : d));

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
function isContiguous(box: Box, shape: readonly number[]): boolean {
  const size = extents(box);
  const first = size.findIndex((n) => n > 1);
  return first < 0 || size.every((n, axis) => axis <= first || n === shape[axis]);
}

/** Loads every field of every reducer and merges them. */
function mergeProgram(reducers: readonly Reducer[]): Template {
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
function emitCopy(
  emitter: Emitter, layer: number, dtype: DType, from: Slot, shape: readonly number[], to: Slot, offset: number, strides: readonly number[],
): void {
  const program = emitter.copyProgram(dtype);
  emitter.addTask(layer, 0, 0, [to], (words, reader) => {
    words.pushAll([program, 0, 1, shape.length, ...shape, reader.slotId(from), 0, ...contiguousStrides(shape), to.id, offset, ...strides]);
  });
}
