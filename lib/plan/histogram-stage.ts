import { type DType, dtypeIndex, itemsize } from "../core/dtype.js";
import { overdue, type Steps } from "../core/steps.js";
import type { Histogram } from "../expr/histogram.js";
import { storeCells } from "./cells.js";
import type { Emitter } from "./emit.js";
import { cellBox, cellCount, cellsPerAxis, evenBorders, extents, type Grid, indices, mergeBorders, volume, wholeBox } from "./grid.js";
import { emitKernel, written } from "./kernel-task.js";
import { type KernelOperand, Operand } from "./operand.js";
import type { Slot } from "./plan.js";
import { REDUCER_INDEX, type Template } from "./program.js";
import { MOST_KEPT } from "./sizes.js";
import { nameOf, type Stage } from "./stage.js";
import { Stored } from "./stored.js";

/** Nanoseconds an element that counting takes. */
const COUNT_NS = 1;
/** Elements of a cell for each bin, at least: its counts are written, read and added. */
const PER_BIN = 8;

/** Counts each cell of the elements by itself, and adds the counts in the order of the cells. */
export class HistogramStage implements Stage {
  readonly stored: Stored;
  name = "histogram";
  #elements!: readonly Operand[];
  #edges!: readonly Operand[];
  /** Axes of the elements as they lie in memory: no bin depends on their order. */
  #axes!: readonly number[];
  #grid!: Grid;
  #layer = -1;
  #addLayer = -1;

  constructor(readonly node: Histogram) {
    this.stored = new Stored(node.shape, node.dtype, this, true);
  }

  *prepare(emitter: Emitter): Steps {
    const { inputs, dimensions, size } = this.node;
    const operands: Operand[] = [];
    for (const x of inputs) operands.push(yield* Operand.of(x, emitter));
    this.#edges = operands.filter((_, i) => isEdges(i, dimensions));
    this.#elements = operands.filter((_, i) => !isEdges(i, dimensions));
    const { shape } = inputs[0]!;
    const cost = this.#elements.reduce((n, x) => n + x.cost + COUNT_NS, 0);
    const layout = this.#elements[0]!.anyOrder;
    this.#axes = layout.axes;
    this.#grid = storeCells(shape, cost, layout, PER_BIN * size)
      .map((borders, axis) => this.#elements.reduce((b, x) => mergeBorders(b, x.cuts[axis]!), borders));
    this.name = nameOf(this.#elements[0]!.text, "histogram");
    const cells = cellCount(this.#grid);
    this.#layer = emitter.addLayer(this.name, cells, extents(cellBox(this.#grid, this.#grid.map(() => 0))));
    if (cells > 1) this.#addLayer = emitter.addLayer("add counts", Math.ceil(size / MOST_KEPT), [cells, Math.min(size, MOST_KEPT)]);
  }

  *emitBlock(stored: Stored, block: readonly number[], emitter: Emitter): Steps {
    const { dtype, size, dimensions } = this.node;
    const slot = emitter.blockSlot(stored, block, this.#layer);
    const cells = cellCount(this.#grid);
    const counts = cells === 1 ? slot : emitter.slot(cells * size * itemsize(dtype), this.#layer);
    const edges: KernelOperand[] = [];
    for (const x of this.#edges) edges.push(yield* x.at(wholeBox(x.expr.shape), this.#layer));
    let cell = 0;
    for (const index of indices(cellsPerAxis(this.#grid))) {
      const box = cellBox(this.#grid, index);
      const inputs: KernelOperand[] = [];
      for (const [i, x] of this.#elements.entries()) {
        inputs.push(inOrder(yield* x.at(box, this.#layer), this.#axes));
        if (i < dimensions) inputs.push(edges[i]!);
      }
      emitKernel(emitter, this.#layer, "histogram", volume(box), [counts], [
        { inputs, outputs: [written(counts, dtype, [size], size * cell++)], parameters: [dimensions] },
      ]);
      if (overdue()) yield;
    }
    if (cells > 1) this.#add(counts, cells, slot, emitter);
  }

  #add(counts: Slot, cells: number, slot: Slot, emitter: Emitter): void {
    const { dtype, size } = this.node;
    const program = emitter.addProgram(sumProgram(dtype));
    const runs = evenBorders(size, Math.ceil(size / MOST_KEPT));
    for (const [i, low] of runs.slice(0, -1).entries()) {
      const run = runs[i + 1]! - low;
      emitter.addTask(this.#addLayer, 0, cells * run, [slot], (words, reader) => {
        words.pushAll([program, run, slot.id, low, 1, 2, cells, run, reader.slotId(counts), low, size, 1, 0, 0, 1, 0, 0, 0]);
      });
    }
  }
}

const isEdges = (input: number, dimensions: number): boolean => input % 2 === 1 && input < 2 * dimensions;

/** The operand with its axes in another order. */
const inOrder = (x: KernelOperand, axes: readonly number[]): KernelOperand =>
  ({ ...x, extents: axes.map((axis) => x.extents[axis]!), strides: axes.map((axis) => x.strides[axis]!) });

/** One load, added up. */
function sumProgram(dtype: DType): Template {
  const words = [0, 1, 0, 0, 0, 0, 1, 1, dtypeIndex(dtype), 0, REDUCER_INDEX.get("sum")!, dtypeIndex(dtype), 0, 1, 0];
  words[0] = words.length;
  return { words: Float64Array.from(words), text: "add", loads: [], generators: [], stores: 0, reducers: 1, cost: 1 };
}
