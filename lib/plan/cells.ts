import { LOAD_NS, REDUCER_NS } from "./costs.js";
import type { Layout } from "./fusion.js";
import { type Borders, cellCount, evenBorders, type Grid } from "./grid.js";
import {
  CELL_NS, CELL_SIDE, CHAIN_BYTES, CHAIN_ROWS, CHAIN_RUN, FEWEST_CHAINS, FILE_SIDE, KEPT_RUN, LARGEST_CELL, LARGEST_FILE_CELL, LONGER_CELL, MANY_CELLS, MOST_CELLS, MOST_KEPT,
  MANY_PRODUCT_CELLS, PRODUCT_BLOCK, PRODUCT_DEPTH, PRODUCT_PART, PRODUCT_SIDE, PRODUCT_TILE, SHARED_RUN, SMALLEST_CELL, SMALLEST_FILE_CELL, SQUARE_CELL,
} from "./sizes.js";

/** Elements that a cell should have; `longer` times as many where there are many cells. */
function cellElements(shape: readonly number[], cost: number, { square, fromFile }: Layout, longer = 1): number {
  const total = shape.reduce((a, b) => a * b, 1);
  const one = CELL_NS / Math.max(cost, 0.25);
  const wanted = Math.min(square && !fromFile ? SQUARE_CELL : LARGEST_CELL, Math.max(SMALLEST_CELL, one, Math.min(longer * one, total / MANY_CELLS)));
  const most = Math.max(wanted, total / MOST_CELLS);
  return fromFile ? Math.min(LARGEST_FILE_CELL, Math.max(SMALLEST_FILE_CELL, most)) : most;
}

/** As long on both sides as makes a cell of `room` elements. */
const sideOf = (room: number, fromFile: boolean): number => Math.max(fromFile ? FILE_SIDE : CELL_SIDE, Math.round(Math.sqrt(room) / CELL_SIDE) * CELL_SIDE);

/** Cells for a stage that stores: runs of the last axes, as much of them as fits; square ones where an operand lies across. */
export function storeCells(shape: readonly number[], cost: number, layout: Layout, smallest = 0): Grid {
  let room = Math.max(smallest, cellElements(shape, cost, layout));
  const side = sideOf(room, layout.fromFile);
  const grid: Borders[] = new Array(shape.length);
  layout.axes.toReversed().forEach((axis, place) => {
    const n = shape[axis]!;
    const most = layout.square && place < 2 ? Math.min(side, room) : room;
    const take = Math.max(1, Math.min(n, Math.floor(most)));
    grid[axis] = evenBorders(n, Math.ceil(n / take));
    room = take < n && !(layout.square && place === 0) ? 1 : room / take;
  });
  return grid;
}

/**
 * Cells for a stage that folds: as long as can be on the folded axes, so that few partial results are left; short on kept axes inside folded
 * ones, where the state is.
 */
export function reduceCells(shape: readonly number[], folded: readonly number[], layout: Layout, cost: number): Grid {
  let room = cellElements(shape, cost, layout, LONGER_CELL);
  const side = sideOf(room, layout.fromFile);
  let kept = 1;
  let stop = false;
  const grid: Borders[] = new Array(shape.length);
  layout.axes.toReversed().forEach((axis, place) => {
    const n = shape[axis]!;
    const isFolded = folded.includes(axis);
    const foldedOutside = layout.axes.slice(0, shape.length - 1 - place).some((a) => folded.includes(a) && shape[a]! > 1);
    const squared = layout.square && place < 2;
    const most = Math.min(room, squared ? side : Infinity, isFolded ? Infinity : (foldedOutside && !layout.fromFile ? KEPT_RUN : MOST_KEPT) / kept);
    const take = stop ? 1 : Math.max(1, Math.min(n, Math.floor(most)));
    // A run that an axis breaks off is no longer for those outside it; but folding goes on over a short run of kept elements.
    if (take < n && !(squared && place === 0) && (isFolded || !foldedOutside)) stop = true;
    const cells = Math.ceil(n / take);
    grid[axis] = evenBorders(n, cells);
    const longest = Math.ceil(n / cells);
    room /= longest;
    if (!isFolded) kept *= longest;
  });
  return grid;
}

/** Whether the chains of such cells are enough to share out. */
export const isChained = (grid: Grid, axis: number): boolean => cellCount(grid) >= FEWEST_CHAINS * (grid[axis]!.length - 1);

