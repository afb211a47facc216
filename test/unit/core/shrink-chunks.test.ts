import { expect, test } from "vitest";
import type { Chunks } from "../../../lib/core/chunks.js";
import { shrinkChunks } from "../../../lib/core/shrink-chunks.js";

/** Chunks, axes that may be cut, elements of a block at most; what Dask 2026.8.0 makes of them. */
const CASES: readonly [Chunks, number[], number, Chunks][] = [
  [[[10, 10], [6]], [0], 30, [[5, 5, 5, 5], [6]]],
  [[[10, 3, 7], [6, 6], [5]], [0, 1], 100, [[5, 5, 3, 7], [2, 2, 2, 2, 2, 2], [5]]],
  [[[100], [7]], [0], 49, [[7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 6, 6, 6, 6, 6], [7]]],
  [[[3, 3], [4]], [0, 1], 1, [[1, 1, 1, 1, 1, 1], [1, 1, 1, 1]]],
  [[[12, 5], [8, 8]], [0, 1], 96, [[12, 5], [8, 8]]],
  [[[5], [5]], [0, 1], 20, [[5], [5]]],
];

test.each(CASES)("%j cut along %j to %d elements", (chunks, axes, most, expected) => {
  expect(shrinkChunks(chunks, axes, most, 1.25)).toEqual(expected);
});
