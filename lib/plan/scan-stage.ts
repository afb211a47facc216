import { itemsize } from "../core/dtype.js";
import { contiguousStrides } from "../core/shape.js";
import { overdue, type Steps } from "../core/steps.js";
import type { Scan } from "../expr/scan.js";
import { chainCells, isChained, reduceCells } from "./cells.js";
import { Chain } from "./chain.js";
import type { Emitter } from "./emit.js";
import { emitFold } from "./fold-box.js";
import { Fusion } from "./fusion.js";
import { cellBox, cellCount, cellOf, cellsPerAxis, extents, type Grid, indices, mergeBorders, volume } from "./grid.js";
import { emitKernel, held, written } from "./kernel-task.js";
import { type KernelOperand, Operand } from "./operand.js";
import type { Slot } from "./plan.js";
import { nameOf, type Stage } from "./stage.js";
import { Stored } from "./stored.js";

/**
 * Running sums. Where there are lanes enough to share out, a cell goes on from the last sums of the cell before it on the axis, and what is
 * scanned is read once. Few long lanes are cut as well: their cells are folded first, the folds are scanned, and each cell starts from the fold
 * of those before it.
 */
export class ScanStage implements Stage {
  readonly stored: Stored;
  name = "scan";
  #grid!: Grid;
  #operand!: Operand;
  #chain: Chain | undefined;
  #fold!: Fusion;
  #layer = -1;
  #foldLayer = -1;
  /** By lanes. Not chained: the sums before each cell but the first. */
  readonly #carries = new Map<string, Slot>();

  constructor(readonly node: Scan, whole: boolean) {
    this.stored = new Stored(node.shape, node.dtype, this, whole);
  }

  *prepare(emitter: Emitter): Steps {
    const { axis, dtype, op, shape } = this.node;
    const input = this.node.inputs[0]!;
    this.#operand = yield* Operand.of(input, emitter);
    const { layout, cost, cuts } = this.#operand;
    const chains = layout.fromFile ? reduceCells(shape, [axis], layout, cost + 0.5) : chainCells(shape, axis, itemsize(dtype));
    const chained = isChained(chains, axis);
    const grid = chained ? chains : reduceCells(shape, [axis], layout, cost + 0.5);
    this.#grid = grid.map((b, i) => mergeBorders(b, cuts[i]!));
    if (!this.stored.whole) this.stored.grid = this.#grid;
    this.name = nameOf(this.#operand.text, `cum${op}`);
    const cellShape = extents(cellBox(this.#grid, this.#grid.map(() => 0)));
    if (this.#cells > 1 && !chained) {
      this.#fold = yield* Fusion.of([], [{ kind: op, dtype, merge: false, fold: 0, inputs: [input] }], shape, emitter);
      this.#foldLayer = emitter.addLayer(`${this.name} (totals)`, cellCount(this.#grid), cellShape);
    }
    this.#layer = emitter.addLayer(this.name, cellCount(this.#grid), cellShape);
    if (chained) this.#chain = new Chain(this.node, this.#layer);
  }
  /** Cells along the axis. */
  get #cells(): number {
    return this.#grid[this.node.axis]!.length - 1;
  }

  *emitBlock(stored: Stored, block: readonly number[], emitter: Emitter): Steps {
    const { axis } = this.node;
    if (!stored.whole) {
      // A chain begins at its start, wherever it is asked for.
      const end = this.#chain?.endOf(stored.blockBox(block));
      for (let k = end === undefined ? block[axis]! : cellOf(this.#grid[axis]!, end); k < block[axis]!; k++) {
        yield* emitter.ensure(stored, cellBox(this.#grid, block.with(axis, k)));
      }
      return yield* this.#emitCell(block, emitter.blockSlot(stored, block, this.#layer), 0, stored.strides(block), emitter);
    }
    const slot = emitter.blockSlot(stored, block, this.#layer);
    const strides = contiguousStrides(stored.shape);
    for (const index of indices(cellsPerAxis(this.#grid))) {
      const low = cellBox(this.#grid, index).low;
      yield* this.#emitCell(index, slot, low.reduce((n, x, axis) => n + x * strides[axis]!, 0), strides, emitter);
    }
  }

  *#emitCell(cell: readonly number[], slot: Slot, offset: number, strides: readonly number[], emitter: Emitter): Steps {
    const { axis, dtype, op } = this.node;
    const box = cellBox(this.#grid, cell);
    const kept = extents(box).filter((_, i) => i !== axis);
    const size = kept.reduce((a, b) => a * b, 1);
    const inputs: KernelOperand[] = [yield* this.#operand.at(box, this.#layer)];
    const outputs = [written(slot, dtype, extents(box), offset, strides)];
    const writes = [slot];
    if (this.#chain !== undefined) {
      const { before, after } = this.#chain.next(box, emitter);
      if (before !== undefined) inputs.push(held(before, dtype, kept));
      if (after !== undefined) {
        outputs.push(written(after, dtype, kept));
        writes.push(after);
      }
    } else if (cell[axis]! > 0) {
      inputs.push(held(yield* this.#carry(cell, emitter), dtype, kept, (cell[axis]! - 1) * size));
    }
    emitKernel(emitter, this.#layer, op === "sum" ? "scanSum" : "scanProd", volume(box), writes, [{ inputs, outputs, parameters: [axis] }]);
    if (overdue()) yield;
  }

  /** The scanned folds of all cells that share a cell's kept elements: [cells, kept]. */
  *#carry(cell: readonly number[], emitter: Emitter): Steps<Slot> {
    const { axis, dtype, op } = this.node;
    const key = cell.filter((_, i) => i !== axis).join();
    const found = this.#carries.get(key);
    if (found !== undefined) return found;
    const keptShape = extents(cellBox(this.#grid, cell)).filter((_, i) => i !== axis);
    const size = keptShape.reduce((a, b) => a * b, 1);
    const bytes = this.#cells * size * itemsize(dtype);
    const totals = emitter.slot(bytes, this.#foldLayer);
    const carries = emitter.slot(bytes, this.#foldLayer);
    const keptStrides = contiguousStrides(keptShape);
    keptStrides.splice(axis, 0, 0);
    const axes = keptStrides.map((_, i) => i);
    for (let k = 0; k < this.#cells; k++) {
      const box = cellBox(this.#grid, cell.map((i, a) => (a === axis ? k : i)));
      const state = { keptStrides, indexFirst: 0, indexSteps: keptStrides.map(() => 0) };
      yield* emitFold(emitter, this.#foldLayer, this.#fold, box, axes, [{ capacity: size, places: [{ slot: totals, offset: k * size }], state }]);
    }
    const shape = [this.#cells, size];
    emitKernel(emitter, this.#foldLayer, op === "sum" ? "scanSum" : "scanProd", 0, [carries], [
      { inputs: [held(totals, dtype, shape)], outputs: [written(carries, dtype, shape)], parameters: [0] },
    ]);
    this.#carries.set(key, carries);
    return carries;
  }
}
