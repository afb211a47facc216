import { itemsize } from "../core/dtype.js";
import { contiguousStrides } from "../core/shape.js";
import type { Steps } from "../core/steps.js";
import type { Matmul } from "../expr/matmul.js";
import { productCells } from "./cells.js";
import type { Emitter } from "./emit.js";
import { type Box, indices } from "./grid.js";
import { emitKernel, held, type KernelCall, written } from "./kernel-task.js";
import { type KernelOperand, Operand } from "./operand.js";
import type { Slot } from "./plan.js";
import type { Stage } from "./stage.js";
import { Stored } from "./stored.js";

/** Products of matrices, cell by cell of the result; over a long k with few results, parts of k are added up in their order. */
export class MatmulStage implements Stage {
  readonly stored: Stored;
  readonly name = "matmul";
  #a!: Operand;
  #b!: Operand;
  #cells!: ReturnType<typeof productCells>;
  #layer = -1;

  constructor(readonly node: Matmul) {
    this.stored = new Stored(node.shape, node.dtype, this, true);
  }
  get #sizes(): { lead: readonly number[]; m: number; k: number; n: number } {
    const [a, b] = this.node.inputs as [Matmul, Matmul];
    return { lead: a.shape.slice(0, -2), m: a.shape[a.ndim - 2]!, k: a.shape[a.ndim - 1]!, n: b.shape[b.ndim - 1]! };
  }

  prepare(emitter: Emitter): void {
    const { lead, m, k, n } = this.#sizes;
    this.#a = new Operand(this.node.inputs[0]!, emitter);
    this.#b = new Operand(this.node.inputs[1]!, emitter);
    this.#cells = productCells(m, n, k);
    const { rows, columns, depth } = this.#cells;
    const count = lead.reduce((x, y) => x * y, 1) * (rows.length - 1) * (columns.length - 1) * (depth.length - 1);
    this.#layer = emitter.addLayer(this.name, count, [rows[1]!, columns[1]!, depth[1]!]);
  }

  *emitBlock(stored: Stored, block: readonly number[], emitter: Emitter): Steps {
    const { lead } = this.#sizes;
    const slot = emitter.blockSlot(stored, block, this.#layer);
    const strides = contiguousStrides(stored.shape);
    for (const at of indices(lead)) {
      const offset = at.reduce((sum, i, axis) => sum + i * strides[axis]!, 0);
      for (const [i, j] of indices([this.#cells.rows.length - 1, this.#cells.columns.length - 1])) {
        yield* this.#emitCell(at, i!, j!, slot, offset, strides.slice(-2), emitter);
        if (emitter.due) yield;
      }
    }
  }

  *#emitCell(lead: readonly number[], i: number, j: number, slot: Slot, batch: number, strides: readonly number[], emitter: Emitter): Steps {
    const { dtype } = this.node;
    const { rows, columns, depth } = this.#cells;
    const [r0, r1, c0, c1] = [rows[i]!, rows[i + 1]!, columns[j]!, columns[j + 1]!];
    const size = [r1 - r0, c1 - c0];
    const offset = batch + r0 * strides[0]! + c0 * strides[1]!;
    const parts = depth.length - 1;
    const operands = (function* (this: MatmulStage, p: number): Steps<KernelOperand[]> {
      const a = yield* this.#a.at(withLead(lead, [r0, depth[p]!], [r1, depth[p + 1]!]), this.#layer);
      const b = yield* this.#b.at(withLead(lead, [depth[p]!, c0], [depth[p + 1]!, c1]), this.#layer);
      return [matrix(a), matrix(b)];
    }).bind(this);
    if (parts === 1) {
      const call: KernelCall = { inputs: yield* operands(0), outputs: [written(slot, dtype, size, offset, strides)], parameters: [0] };
      return emitKernel(emitter, this.#layer, "matmul", size[0]! * size[1]!, [slot], [call]);
    }
    const area = size[0]! * size[1]!;
    const partials = emitter.slot(parts * area * itemsize(dtype), this.#layer);
    for (let p = 0; p < parts; p++) {
      const call: KernelCall = { inputs: yield* operands(p), outputs: [written(partials, dtype, size, p * area)], parameters: [0] };
      emitKernel(emitter, this.#layer, "matmul", area, [partials], [call]);
    }
    // The sum of the parts, as a running sum whose total is asked for: [parts, m, n] along axis 0.
    const running = emitter.slot(parts * area * itemsize(dtype), this.#layer);
    emitKernel(emitter, this.#layer, "scanSum", 0, [running, slot], [
      {
        inputs: [held(partials, dtype, [parts, ...size])],
        outputs: [written(running, dtype, [parts, ...size]), written(slot, dtype, size, offset, strides)],
        parameters: [0],
      },
    ]);
  }
}

const withLead = (lead: readonly number[], low: readonly number[], high: readonly number[]): Box =>
  ({ low: [...lead, ...low], high: [...lead.map((i) => i + 1), ...high] });

/** The last two axes; the others have length 1 here. */
const matrix = (x: KernelOperand): KernelOperand => ({ ...x, extents: x.extents.slice(-2), strides: x.strides.slice(-2) });
