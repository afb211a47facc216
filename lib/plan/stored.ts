import { type DType, itemsize } from "../core/dtype.js";
import { contiguousStrides } from "../core/shape.js";
import { type Box, cellBox, cellOf, cellsPerAxis, extents, type Grid, wholeGrid } from "./grid.js";
import type { Slot } from "./plan.js";
import type { Stage } from "./stage.js";

/** An array that a stage writes into slots, one for each cell of its grid; or one for the whole of it. */
export class Stored {
  grid: Grid;
  /** Results, and operands of kernels that want one piece of memory. Set before anything is emitted. */
  whole: boolean;
  readonly #slots = new Map<number, Slot>();

  constructor(readonly shape: readonly number[], readonly dtype: DType, readonly stage: Stage, whole: boolean) {
    this.whole = whole;
    this.grid = wholeGrid(shape);
  }

  /** A block's place among all, in C order. */
  ordinal(block: readonly number[]): number {
    return block.reduce((n, i, axis) => n * (this.grid[axis]!.length - 1) + i, 0);
  }

  /** The slot of a block, made when first asked for. */
  slot(block: readonly number[], make: (bytes: number) => Slot): Slot {
    const ordinal = this.ordinal(block);
    let slot = this.#slots.get(ordinal);
    if (slot === undefined) {
      const size = extents(cellBox(this.grid, block)).reduce((a, b) => a * b, 1);
      this.#slots.set(ordinal, (slot = make(Math.max(1, size) * itemsize(this.dtype))));
    }
    return slot;
  }

  /** The blocks that a box touches, as a range of indices on each axis. */
  blocksOf(box: Box): { readonly low: number[]; readonly high: number[] } {
    return {
      low: box.low.map((x, axis) => cellOf(this.grid[axis]!, x)),
      high: box.high.map((x, axis) => cellOf(this.grid[axis]!, x - 1)),
    };
  }

  get blockCounts(): number[] {
    return cellsPerAxis(this.grid);
  }
  blockBox(block: readonly number[]): Box {
    return cellBox(this.grid, block);
  }
  strides(block: readonly number[]): number[] {
    return contiguousStrides(extents(cellBox(this.grid, block)));
  }
}

/** The memory of a whole stored array under another shape of the same size. */
export class ReshapedStored extends Stored {
  constructor(shape: readonly number[], readonly base: Stored) {
    super(shape, base.dtype, { name: base.stage.name, *prepare() {}, emitBlock: (_stored, _block, emitter) => emitter.ensure(base) }, true);
  }
  override slot(_block: readonly number[], make: (bytes: number) => Slot): Slot {
    return this.base.slot(this.base.shape.map(() => 0), make);
  }
}
