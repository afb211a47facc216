import { contiguousStrides } from "../core/shape.js";
import { overdue, type Steps } from "../core/steps.js";
import { Concat } from "../expr/concat.js";
import type { Expr } from "../expr/expr.js";
import { storeCells } from "./cells.js";
import type { Emitter } from "./emit.js";
import { Fusion } from "./fusion.js";
import { type Box, cellBox, cellCount, cellsPerAxis, extents, type Grid, indices, mirrored, volume } from "./grid.js";
import type { Slot } from "./plan.js";
import { writeSegments } from "./segments.js";
import type { Stage } from "./stage.js";
import { Stored } from "./stored.js";

interface Part {
  readonly expr: Expr;
  /** Where the part's first element stands in the stored array. */
  readonly origin: readonly number[];
  fusion?: Fusion;
  grid?: Grid;
}

/** Computes an expression element by element and stores it; each input of a concatenation has a loop nest of its own. */
export class StoreStage implements Stage {
  readonly stored: Stored;
  readonly parts: readonly Part[];
  #layer = -1;
  name = "store";

  constructor(readonly expr: Expr, whole: boolean) {
    this.parts = partsOf(expr, expr.shape.map(() => 0));
    this.stored = new Stored(expr.shape, expr.dtype, this, whole || this.parts.length > 1);
  }

  *prepare(emitter: Emitter): Steps {
    for (const part of this.parts) {
      part.fusion = yield* Fusion.of([part.expr], [], part.expr.shape, emitter, this.expr);
      const aligned = this.parts.length === 1 ? part.fusion.alignedGrid() : undefined;
      part.grid = part.fusion.cut(aligned ?? storeCells(part.expr.shape, part.fusion.main.cost, part.fusion.layout));
    }
    const [first] = this.parts as [Part];
    if (!this.stored.whole) this.stored.grid = first.grid!;
    this.name = first.fusion!.main.text || "copy";
    const cells = this.parts.reduce((n, part) => n + cellCount(part.grid!), 0);
    this.#layer = emitter.addLayer(this.name, cells, extents(cellBox(first.grid!, first.grid!.map(() => 0))), first.fusion!.main.complaint);
  }

  *emitBlock(stored: Stored, block: readonly number[], emitter: Emitter): Steps {
    const slot = emitter.blockSlot(stored, block, this.#layer);
    if (!stored.whole) {
      const box = stored.blockBox(block);
      yield* emitStore(emitter, this.#layer, this.parts[0]!.fusion!, box, { slot, offset: 0, strides: stored.strides(block) });
      return;
    }
    const strides = contiguousStrides(stored.shape);
    for (const part of this.parts) {
      const counts = cellsPerAxis(part.grid!);
      const { axes, square } = part.fusion!.layout;
      for (const index of square ? mirrored(counts, axes.slice(-2) as [number, number]) : indices(counts)) {
        const box = cellBox(part.grid!, index);
        const offset = box.low.reduce((n, x, axis) => n + (x + part.origin[axis]!) * strides[axis]!, 0);
        yield* emitStore(emitter, this.#layer, part.fusion!, box, { slot, offset, strides });
      }
    }
  }
}

/** Computes a box of a fused expression into a slot: one task, or one for each piece that concatenations cut the box into. */
export function* emitStore(emitter: Emitter, layer: number, fusion: Fusion, box: Box, target: { slot: Slot; offset: number; strides: readonly number[] }): Steps {
  const { axes } = fusion.layout;
  const pieces = box.low.map((low, axis) => [low, ...fusion.cuts[axis]!.filter((x) => x > low && x < box.high[axis]!), box.high[axis]!]);
  for (const index of indices(cellsPerAxis(pieces))) {
    const piece = cellBox(pieces, index);
    const { template, program } = yield* fusion.at(piece.low);
    const files = yield* emitter.ensureLoads(template, piece);
    const offset = piece.low.reduce((n, x, axis) => n + (x - box.low[axis]!) * target.strides[axis]!, target.offset);
    emitter.addTask(layer, 0, volume(piece), [target.slot], (words, reader) => {
      words.pushAll([program, 0, 0]);
      const at = words.length - 1;
      words.set(at, writeSegments(words, template, piece, axes, reader, files, [{ ...target, offset }]));
    });
    if (overdue()) yield;
  }
}

function partsOf(expr: Expr, origin: readonly number[]): Part[] {
  if (!(expr instanceof Concat)) return [{ expr, origin }];
  let low = origin[expr.axis]!;
  return expr.inputs.flatMap((input) => {
    const parts = partsOf(input, origin.map((x, axis) => (axis === expr.axis ? low : x)));
    low += input.shape[expr.axis]!;
    return parts;
  });
}