/** Cells of a scan along an axis that go on from each other: some lanes, and as much of the axis as fits. */
export function chainCells(shape: readonly number[], axis: number, itemsize: number, bytes = CHAIN_BYTES): Grid {
  const total = shape.reduce((a, b) => a * b, 1);
  const elements = Math.max(bytes / itemsize, total / MOST_CELLS);
  const below = shape.slice(axis + 1).every((n) => n === 1); // the axis is the innermost: lanes lie below each other
  const most = total / shape[axis]! / (2 * FEWEST_CHAINS); // lanes, so that there are chains enough
  let room = below ? Math.max(CHAIN_ROWS, Math.min(elements / shape[axis]!, most)) : Math.min(CHAIN_RUN[1], Math.max(CHAIN_RUN[0], most));
  let lanes = 1;
  const grid: Borders[] = new Array(shape.length);
  for (let a = shape.length - 1; a >= 0; a--) {
    if (a === axis) continue;
    const n = shape[a]!;
    const take = Math.max(1, Math.min(n, Math.floor(room)));
    const cells = Math.ceil(n / take);
    grid[a] = evenBorders(n, cells);
    lanes *= Math.ceil(n / cells);
    room = take < n ? 1 : room / take;
  }
  grid[axis] = evenBorders(shape[axis]!, Math.ceil((shape[axis]! * lanes) / elements));
  return grid;
}

/** A fold of several that share a pass: its axes, and how many reducers it has. */
export interface SharedFold {
  readonly axes: readonly number[];
  readonly reducers: number;
}

/**
 * Cells for several folds in one pass. They grow along whichever axis leaves fewest partial results, as far as all states together stay in L2.
 *
 * @returns also how many partial results there are for each element of the domain.
 */
export function sharedCells(shape: readonly number[], folds: readonly SharedFold[], layout: Layout): { readonly grid: Grid; readonly partials: number } {
  const last = layout.axes.at(-1);
  const room = cellElements(shape, LOAD_NS + REDUCER_NS * sum(folds, (f) => f.reducers), layout);
  let take = shape.map((n, axis) => (axis === last ? Math.min(n, SHARED_RUN) : Math.min(n, 1)));
  const state = (t: readonly number[]): number => sum(folds, (f) => f.reducers * t.reduce((n, x, axis) => (f.axes.includes(axis) ? n : n * x), 1));
  const partials = (t: readonly number[]): number =>
    sum(folds, (f) => (f.axes.every((axis) => t[axis] === shape[axis]) ? 0 : f.axes.reduce((n, axis) => n / t[axis]!, f.reducers)));
  for (;;) {
    const longer = layout.axes.toReversed().filter((axis) => take[axis]! < shape[axis]!).map((axis) => take.with(axis, Math.min(shape[axis]!, take[axis]! * 2)));
    const allowed = longer.filter((t) => state(t) <= MOST_KEPT && t.reduce((a, b) => a * b, 1) <= room);
    if (allowed.length === 0) break;
    take = allowed.reduce((best, t) => (partials(t) < partials(best) ? t : best));
  }
  return { grid: shape.map((n, axis) => evenBorders(n, Math.ceil(n / Math.max(1, take[axis]!)))), partials: partials(take) };
}

const sum = <T>(values: readonly T[], of: (value: T) => number): number => values.reduce((n, x) => n + of(x), 0);

/** Cells of whole rows (the last axis), for kernels that need them; as many rows as can be where they lie across those of a file. */
export function rowCells(shape: readonly number[], cost: number, { square, fromFile }: Layout): Grid {
  const last = shape.length - 1;
  const across = square && fromFile;
  return storeCells(shape, across ? 0 : cost, { axes: shape.map((_, axis) => axis), square: false, fromFile }).with(last, [0, shape[last]!]);
}

/** Pieces of one long row, each as long as a cell or as `shortest`. */
export function rowPieces(n: number, cost: number, layout: Layout, shortest = 1): Borders {
  return evenBorders(n, Math.ceil(n / Math.max(cellElements([n], cost, layout), shortest)));
}

/** Borders at whole tiles of the kernel, whose edges cost as much as its tiles. */
const productBorders = (length: number, cells: number): Borders => evenBorders(length, cells).map((x) => Math.min(length, Math.ceil(x / PRODUCT_TILE) * PRODUCT_TILE));

export interface ProductCells {
  readonly rows: Borders;
  readonly columns: Borders;
  readonly depth: Borders;
}

/** Cells of a product [m, n] over k whose operands are in memory. */
export function productCells(m: number, n: number, k: number): ProductCells {
  const [across, down] = [n, m].map((length) => Math.ceil(length / PRODUCT_SIDE)) as [number, number];
  // Where there are enough for many threads, taller ones: a part of the right factor is then packed for more rows.
  const rows = productBorders(m, across * down >= MANY_PRODUCT_CELLS ? Math.ceil(down / 2) : down);
  const columns = productBorders(n, across);
  // Few results over a long k: parts of k, added up afterwards.
  const cells = (rows.length - 1) * (columns.length - 1);
  const parts = cells >= 8 ? 1 : Math.min(16, Math.max(1, Math.floor((m * n * k) / PRODUCT_PART / cells)), Math.ceil(k / PRODUCT_DEPTH));
  return { rows, columns, depth: evenBorders(k, parts) };
}

/** Cells of a product whose operands are computed or read block by block: square ones, so that each is asked for as seldom as can be. */
export function productBlocks(m: number, n: number, k: number): ProductCells {
  const blocks = (length: number): Borders => evenBorders(length, Math.ceil(length / PRODUCT_BLOCK));
  return { rows: blocks(m), columns: blocks(n), depth: blocks(k) };
}
