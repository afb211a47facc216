/** An axis cut in cells: its borders from 0 to its length. */
export type Borders = readonly number[];
/** How a domain is cut in cells. */
export type Grid = readonly Borders[];

export interface Box {
  readonly low: readonly number[];
  readonly high: readonly number[];
}

export const wholeGrid = (shape: readonly number[]): Grid => shape.map((n) => [0, n]);
export const cellsPerAxis = (grid: Grid): number[] => grid.map((b) => b.length - 1);
export const cellCount = (grid: Grid): number => grid.reduce((n, b) => n * (b.length - 1), 1);

/** The cell at an index of the grid. */
export const cellBox = (grid: Grid, index: readonly number[]): Box =>
  ({ low: index.map((i, axis) => grid[axis]![i]!), high: index.map((i, axis) => grid[axis]![i + 1]!) });

export const wholeBox = (shape: readonly number[]): Box => ({ low: shape.map(() => 0), high: shape });

export const extents = (box: Box): number[] => box.low.map((low, axis) => box.high[axis]! - low);
export const volume = (box: Box): number => box.low.reduce((n, low, axis) => n * (box.high[axis]! - low), 1);

/** An axis of `length` in `cells` pieces whose lengths differ by one at most. */
export function evenBorders(length: number, cells: number): Borders {
  const count = Math.max(1, Math.min(cells, length));
  return Array.from({ length: count + 1 }, (_, i) => Math.floor((length * i) / count));
}

/** The borders of both. */
export function mergeBorders(a: Borders, b: readonly number[]): Borders {
  if (b.length === 0) return a;
  return [...new Set([...a, ...b])].sort((x, y) => x - y);
}

/** Which cell of an axis holds a coordinate. */
export function cellOf(borders: Borders, coordinate: number): number {
  let low = 0;
  let high = borders.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (borders[middle]! <= coordinate) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Every index of a grid of `counts`, in C order: one array, which changes. */
export function* indices(counts: readonly number[]): Generator<readonly number[], void, undefined> {
  if (counts.some((n) => n === 0)) return;
  const index = new Array<number>(counts.length).fill(0);
  for (;;) {
    yield index;
    let axis = counts.length - 1;
    while (axis >= 0 && ++index[axis]! === counts[axis]!) index[axis--] = 0;
    if (axis < 0) return;
  }
}

/** The same indices; those that are each other's transpose on two axes come one after the other, for what they read may be the same. */
export function* mirrored(counts: readonly number[], [a, b]: readonly [number, number]): Generator<readonly number[], void, undefined> {
  for (const index of indices(counts)) {
    const i = index[a]!;
    const j = index[b]!;
    const hasMirror = i < counts[b]! && j < counts[a]!;
    if (i > j && hasMirror) continue;
    yield index;
    if (i < j && hasMirror) yield index.map((n, axis) => (axis === a ? j : axis === b ? i : n));
  }
}
