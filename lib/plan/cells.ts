import { type Borders, evenBorders, type Grid } from "./grid.js";

// A cell should take a thread a few tenths of a millisecond: long against the cost of a task (about a microsecond on either side), short
// against cancellation and against the wait for the last thread.
const CELL_NS = 300_000;
const SMALLEST_CELL = 1 << 14;
const LARGEST_CELL = 1 << 21;
/** A plan of more tasks than this would cost the JavaScript thread more than it gains. */
const MOST_CELLS = 1 << 14;
/** Kept elements that a reducer's cell has when it folds rows below each other: some rows of cache lines, a state that stays in L1. */
const KEPT_RUN = 2048;
/** And at most: the state has to stay in L2. */
const MOST_KEPT = 1 << 15;

/** Elements that a cell should have. */
function cellElements(total: number, cost: number): number {
  const wanted = Math.min(LARGEST_CELL, Math.max(SMALLEST_CELL, CELL_NS / Math.max(cost, 0.25)));
  return Math.max(wanted, total / MOST_CELLS);
}

/**
 * Cells for a stage that stores: runs of the last axes, as much of them as fits. `square` names an axis that some operand has its elements
 * side by side on; cells are then as long on it as on the last one, so that both sides use their cache lines.
 */
export function storeCells(shape: readonly number[], cost: number, square?: number): Grid {
  const size = shape.reduce((a, b) => a * b, 1);
  let room = cellElements(size, cost);
  const last = shape.length - 1;
  const side = Math.max(64, Math.round(Math.sqrt(room) / 64) * 64);
  const grid: Borders[] = new Array(shape.length);
  for (let axis = last; axis >= 0; axis--) {
    const n = shape[axis]!;
    const most = square !== undefined && (axis === last || axis === square) ? Math.min(side, room) : room;
    const take = Math.max(1, Math.min(n, Math.floor(most)));
    grid[axis] = evenBorders(n, Math.ceil(n / take));
    room /= take;
    if (square === undefined && take < n) room = 1;
  }
  return grid;
}

/**
 * Cells for a stage that folds: as long as can be on the folded axes, so that few partial results are left; short on kept axes inside folded
 * ones, where the state is. `order` lists the axes as they lie in memory, outermost first.
 */
export function reduceCells(shape: readonly number[], folded: readonly number[], order: readonly number[], cost: number): Grid {
  const size = shape.reduce((a, b) => a * b, 1);
  let room = cellElements(size, cost);
  let kept = 1;
  let stop = false;
  const grid: Borders[] = new Array(shape.length);
  for (let place = order.length - 1; place >= 0; place--) {
    const axis = order[place]!;
    const n = shape[axis]!;
    let take = 1;
    if (folded.includes(axis)) {
      take = stop ? 1 : Math.min(n, room);
      if (take < n) stop = true;
    } else {
      const foldedOutside = order.slice(0, place).some((a) => folded.includes(a) && shape[a]! > 1);
      const most = Math.min(room, (foldedOutside ? KEPT_RUN : MOST_KEPT) / kept);
      take = stop ? 1 : Math.min(n, most);
      if (take < n && !foldedOutside) stop = true;
    }
    take = Math.max(1, Math.floor(take));
    const cells = Math.ceil(n / take);
    grid[axis] = evenBorders(n, cells);
    const longest = Math.ceil(n / cells);
    room /= longest;
    if (!folded.includes(axis)) kept *= longest;
  }
  return grid;
}

/** Cells of whole rows (the last axis), for kernels that need them. */
export function rowCells(shape: readonly number[], cost: number): Grid {
  const n = shape[shape.length - 1]!;
  const outer = storeCells(shape.slice(0, -1), cost * n);
  return [...outer, [0, n]];
}

/** Cells of a product [m, n] over k. */
export function productCells(m: number, n: number, k: number): { rows: Borders; columns: Borders; depth: Borders } {
  const side = 768;
  const rows = evenBorders(m, Math.ceil(m / side));
  const columns = evenBorders(n, Math.ceil(n / side));
  // Few results over a long k: parts of k, added up afterwards.
  const cells = (rows.length - 1) * (columns.length - 1);
  const parts = cells >= 8 ? 1 : Math.min(16, Math.max(1, Math.floor((m * n * k) / 2 ** 24 / cells)), Math.ceil(k / 512));
  return { rows, columns, depth: evenBorders(k, parts) };
}
