// Many ways for the same elements to lie in memory and to be cut: what a sweep runs each operation on.
import * as nd from "../../lib/index.js";
import type { AnyArray } from "../../lib/array/chunked-array.js";
import { type Elements, pick } from "./numpy-fixtures.js";

/** A way to make an array of a list of elements. */
export interface Layout {
  readonly name: string;
  /** For n elements: the result's shape, and which element is where. */
  readonly shape: (n: number) => number[];
  readonly positions: (n: number) => number[];
  /** Makes the array: it has the elements at `positions(n)`, in `shape(n)`. */
  readonly make: (x: Elements) => AnyArray;
}

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
const memory = (x: Elements, positions: readonly number[], shape: readonly number[], chunks: unknown): AnyArray =>
  nd.fromArray(pick(x, positions, shape).data, { shape: [...shape], chunks: chunks as never, dtype: x.dtype });
const count = (x: Elements): number => x.shape.reduce((a, b) => a * b, 1);

/** Columns of the two-dimensional layouts. */
const COLUMNS = 6;
const rows = (n: number): number => Math.floor(n / COLUMNS);
const grid = (n: number): number[] => range(rows(n) * COLUMNS);
/** More than two tiles of 1024 elements, and no multiple of a vector. */
const LONG = 2500;

const uneven = (n: number): number[] => {
  const cut = [3, 1, Math.max(0, Math.floor(n / 2) - 4)].filter((c) => c > 0);
  return [...cut, n - cut.reduce((a, b) => a + b, 0)];
};

const flat = (name: string, positions: (n: number) => number[], make: Layout["make"]): Layout => ({
  name, positions, make, shape: (n) => [positions(n).length],
});

/** Layouts of a list of at least 8 elements. */
export const LAYOUTS: readonly Layout[] = [
  flat("one chunk", range, (x) => memory(x, range(count(x)), [count(x)], -1)),
  flat("uneven chunks", range, (x) => memory(x, range(count(x)), [count(x)], [uneven(count(x))])),
  flat("reversed", range, (x) => memory(x, range(count(x)).reverse(), [count(x)], 7).get("::-1")),
  flat("every third", range, (x) => memory(x, range(3 * count(x)).map((i) => Math.floor(i / 3)), [3 * count(x)], -1).get("1::3")),
  {
    name: "transposed", shape: (n) => [rows(n), COLUMNS], positions: grid,
    make: (x) => {
      const n = rows(count(x));
      return memory(x, range(n * COLUMNS).map((i) => (i % n) * COLUMNS + Math.floor(i / n)), [COLUMNS, n], [4, 5]).T;
    },
  },
  {
    name: "a box of a larger array, rows backwards", shape: (n) => [rows(n), COLUMNS], positions: grid,
    make: (x) => {
      const n = rows(count(x));
      const wide = range(n * (COLUMNS + 2)).map((i) => {
        const [row, column] = [n - 1 - Math.floor(i / (COLUMNS + 2)), (i % (COLUMNS + 2)) - 1];
        return column < 0 || column >= COLUMNS ? 0 : row * COLUMNS + column;
      });
      return memory(x, wide, [n, COLUMNS + 2], [3, 3]).get("::-1", "1:-1");
    },
  },
  {
    name: "broadcast", shape: () => [4, 3, 2], positions: () => range(24).map((i) => Math.floor(i / 2) % 3),
    make: (x) => nd.broadcastTo(memory(x, [0, 1, 2], [3, 1], [2, 1]), [4, 3, 2]),
  },
  { name: "no axes", shape: () => [], positions: () => [1], make: (x) => memory(x, [1], [1], -1).get(0) },
  { name: "empty", shape: () => [0, 3], positions: () => [], make: (x) => memory(x, [], [0, 3], [0, 2]) },
  flat("one element", () => [2], (x) => memory(x, [2], [1], -1)),
  flat("long", (n) => range(LONG).map((i) => (i + 1) % n), (x) => memory(x, range(LONG + 1).map((i) => i % count(x)), [LONG + 1], 1000).get("1:")),
];
