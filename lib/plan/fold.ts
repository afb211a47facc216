import { itemsize } from "../core/dtype.js";
import { contiguousStrides } from "../core/shape.js";
import type { Reduce } from "../expr/reduce.js";
import type { Emitter } from "./emit.js";
import { emitCopy, fieldDTypes, isContiguous, mergeProgram, type Reducer, stridesOver } from "./fold-results.js";
import { type Box, cellBox, cellCount, cellsPerAxis, extents, type Grid, indices, volume } from "./grid.js";
import type { Slot } from "./plan.js";
import type { ReduceTarget } from "./segments.js";
import { MERGED_AT_ONCE } from "./sizes.js";
import type { Stage } from "./stage.js";
import { Stored } from "./stored.js";

interface Place {
  readonly slot: Slot;
  readonly offset: number;
}

/** A run of the parts that a cell of kept elements is folded in: merged, when all are there, into one result. */
interface Group {
  readonly first: number;
  readonly count: number;
  /** How many parts each of its own groups has. */
  readonly each: number;
  /** Where it is merged to. */
  readonly places: readonly Place[];
  /** What its groups leave, one after the other. */
  readonly partials: readonly Slot[];
  readonly groups: (Group | undefined)[];
  readonly parent: Group | undefined;
  missing: number;
}

/** A cell of kept elements. */
interface Cell {
  readonly capacity: number;
  readonly targets: readonly (Place & { readonly copy?: () => void })[];
  /** Undefined when it is folded in one part. */
  readonly root: Group | undefined;
  finished: boolean;
}

/** One of several ways in which a stage folds its domain: the axes that go, the reducers, and where their results lie. */
export class Fold {
  readonly reducers: Reducer[] = [];
  readonly kept: readonly number[];
  #keptGrid!: Grid;
  #partCounts!: readonly number[];
  #layer = -1;
  #mergeLayer = -1;
  #mergeProgram: number | undefined;
  readonly #cells = new Map<string, Cell>();

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

  get fields(): Stored[] {
    return this.reducers.flatMap((r) => r.fields);
  }
  get name(): string {
    return this.reducers.map((r) => r.kind).join(" and ");
  }
  get #parts(): number {
    return this.#partCounts.reduce((a, b) => a * b, 1);
  }

  /** @param layer of the tasks that fold. */
  prepare(grid: Grid, layer: number, emitter: Emitter): void {
    this.#layer = layer;
    this.#keptGrid = this.kept.map((axis) => grid[axis]!);
    this.#partCounts = this.axes.map((axis) => grid[axis]!.length - 1);
    for (const stored of this.fields) if (!stored.whole) stored.grid = this.#keptGrid;
    if (this.#parts === 1) return;
    const cellShape = extents(cellBox(this.#keptGrid, this.#keptGrid.map(() => 0)));
    this.#mergeLayer = emitter.addLayer(`merge ${this.name}`, cellCount(this.#keptGrid), [this.#parts, ...cellShape]);
  }

  /** The cells of kept elements that a block of a stored field is made of. */
  *cellsOf(stored: Stored, block: readonly number[]): Generator<readonly number[]> {
    if (!stored.whole) yield block;
    else for (const cell of indices(cellsPerAxis(this.#keptGrid))) yield cell.slice();
  }

  /** The cells of the domain that a cell of kept elements is folded from. */
  *partsOf(cell: readonly number[]): Generator<readonly number[]> {
    for (const part of indices(this.#partCounts)) {
      yield this.domain.map((_, axis) => (this.axes.includes(axis) ? part[this.axes.indexOf(axis)]! : cell[this.kept.indexOf(axis)]!));
    }
  }

  /** Where the task that folds a cell of the domain leaves the fields: how many elements, and a place for each field. */
  places(index: readonly number[], emitter: Emitter): { readonly capacity: number; readonly fields: readonly Place[] } {
    const cell = this.#cell(index, emitter);
    if (cell.root === undefined) return { capacity: cell.capacity, fields: cell.targets };
    const part = this.#partOf(index);
    const group = this.#groupOf(cell, part, emitter);
    const offset = Math.floor((part - group.first) / group.each) * cell.capacity;
    return { capacity: cell.capacity, fields: group.partials.map((slot) => ({ slot, offset })) };
  }

  /** Emits what is left to do when a cell of the domain has been folded: groups of partial results are merged as they come, so that few are held. */
  folded(index: readonly number[], emitter: Emitter): void {
    const cell = this.#cell(index, emitter);
    let group = cell.root === undefined ? undefined : this.#groupOf(cell, this.#partOf(index), emitter);
    for (; group !== undefined; group = group.parent) {
      if (--group.missing > 0) return;
      this.#merge(cell.capacity, group, emitter);
    }
    cell.targets.forEach((t) => t.copy?.());
    cell.finished = true;
  }

  isFinished(cell: readonly number[]): boolean {
    return this.#cells.get(cell.join())?.finished === true;
  }

  #partOf(index: readonly number[]): number {
    return this.axes.reduce((n, axis, i) => n * this.#partCounts[i]! + index[axis]!, 0);
  }

  /** The innermost group of a part. */
  #groupOf(cell: Cell, part: number, emitter: Emitter): Group {
    let group = cell.root!;
    while (group.each > 1) {
      const at = Math.floor((part - group.first) / group.each);
      const places = group.partials.map((slot) => ({ slot, offset: at * cell.capacity }));
      const count = Math.min(group.each, group.count - at * group.each);
      if (count === 1) return group;
      group = group.groups[at] ??= this.#group(group.first + at * group.each, count, cell.capacity, places, group, emitter);
    }
    return group;
  }

  #group(first: number, count: number, capacity: number, places: readonly Place[], parent: Group | undefined, emitter: Emitter): Group {
    const each = Math.ceil(count / MERGED_AT_ONCE);
    const groups = Math.ceil(count / each);
    const partials = this.fields.map((stored) => emitter.slot(groups * capacity * itemsize(stored.dtype), this.#layer));
    return { first, count, each, places, partials, groups: new Array<undefined>(groups), parent, missing: groups };
  }

  /** Where the positions of a box of the domain stand in the state. */
  target(box: Box): ReduceTarget {
    return { keptStrides: stridesOver(extents(box), this.kept), indexFirst: 0, indexSteps: stridesOver(this.domain, this.axes) };
  }

  #cell(index: readonly number[], emitter: Emitter): Cell {
    const at = this.kept.map((axis) => index[axis]!);
    const key = at.join();
    let found = this.#cells.get(key);
    if (found === undefined) {
      const box = cellBox(this.#keptGrid, at);
      const capacity = volume(box);
      const targets = this.fields.map((stored) => this.#target(stored, at, box, emitter));
      const root = this.#parts === 1 ? undefined : this.#group(0, this.#parts, capacity, targets, undefined, emitter);
      this.#cells.set(key, (found = { capacity, targets, root, finished: false }));
    }
    return found;
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

  #merge(capacity: number, { places, partials, groups }: Group, emitter: Emitter): void {
    const program = (this.#mergeProgram ??= emitter.addProgram(mergeProgram(this.reducers)));
    const parts = groups.length;
    emitter.addTask(this.#mergeLayer, 0, parts * capacity, [...new Set(places.map((p) => p.slot))], (words, reader) => {
      words.pushAll([program, capacity, ...places.flatMap((p) => [p.slot.id, p.offset]), 1]);
      words.pushAll([2, parts, capacity]);
      for (const slot of partials) words.pushAll([reader.slotId(slot), 0, capacity, 1]);
      words.pushAll([0, 0, 1, 0, 0, 0]);
    });
  }
}
