import type { Steps } from "../core/steps.js";
import type { Reduce } from "../expr/reduce.js";
import { sharedCells } from "./cells.js";
import type { Emitter } from "./emit.js";
import { Fold } from "./fold.js";
import { Fusion } from "./fusion.js";
import { cellBox, cellCount, extents, type Grid, volume } from "./grid.js";
import { writeSegments } from "./segments.js";
import { MOST_KEPT } from "./sizes.js";
import type { Stage } from "./stage.js";
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
    this.#grid = this.#fusion.cut(this.#alignedGrid() ?? sharedCells(this.domain, folds, this.#fusion.layout).grid);
    const name = this.folds.map((f) => f.name).join(" and ");
    this.name = main.text ? `${main.text} → ${name}` : name;
    this.#layer = emitter.addLayer(this.name, cellCount(this.#grid), extents(cellBox(this.#grid, this.#grid.map(() => 0))), main.complaint);
    for (const fold of this.folds) fold.prepare(this.#grid, this.#layer, emitter);
  }

  /** The blocks of an operand that is stored so: each is then folded when it is there, and goes. */
  #alignedGrid(): Grid | undefined {
    const blocks = this.#fusion.alignedGrid();
    if (blocks === undefined) return undefined;
    const kept = (fold: Fold): number => fold.kept.reduce((n, axis) => n * (blocks[axis]![1]! - blocks[axis]![0]!), 1);
    return this.folds.every((fold) => kept(fold) <= MOST_KEPT) ? blocks : undefined;
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
    const { template, program } = yield* this.#fusion.at(box.low);
    const files = yield* emitter.ensureLoads(template, box);
    const places = this.folds.map((fold) => fold.places(index, emitter));
    const fields = places.flatMap((p) => p.fields);
    emitter.addTask(this.#layer, 0, volume(box), [...new Set(fields.map((f) => f.slot))], (words, reader) => {
      words.pushAll([program, ...places.map((p) => p.capacity), ...fields.flatMap((f) => [f.slot.id, f.offset]), 0]);
      const at = words.length - 1;
      words.set(at, writeSegments(words, template, box, this.#axes, reader, files, [], this.folds.map((fold) => fold.target(box))));
    });
    for (const fold of this.folds) fold.folded(index, emitter);
    if (emitter.due) yield;
  }
}
