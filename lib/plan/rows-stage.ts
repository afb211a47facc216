import { itemsize } from "../core/dtype.js";
import type { Steps } from "../core/steps.js";
import type { Rows } from "../expr/rows.js";
import { rowCells } from "./cells.js";
import type { Emitter } from "./emit.js";
import { type Box, cellBox, cellCount, cellsPerAxis, evenBorders, extents, type Grid, indices, volume } from "./grid.js";
import { emitKernel, held, written } from "./kernel-task.js";
import { type KernelOperand, Operand } from "./operand.js";
import type { Slot } from "./plan.js";
import type { Stage } from "./stage.js";
import { Stored } from "./stored.js";

/** A row longer than this is searched in pieces. */
const LONG_ROW = 1 << 20;

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
    this.name = `${this.#operand.text ? `${this.#operand.text} → ` : ""}${this.node.kernel}`;
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
      if (emitter.due) yield;
    }
  }

  *#emitCell(box: Box, firstRow: number, rows: number, slot: Slot, emitter: Emitter): Steps {
    const { kernel, values, dtype } = this.node;
    const count = volume(box) / (box.high[box.high.length - 1]! - box.low[box.low.length - 1]!);
    const width = kernel === "quantile" ? values.length - 2 : this.node.shape[this.node.ndim - 1]!;
    const output = kernel === "quantile"
      ? written(slot, dtype, [width, count], firstRow, [rows, 1])
      : written(slot, dtype, [count, width], firstRow * width);
    const inputs = [kernel === "topk" ? yield* this.#candidates(box, width, emitter) : asRows(yield* this.#operand.at(box, this.#layer))];
    const parameters = kernel === "argtopk" ? [...values, 0] : values;
    emitKernel(emitter, this.#layer, kernel, volume(box), [slot], [{ inputs, outputs: [output], parameters }]);
  }

  /** A row itself; or, when it is long, the largest of each piece of it. */
  *#candidates(box: Box, width: number, emitter: Emitter): Steps<KernelOperand> {
    const last = box.low.length - 1;
    const n = box.high[last]!;
    const pieces = evenBorders(n, Math.ceil(n / Math.max(LONG_ROW, 8 * width)));
    if (pieces.length === 2) return asRows(yield* this.#operand.at(box, this.#layer));
    const { dtype } = this.node;
    const rows = volume(box) / n;
    const widths = pieces.slice(1).map((high, i) => Math.min(width, high - pieces[i]!));
    const total = widths.reduce((a, b) => a + b, 0);
    const slot = emitter.slot(rows * total * itemsize(dtype), this.#layer);
    let column = 0;
    for (const [i, w] of widths.entries()) {
      const piece = { low: box.low.map((x, axis) => (axis === last ? pieces[i]! : x)), high: box.high.map((x, axis) => (axis === last ? pieces[i + 1]! : x)) };
      const inputs = [asRows(yield* this.#operand.at(piece, this.#layer))];
      emitKernel(emitter, this.#layer, "topk", volume(piece), [slot], [
        { inputs, outputs: [written(slot, dtype, [rows, w], column, [total, 1])], parameters: this.node.values },
      ]);
      column += w;
    }
    return held(slot, dtype, [rows, total]);
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
