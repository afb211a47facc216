import { itemsize } from "../core/dtype.js";
import { contiguousStrides } from "../core/shape.js";
import { overdue, type Steps } from "../core/steps.js";
import type { Expr } from "../expr/expr.js";
import type { Matmul } from "../expr/matmul.js";
import { type ProductCells, productBlocks, productCells } from "./cells.js";
import type { Emitter } from "./emit.js";
import { type Box, evenBorders, indices } from "./grid.js";
import { emitKernel, held, type KernelCall, written } from "./kernel-task.js";
import { type KernelOperand, Operand } from "./operand.js";
import type { Slot } from "./plan.js";
import { LARGE_PRODUCT_BYTES } from "./sizes.js";
import type { Stage } from "./stage.js";
import { Stored } from "./stored.js";

/** Whether an operand or a result is too large to be asked for in one piece. */
export const isLargeFactor = (x: Expr): boolean => x.size * itemsize(x.dtype) > LARGE_PRODUCT_BYTES;

/** Where a cell's elements go. */
interface Target {
  readonly slot: Slot;
  readonly offset: number;
  readonly strides: readonly number[];
}

/**
 * Products of matrices, cell by cell of the result. Operands in memory are read in place, over the whole of k, or over parts of a long k that are added
 * up in their order. Large operands that are not in memory are made block by block, and each product of blocks is added to that of those before it.
 */
export class MatmulStage implements Stage {
  readonly stored: Stored;
  readonly name = "matmul";
  readonly #lead: readonly number[];
  readonly #cells: ProductCells;
  #a!: Operand;
  #b!: Operand;
  #layer = -1;

  /** `inBlocks`: an operand is too large to be computed into one piece of memory. */
  constructor(readonly node: Matmul, whole: boolean, readonly inBlocks: boolean) {
    const [a, b] = node.inputs as [Expr, Expr];
    this.#lead = a.shape.slice(0, -2);
    const [m, k, n] = [a.shape[a.ndim - 2]!, a.shape[a.ndim - 1]!, b.shape[b.ndim - 1]!];
    this.#cells = inBlocks ? productBlocks(m, n, k) : productCells(m, n, k);
    this.stored = new Stored(node.shape, node.dtype, this, whole || !isLargeFactor(node));
    if (!this.stored.whole) this.stored.grid = [...this.#lead.map((count) => evenBorders(count, count)), this.#cells.rows, this.#cells.columns];
  }

  *prepare(emitter: Emitter): Steps {
    this.#a = yield* Operand.of(this.node.inputs[0]!, emitter);
    this.#b = yield* Operand.of(this.node.inputs[1]!, emitter);
    const { rows, columns, depth } = this.#cells;
    const count = this.#lead.reduce((x, y) => x * y, 1) * (rows.length - 1) * (columns.length - 1) * (depth.length - 1);
    this.#layer = emitter.addLayer(this.name, count, [rows[1]!, columns[1]!, depth[1]!]);
  }

  *emitBlock(stored: Stored, block: readonly number[], emitter: Emitter): Steps {
    const slot = emitter.blockSlot(stored, block, this.#layer);
    if (!stored.whole) return yield* this.#emitCell(block, { slot, offset: 0, strides: stored.strides(block).slice(-2) }, emitter);
    const strides = contiguousStrides(stored.shape);
    const { rows, columns } = this.#cells;
    for (const cell of indices([...this.#lead, rows.length - 1, columns.length - 1])) {
      const low = [...cell.slice(0, -2), rows[cell[cell.length - 2]!]!, columns[cell[cell.length - 1]!]!];
      yield* this.#emitCell(cell, { slot, offset: low.reduce((n, x, axis) => n + x * strides[axis]!, 0), strides: strides.slice(-2) }, emitter);
      if (overdue()) yield;
    }
  }

  *#emitCell(cell: readonly number[], target: Target, emitter: Emitter): Steps {
    const { rows, columns, depth } = this.#cells;
    const lead = cell.slice(0, -2);
    const [i, j] = cell.slice(-2) as [number, number];
    const [r0, r1, c0, c1] = [rows[i]!, rows[i + 1]!, columns[j]!, columns[j + 1]!];
    const operands = (function* (this: MatmulStage, p: number): Steps<[KernelOperand, KernelOperand]> {
      const a = yield* this.#a.at(withLead(lead, [r0, depth[p]!], [r1, depth[p + 1]!]), this.#layer);
      const b = yield* this.#b.at(withLead(lead, [depth[p]!, c0], [depth[p + 1]!, c1]), this.#layer);
      return [matrix(a), matrix(b)];
    }).bind(this);
    const size = [r1 - r0, c1 - c0] as const;
    if (this.inBlocks) yield* this.#emitChain(size, depth.length - 1, operands, target, emitter);
    else yield* this.#emitParts(size, depth.length - 1, operands, target, emitter);
  }

  /** c₀ = a₀ b₀, c₁ = a₁ b₁ + c₀, ... so that two blocks of each operand and of the result are held at most. */
  *#emitChain(size: readonly [number, number], parts: number, operands: (p: number) => Steps<[KernelOperand, KernelOperand]>, target: Target, emitter: Emitter): Steps {
    const { dtype } = this.node;
    let before: KernelOperand | undefined;
    for (let p = 0; p < parts; p++) {
      const [a, b] = yield* operands(p);
      const to = p === parts - 1 ? target : { slot: emitter.slot(size[0] * size[1] * itemsize(dtype), this.#layer), offset: 0, strides: contiguousStrides(size) };
      const out = written(to.slot, dtype, size, to.offset, to.strides);
      const inputs = [a, b, ...(before === undefined ? [] : [before])];
      emitKernel(emitter, this.#layer, "matmul", size[0] * size[1], [to.slot], [{ inputs, outputs: [out], parameters: [0] }]);
      before = held(to.slot, dtype, size, to.offset, to.strides);
      if (overdue()) yield;
    }
  }

  *#emitParts(size: readonly [number, number], parts: number, operands: (p: number) => Steps<[KernelOperand, KernelOperand]>, target: Target, emitter: Emitter): Steps {
    const { dtype } = this.node;
    const area = size[0] * size[1];
    const out = written(target.slot, dtype, size, target.offset, target.strides);
    if (parts === 1) {
      return emitKernel(emitter, this.#layer, "matmul", area, [target.slot], [{ inputs: yield* operands(0), outputs: [out], parameters: [0] }]);
    }
    const partials = emitter.slot(parts * area * itemsize(dtype), this.#layer);
    for (let p = 0; p < parts; p++) {
      const call: KernelCall = { inputs: yield* operands(p), outputs: [written(partials, dtype, size, p * area)], parameters: [0] };
      emitKernel(emitter, this.#layer, "matmul", area, [partials], [call]);
    }
    // The sum of the parts, as a running sum whose total is asked for: [parts, m, n] along axis 0.
    const running = emitter.slot(parts * area * itemsize(dtype), this.#layer);
    emitKernel(emitter, this.#layer, "scanSum", 0, [running, target.slot], [
      { inputs: [held(partials, dtype, [parts, ...size])], outputs: [written(running, dtype, [parts, ...size]), out], parameters: [0] },
    ]);
  }
}

const withLead = (lead: readonly number[], low: readonly number[], high: readonly number[]): Box =>
  ({ low: [...lead, ...low], high: [...lead.map((i) => i + 1), ...high] });

/** The last two axes; the others have length 1 here. */
const matrix = (x: KernelOperand): KernelOperand => ({ ...x, extents: x.extents.slice(-2), strides: x.strides.slice(-2) });
