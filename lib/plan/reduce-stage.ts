import { itemsize } from "../core/dtype.js";
import { contiguousStrides } from "../core/shape.js";
import type { Steps } from "../core/steps.js";
import { Buffer } from "../expr/buffer.js";
import type { Reduce } from "../expr/reduce.js";
import { reduceCells } from "./cells.js";
import type { Emitter } from "./emit.js";
import { emitCopy, fieldDTypes, isContiguous, mergeProgram, type Reducer, stridesOver } from "./fold-results.js";
import { Fusion } from "./fusion.js";
import { type Box, cellBox, cellCount, cellsPerAxis, extents, type Grid, indices, mirrored, volume } from "./grid.js";
import type { Slot } from "./plan.js";
import { writeSegments } from "./segments.js";
import { MERGED_AT_ONCE, MOST_KEPT } from "./sizes.js";
import type { Stage } from "./stage.js";
import { Stored } from "./stored.js";

/**
 * Folds axes away, for one or several reducers over the same domain in one pass. A cell of kept elements is folded over all cells of the folded axes,
 * each leaving a partial result; a merge task folds those in their order.
 */
export class ReduceStage implements Stage {
  readonly reducers: Reducer[] = [];
  name = "reduce";
  readonly #domain: readonly number[];
  readonly #kept: readonly number[];
  #fusion!: Fusion;
  #grid!: Grid;
  /** The grids of the domain's pieces; one where the pieces have their cells in common. */
  #grids!: readonly Grid[];
  #axes!: readonly number[];
  #layer = -1;
  #mergeLayer = -1;
  #merge?: { program: number };

  constructor(readonly folded: readonly number[], domain: readonly number[]) {
    this.#domain = domain;
    this.#kept = domain.map((_, axis) => axis).filter((axis) => !folded.includes(axis));
  }

  /** The stored array of a node's field; nodes that differ in the field only share a reducer. */
  add(node: Reduce, whole: boolean): Stored {
    let reducer = this.reducers.find((r) => r.kind === node.reducer && r.input.token === node.inputs[0]!.token);
    if (reducer === undefined) {
      const input = node.inputs[0]!;
      reducer = { kind: node.reducer, input, fields: fieldDTypes(node.reducer, input.dtype).map((dtype) => new Stored(node.shape, dtype, this, false)) };
      this.reducers.push(reducer);
    }
    const stored = reducer.fields[node.field]!;
    stored.whole ||= whole;
    return stored;
  }

  get fields(): Stored[] {
    return this.reducers.flatMap((r) => r.fields);
  }

