import type { Steps } from "../core/steps.js";
import { Buffer } from "../expr/buffer.js";
import type { Reduce } from "../expr/reduce.js";
import type { Scan } from "../expr/scan.js";
import { itemsize } from "../core/dtype.js";
import { chainCells, isChained, reduceCells } from "./cells.js";
import { Chain } from "./chain.js";
import type { Emitter } from "./emit.js";
import { emitFold } from "./fold-box.js";
import { alignedCells, FoldResults, type Place, partsOfGroup } from "./fold-results.js";
import { Fusion } from "./fusion.js";
import { type Box, cellBox, cellCount, cellsPerAxis, extents, type Grid, indices, mirrored } from "./grid.js";
import { FUSED_CHAIN_BYTES } from "./sizes.js";
import { nameOf, type Stage } from "./stage.js";
import { Stored } from "./stored.js";

/**
 * Folds axes away, for one or several reducers over the same domain in one pass. A cell of kept elements is folded over all cells of the folded axes,
 * each leaving a partial result; a merge task folds those in their order.
 */
export class ReduceStage implements Stage {
  name = "reduce";
  readonly #results: FoldResults;
  #fusion!: Fusion;
  /** The grids of the domain's pieces; one where the pieces have their cells in common. */
  #grids!: readonly Grid[];
  #axes!: readonly number[];
  #layer = -1;
  readonly #emitted = new Set<string>();
  #scan: Scan | undefined;
  #chain: Chain | undefined;

  constructor(folded: readonly number[], domain: readonly number[]) {
    this.#results = new FoldResults(folded, domain, this);
  }

  /** Takes a scan of the domain into its pass, when cells that go on from each other suit both: then what is scanned is stored nowhere. */
  takes(scan: Scan): boolean {
    const { axis, shape, dtype } = scan;
    const fits = this.#scan === undefined && this.#results.axes.includes(axis) && isChained(chainCells(shape, axis, itemsize(dtype)), axis);
    if (fits) this.#scan = scan;
    return fits;
  }

  /** The stored array of a node's field. */
  add(node: Reduce, whole: boolean): Stored {
    return this.#results.add(node, whole);
  }

  *prepare(emitter: Emitter): Steps {
    const { axes: folded, domain, kept, name, reducers } = this.#results;
    const sinks = reducers.map((r) => ({ kind: r.kind, dtype: r.input.dtype, merge: false, fold: 0, inputs: [r.input] }));
    this.#fusion = yield* Fusion.of([], sinks, domain, emitter);
    const { layout, main, pieces } = this.#fusion;
    this.#axes = layout.axes;
    const scan = this.#scan;
    const cells = (shape: readonly number[]): Grid => {
      if (scan === undefined) return reduceCells(shape, folded, layout, main.cost);
      return layout.fromFile ? reduceCells(shape, [scan.axis], layout, main.cost) : chainCells(shape, scan.axis, itemsize(scan.dtype), FUSED_CHAIN_BYTES);
    };
    const aligned = scan === undefined ? alignedCells(this.#fusion, [this.#results]) : undefined;
    const grid = this.#fusion.cut(aligned ?? cells(domain));
    // Where all is folded and in memory, each piece has cells of its own: a border does not cut the cells beside it.
    const inMemory = scan === undefined && main.loads.every(({ source }) => source instanceof Buffer || (source instanceof Stored && source.whole));
    this.#grids = inMemory && kept.length === 0
      ? pieces.map((piece) => cells(extents(piece)).map((borders, axis) => borders.map((x) => x + piece.low[axis]!)))
      : [grid];
    this.name = nameOf(main.text, name);
    const widest = this.#grids.reduce((a, b) => (cellCount(b) > cellCount(a) ? b : a));
    this.#layer = emitter.addLayer(this.name, this.#grids.reduce((n, g) => n + cellCount(g), 0), extents(cellBox(widest, widest.map(() => 0))), main.complaint);
    this.#results.prepare(grid, this.#parts, this.#layer, emitter);
    if (scan !== undefined) this.#chain = new Chain(scan, this.#layer);
  }

  /** Parts that a cell of kept elements is folded in. */
  get #parts(): number {
    return this.#grids.reduce((n, grid) => n + this.#results.axes.reduce((m, axis) => m * (grid[axis]!.length - 1), 1), 0);
  }

  *emitBlock(stored: Stored, block: readonly number[], emitter: Emitter): Steps {
    // All fields come out together: whoever is asked for first brings the others along.
    for (const cell of this.#results.cellsOf(stored, block)) {
      const key = cell.join();
      if (this.#emitted.has(key)) continue;
      this.#emitted.add(key);
      const { capacity, places, finish } = this.#results.targets(cell, emitter);
      yield* this.#emitParts(this.#boxes(cell), this.#parts, capacity, places, emitter);
      finish();
    }
  }

  /** What is folded for a cell of the kept axes: boxes, in the order in which their results are merged. */
  *#boxes(cell: readonly number[]): Generator<Box, void, undefined> {
    const { axes: folded, kept } = this.#results;
    const pair = this.#axes.slice(-2);
    const inPairs = this.#scan === undefined && this.#fusion.layout.square && pair.every((axis) => folded.includes(axis));
    for (const grid of this.#grids) {
      const counts = cellsPerAxis(grid).map((n, axis) => (folded.includes(axis) ? n : 1));
      for (const index of inPairs ? mirrored(counts, pair as [number, number]) : indices(counts)) {
        yield cellBox(grid, index.map((i, axis) => (folded.includes(axis) ? i : cell[kept.indexOf(axis)]!)));
      }
    }
  }

  /** Folds the next `count` parts; where there are many, groups of them are merged as they come, so that few partial results are held. */
  *#emitParts(boxes: Iterator<Box, void>, count: number, capacity: number, places: readonly Place[], emitter: Emitter): Steps {
    if (count === 1) {
      const box = boxes.next().value!;
      return yield* emitFold(emitter, this.#layer, this.#fusion, box, this.#axes, [{ capacity, places, state: this.#results.state(box) }], this.#chain);
    }
    const each = partsOfGroup(count);
    const groups = Math.ceil(count / each);
    const partials = this.#results.partials(groups, capacity, emitter);
    for (let group = 0; group < groups; group++) {
      yield* this.#emitParts(boxes, Math.min(each, count - group * each), capacity, partials.map((slot) => ({ slot, offset: group * capacity })), emitter);
    }
    this.#results.merge(groups, capacity, partials, places, emitter);
  }
}
