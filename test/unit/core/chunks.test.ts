import { expect, test } from "vitest";
import * as chunks from "../../../lib/core/chunks.js";

test("chunks tell shape, blocks and sizes", () => {
  const cut: chunks.Chunks = [[3, 3, 1], [10]];
  expect(chunks.shapeOfChunks(cut)).toEqual([7, 10]);
  expect(chunks.numBlocks(cut)).toEqual([3, 1]);
  expect([chunks.countBlocks(cut), chunks.countBlocks([])]).toEqual([3, 1]);
  expect(chunks.chunkSize(cut)).toEqual([3, 10]);
  expect(chunks.chunkSize([[2, NaN, 3]])).toEqual([NaN]);
  expect(chunks.chunkBounds([3, 3, 1])).toEqual([0, 3, 6, 7]);
  expect(chunks.wholeChunks([2, 0])).toEqual([[2], [0]]);
});

test("chunks are compared by length, unknown ones alike", () => {
  expect(chunks.sameChunks([[NaN, 2]], [[NaN, 2]])).toBe(true);
  expect(chunks.sameChunks([[1, 2]], [[2, 1]])).toBe(false);
  expect(chunks.sameChunks([[1]], [[1], [1]])).toBe(false);
  expect(chunks.areChunksKnown([[1], [NaN]])).toBe(false);
});

test("uniform chunks leave the rest to the last", () => {
  expect([chunks.uniformChunks(10, 4), chunks.uniformChunks(8, 4), chunks.uniformChunks(0, 4), chunks.uniformChunks(3, 4)])
    .toEqual([[4, 4, 2], [4, 4], [0], [3]]);
});

test("chunks are written as Dask writes them, long lists shortened", () => {
  expect(chunks.formatChunks([[3, 3, 1], [10]])).toBe("((3, 3, 1), (10,))");
  expect(chunks.formatChunks([[NaN]])).toBe("((nan,),)");
  expect(chunks.formatChunks([new Array(100).fill(2)])).toBe("((2, 2, 2, 2, 2, …, 2, 2, 2, 2, 2),)");
});