  *prepare(emitter: Emitter): Steps {
    const sinks = this.reducers.map((r) => ({ kind: r.kind, dtype: r.input.dtype, merge: false, fold: 0, inputs: [r.input] }));
    this.#fusion = yield* Fusion.of([], sinks, this.#domain, emitter);
    const layout = this.#fusion.layout;
    this.#axes = layout.axes;
    const cells = (shape: readonly number[]): Grid => reduceCells(shape, this.folded, layout, this.#fusion.main.cost);
    this.#grid = this.#fusion.cut(this.#alignedGrid() ?? cells(this.#domain));
    // Where all is folded and in memory, each piece has cells of its own: a border does not cut the cells beside it.
    const inMemory = this.#fusion.main.loads.every(({ source }) => source instanceof Buffer || (source instanceof Stored && source.whole));
    this.#grids = inMemory && this.#kept.length === 0
      ? this.#fusion.pieces.map((piece) => cells(extents(piece)).map((borders, axis) => borders.map((x) => x + piece.low[axis]!)))
      : [this.#grid];
    const keptGrid = this.#kept.map((axis) => this.#grid[axis]!);
    for (const stored of this.fields) if (!stored.whole) stored.grid = keptGrid;
    const folds = this.reducers.map((r) => r.kind).join(" and ");
    const text = this.#fusion.main.text;
    this.name = text ? `${text} → ${folds}` : folds;
    const widest = this.#grids.reduce((a, b) => (cellCount(b) > cellCount(a) ? b : a));
    const count = this.#grids.reduce((n, grid) => n + cellCount(grid), 0);
    this.#layer = emitter.addLayer(this.name, count, extents(cellBox(widest, widest.map(() => 0))), this.#fusion.main.complaint);
    const parts = count / cellCount(keptGrid);
    if (parts > 1) this.#mergeLayer = emitter.addLayer(`merge ${folds}`, cellCount(keptGrid), [parts, ...extents(cellBox(keptGrid, keptGrid.map(() => 0)))]);
  }

  /** The blocks of an operand that is stored so: each is then folded when it is there, and goes. */
  #alignedGrid(): Grid | undefined {
    const blocks = this.#fusion.alignedGrid();
    const kept = blocks === undefined ? 0 : this.#kept.reduce((n, axis) => n * (blocks[axis]![1]! - blocks[axis]![0]!), 1);
    return kept <= MOST_KEPT ? blocks : undefined;
  }

  *emitBlock(stored: Stored, block: readonly number[], emitter: Emitter): Steps {
    // All fields come out together: whoever is asked for first brings the others along.
    const keptGrid = this.#kept.map((axis) => this.#grid[axis]!);
    if (!stored.whole) return yield* this.#emitOnce(block, emitter);
    for (const index of indices(cellsPerAxis(keptGrid))) yield* this.#emitOnce(index.slice(), emitter);
  }

  readonly #emitted = new Set<string>();
  *#emitOnce(cell: readonly number[], emitter: Emitter): Steps {
    const key = cell.join();
    if (this.#emitted.has(key)) return;
    this.#emitted.add(key);
    yield* this.#emitCell(cell, emitter);
  }

  *#emitCell(cell: readonly number[], emitter: Emitter): Steps {
    const keptBox = cellBox(this.#kept.map((axis) => this.#grid[axis]!), cell);
    const capacity = volume(keptBox);
    const count = this.#grids.reduce((n, grid) => n + this.folded.reduce((m, axis) => m * (grid[axis]!.length - 1), 1), 0);
    const targets = this.fields.map((stored) => this.#target(stored, cell, keptBox, emitter));
    yield* this.#emitParts(this.#parts(cell), count, capacity, targets, emitter);
    targets.forEach((t) => t.copy?.());
  }

  /** What is folded for a cell of the kept axes: boxes, in the order in which their results are merged. */
  *#parts(cell: readonly number[]): Generator<Box, void, undefined> {
    const pair = this.#axes.slice(-2);
    const inPairs = this.#fusion.layout.square && pair.every((axis) => this.folded.includes(axis));
    for (const grid of this.#grids) {
      const counts = cellsPerAxis(grid).map((n, axis) => (this.folded.includes(axis) ? n : 1));
      for (const index of inPairs ? mirrored(counts, pair as [number, number]) : indices(counts)) {
        yield cellBox(grid, index.map((i, axis) => (this.folded.includes(axis) ? i : cell[this.#kept.indexOf(axis)]!)));
      }
    }
  }

  /** Folds the next `count` parts; where there are many, groups of them are merged as they come, so that few partial results are held. */
  *#emitParts(parts: Iterator<Box, void>, count: number, capacity: number, targets: readonly { slot: Slot; offset: number }[], emitter: Emitter): Steps {
    if (count === 1) return yield* this.#emitFold(parts.next().value!, capacity, targets, emitter);
    const each = Math.ceil(count / MERGED_AT_ONCE);
    const groups = Math.ceil(count / each);
    const partials = this.fields.map((stored) => emitter.slot(groups * capacity * itemsize(stored.dtype), this.#layer));
    for (let group = 0; group < groups; group++) {
      const places = partials.map((slot) => ({ slot, offset: group * capacity }));
      yield* this.#emitParts(parts, Math.min(each, count - group * each), capacity, places, emitter);
    }
    this.#emitMerge(groups, capacity, partials, targets, emitter);
  }

  /** Where a field's elements of a cell go: into their block, or beside it when they do not lie side by side there. */
  #target(stored: Stored, cell: readonly number[], box: Box, emitter: Emitter): { slot: Slot; offset: number; copy?: () => void } {
    const layer = this.#mergeLayer < 0 ? this.#layer : this.#mergeLayer;
    if (!stored.whole) return { slot: emitter.blockSlot(stored, cell, layer), offset: 0 };
    const slot = emitter.blockSlot(stored, cell.map(() => 0), layer);
    const strides = contiguousStrides(stored.shape);
    const offset = box.low.reduce((n, x, axis) => n + x * strides[axis]!, 0);
    if (isContiguous(box, stored.shape)) return { slot, offset };
    const beside = emitter.slot(volume(box) * itemsize(stored.dtype), layer);
    return { slot: beside, offset: 0, copy: () => emitCopy(emitter, layer, stored.dtype, beside, extents(box), slot, offset, strides) };
  }

  *#emitFold(box: Box, capacity: number, fields: readonly { slot: Slot; offset: number }[], emitter: Emitter): Steps {
    const { template, program } = yield* this.#fusion.at(box.low);
    const files = yield* emitter.ensureLoads(template, box);
    const size = extents(box);
    const keptStrides = stridesOver(size, this.#kept);
    const indexSteps = stridesOver(this.#domain, this.folded);
    emitter.addTask(this.#layer, 0, volume(box), [...new Set(fields.map((f) => f.slot))], (words, reader) => {
      words.pushAll([program, capacity, ...fields.flatMap((f) => [f.slot.id, f.offset]), 0]);
      const at = words.length - 1;
      words.set(at, writeSegments(words, template, box, this.#axes, reader, files, [], [{ keptStrides, indexFirst: 0, indexSteps }]));
    });
    if (emitter.due) yield;
  }

  #emitMerge(parts: number, capacity: number, partials: readonly Slot[], targets: readonly { slot: Slot; offset: number }[], emitter: Emitter): void {
    this.#merge ??= { program: emitter.addProgram(mergeProgram(this.reducers)) };
    const { program } = this.#merge;
    emitter.addTask(this.#mergeLayer, 0, parts * capacity, [...new Set(targets.map((t) => t.slot))], (words, reader) => {
      words.pushAll([program, capacity, ...targets.flatMap((t) => [t.slot.id, t.offset]), 1]);
      words.pushAll([2, parts, capacity]);
      for (const slot of partials) words.pushAll([reader.slotId(slot), 0, capacity, 1]);
      words.pushAll([0, 0, 1, 0, 0, 0]);
    });
  }
}
