import type { Steps } from "../core/steps.js";
import type { Reduce } from "../expr/reduce.js";
import { sharedCells } from "./cells.js";
import type { Emitter } from "./emit.js";
import { Fold } from "./fold.js";
import { emitFold } from "./fold-box.js";
import { alignedCells } from "./fold-results.js";
import { Fusion } from "./fusion.js";
import { cellBox, cellCount, extents, type Grid } from "./grid.js";
import { nameOf, type Stage } from "./stage.js";
import type { Stored } from "./stored.js";

/** Folds different axes of one domain in one pass. Each cell of the domain leaves a partial result for each fold, or the result. */
export class FoldsStage implements Stage {
  name = "folds";
  readonly folds: Fold[] = [];
  #fusion!: Fusion;
  #grid!: Grid;
  #axes!: readonly number[];
  #layer = -1;
  readonly #emitted = new Set<string>();

  constructor(readonly domain: readonly number[]) {}

  /** The stored array of a node's field. */
  add(node: Reduce, whole: boolean): Stored {
    let fold = this.folds.find((f) => f.axes.join() === node.axes.join());
    if (fold === undefined) this.folds.push((fold = new Fold(node.axes, this.domain, this)));
    return fold.add(node, whole);
  }

  *prepare(emitter: Emitter): Steps {
    const sinks = this.folds.flatMap(({ reducers }, fold) =>
      reducers.map(({ kind, input }) => ({ kind, dtype: input.dtype, merge: false, fold, inputs: [input] })));
    this.#fusion = yield* Fusion.of([], sinks, this.domain, emitter);
    this.#axes = this.#fusion.layout.axes;
    const folds = this.folds.map(({ axes, reducers }) => ({ axes, reducers: reducers.length }));
    const main = this.#fusion.main;
    this.#grid = this.#fusion.cut(alignedCells(this.#fusion, this.folds) ?? sharedCells(this.domain, folds, this.#fusion.layout).grid);
    const name = this.folds.map((f) => f.name).join(" and ");
    this.name = nameOf(main.text, name);
    this.#layer = emitter.addLayer(this.name, cellCount(this.#grid), extents(cellBox(this.#grid, this.#grid.map(() => 0))), main.complaint);
    for (const fold of this.folds) fold.prepareFor(this.#grid, this.#layer, emitter);
  }

  *emitBlock(stored: Stored, block: readonly number[], emitter: Emitter): Steps {
    // All fields come out together: whoever is asked for first brings the others along.
    const fold = this.folds.find((f) => f.fields.includes(stored))!;
    for (const cell of fold.cellsOf(stored, block)) {
      if (fold.isFinished(cell)) continue;
      for (const index of fold.partsOf(cell)) yield* this.#emitCell(index, emitter);
    }
  }

  *#emitCell(index: readonly number[], emitter: Emitter): Steps {
    const key = index.join();
    if (this.#emitted.has(key)) return;
    this.#emitted.add(key);
    const box = cellBox(this.#grid, index);
    yield* emitFold(emitter, this.#layer, this.#fusion, box, this.#axes, this.folds.map((fold) => fold.folding(index, box, emitter)));
    for (const fold of this.folds) fold.folded(index, emitter);
  }
}
