import { type DType, itemsize } from "../core/dtype.js";
import { overdue, type Steps } from "../core/steps.js";
import type { Rows } from "../expr/rows.js";
import { rowCells, rowPieces } from "./cells.js";
import type { Emitter } from "./emit.js";
import { type Box, cellBox, cellCount, cellsPerAxis, extents, type Grid, indices, volume } from "./grid.js";
import { emitKernel, held, written } from "./kernel-task.js";
import { type KernelOperand, Operand } from "./operand.js";
import type { Slot } from "./plan.js";
import { LONG_ROW } from "./sizes.js";
import { nameOf, type Stage } from "./stage.js";
import { Stored } from "./stored.js";

/** Kernels over whole rows: the largest elements, quantiles. */
export class RowsStage implements Stage {
  readonly stored: Stored;
  name: string;
  #operand!: Operand;
  #grid!: Grid;
  #layer = -1;

  constructor(readonly node: Rows) {
    this.name = node.kernel;
    this.stored = new Stored(node.shape, node.dtype, this, true);
  }

  *prepare(emitter: Emitter): Steps {
    const { shape } = this.node.inputs[0]!;
    this.#operand = yield* Operand.of(this.node.inputs[0]!, emitter, shape.length <= 2);
    this.#grid = rowCells(shape, this.#operand.cost + 10, this.#operand.layout);
    this.name = nameOf(this.#operand.text, this.node.kernel);
    this.#layer = emitter.addLayer(this.name, cellCount(this.#grid), extents(cellBox(this.#grid, this.#grid.map(() => 0))));
  }

  *emitBlock(stored: Stored, block: readonly number[], emitter: Emitter): Steps {
    const slot = emitter.blockSlot(stored, block, this.#layer);
    const { shape } = this.node.inputs[0]!;
    const outer = shape.slice(0, -1);
    const rows = outer.reduce((a, b) => a * b, 1);
    for (const index of indices(cellsPerAxis(this.#grid))) {
      const box = cellBox(this.#grid, index);
      const first = box.low.slice(0, -1).reduce((n, x, axis) => n * outer[axis]! + x, 0);
      yield* this.#emitCell(box, first, rows, slot, emitter);
      if (overdue()) yield;
    }
  }

  *#emitCell(box: Box, firstRow: number, rows: number, slot: Slot, emitter: Emitter): Steps {
    const { kernel, values, dtype } = this.node;
    const count = volume(box) / (box.high[box.high.length - 1]! - box.low[box.low.length - 1]!);
    const width = kernel === "quantile" ? values.length - 2 : this.node.shape[this.node.ndim - 1]!;
    const output = kernel === "quantile"
      ? written(slot, dtype, [width, count], firstRow, [rows, 1])
      : written(slot, dtype, [count, width], firstRow * width);
    const inputs = kernel === "quantile" ? [asRows(yield* this.#operand.at(box, this.#layer))] : yield* this.#candidates(box, width, emitter);
    const parameters = kernel === "argtopk" ? [...values, 0] : values;
    emitKernel(emitter, this.#layer, kernel, volume(box), [slot], [{ inputs, outputs: [output], parameters }]);
  }

  /** A row itself; or, when it is long, the first of each piece of it, and for argtopk their indices. */
  *#candidates(box: Box, width: number, emitter: Emitter): Steps<KernelOperand[]> {
    const last = box.low.length - 1;
    const n = box.high[last]!;
    const pieces = n > LONG_ROW ? rowPieces(n, this.#operand.cost + 0.2, this.#operand.layout, 8 * width) : [0, n];
    if (pieces.length === 2) return [asRows(yield* this.#operand.at(box, this.#layer))];
    const { kernel, values } = this.node;
    const { dtype } = this.node.inputs[0]!;
    const rows = volume(box) / n;
    const widths = pieces.slice(1).map((high, i) => Math.min(width, high - pieces[i]!));
    const total = widths.reduce((a, b) => a + b, 0);
    const shape = [rows, total];
    const found = emitter.slot(rows * total * itemsize(dtype), this.#layer);
    const where = kernel === "argtopk" ? emitter.slot(rows * total * 8, this.#layer) : undefined;
    let column = 0;
    for (const [i, w] of widths.entries()) {
      const [low, high] = [pieces[i]!, pieces[i + 1]!];
      const piece = { low: [...box.low.slice(0, last), low], high: [...box.high.slice(0, last), high] };
      const inputs = [asRows(yield* this.#operand.at(piece, this.#layer))];
      const part = (slot: Slot, d: DType): KernelOperand => written(slot, d, [rows, w], column, [total, 1]);
      const call = where === undefined ? { inputs, outputs: [part(found, dtype)], parameters: values }
        : { inputs, outputs: [part(where, "int64"), part(found, dtype)], parameters: [...values, low] };
      emitKernel(emitter, this.#layer, kernel, volume(piece), where === undefined ? [found] : [where, found], [call]);
      column += w;
      if (overdue()) yield;
    }
    return where === undefined ? [held(found, dtype, shape)] : [held(found, dtype, shape), held(where, "int64", shape)];
  }
}

/** [..., n] as [rows, n]: computed operands are contiguous, and memory has one axis of rows here at most. */
function asRows(x: KernelOperand): KernelOperand {
  const n = x.extents.length;
  const outer = x.extents.slice(0, -1);
  const long = outer.findIndex((e) => e > 1);
  const stride = long < 0 ? 0 : x.strides[n - 2]!;
  return { ...x, extents: [outer.reduce((a, b) => a * b, 1), x.extents[n - 1]!], strides: [stride, x.strides[n - 1]!] };
}
