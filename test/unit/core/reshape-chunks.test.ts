import { describe, expect, test } from "vitest";
import { alignedChunks, ensureMinimumChunks } from "../../../lib/core/overlap-chunks.js";
import { contractAxis, expandAxis, reshapeChunks } from "../../../lib/core/reshape-chunks.js";
import { ChunkError } from "../../../lib/errors/index.js";
import { decodeChunks, errorOf, goldens, titleOf } from "../../support/goldens.js";

const HELPERS: Record<string, (...args: any[]) => unknown> = {
  ensure_minimum_chunksize: (size, axis) => ensureMinimumChunks("overlap", axis, size),
  aligned_coarsen_chunks: alignedChunks,
  expand_tuple: expandAxis,
  contract_tuple: contractAxis,
  reshape_rechunk: (from, to, chunks) => {
    const found = reshapeChunks(from, to, decodeChunks(chunks));
    return found && { inchunks: found.input, outchunks: found.output };
  },
};

describe("chunk arithmetic is Dask's", () => {
  test.each(goldens("helpers").map((golden) => ({ golden, title: titleOf(golden) })))("$title", ({ golden }) => {
    const { op, args, expected } = golden;
    const run = () => HELPERS[op](...args);
    const error = errorOf(golden);
    if (error === "ValueError") return expect(run).toThrow(ChunkError);
    expect(run()).toEqual(error === "NotImplementedError" ? null : expected);
  });
});

describe("reshapeChunks gives the chunks of whole reshapes", () => {
  // From the golden section "structure": shape, chunks, new shape, chunks of the result.
  test.each<[number[], number[][], number[], number[][]]>([
    [[4, 6], [[2, 2], [4, 2]], [2, 2, 6], [[1, 1], [2], [4, 2]]],
    [[4, 6], [[2, 2], [4, 2]], [4, 2, 3], [[2, 2], [1, 1], [3]]],
    [[4, 6], [[2, 2], [4, 2]], [4, 3, 2], [[2, 2], [2, 1], [2]]],
    [[4, 6], [[2, 2], [4, 2]], [24, 1], [[6, 6, 6, 6], [1]]],
    [[4, 6], [[2, 2], [4, 2]], [1, 24], [[1], [6, 6, 6, 6]]],
    [[4, 6], [[2, 2], [4, 2]], [4, 6, 1], [[2, 2], [4, 2], [1]]],
    [[2, 3, 4], [[1, 1], [2, 1], [3, 1]], [6, 4], [[2, 1, 2, 1], [3, 1]]],
    [[2, 3, 4], [[1, 1], [2, 1], [3, 1]], [24], [[4, 8, 4, 8]]],
    [[64], [[16, 16, 16, 16]], [4, 4, 4], [[1, 1, 1, 1], [4], [4]]],
    [[4, 4, 4], [[2, 2], [2, 2], [2, 2]], [64], [[8, 8, 8, 8, 8, 8, 8, 8]]],
    [[4, 4, 4], [[2, 2], [2, 2], [2, 2]], [16, 4], [[4, 4, 4, 4], [2, 2]]],
    [[300, 180, 4, 12], [[300], [180], [1, 1, 1, 1], [12]], [216000, 12], [[54000, 54000, 54000, 54000], [12]]],
    [[10, 10, 10], [new Array(10).fill(1), new Array(10).fill(1), [5, 5]], [100, 10], [new Array(100).fill(1), [5, 5]]],
  ])("%j in %j to %j", (from, chunks, to, expected) => {
    expect(reshapeChunks(from, to, chunks)!.output).toEqual(expected);
  });

  test("blocks correspond one to one", () => {
    for (const [from, to, chunks] of [
      [[6, 35, 2], [210, 2], [[4, 2], [10, 10, 15], [1, 1]]], [[210, 2], [6, 35, 2], [[100, 110], [2]]], [[2, 3, 5, 7], [30, 7], [[1, 1], [2, 1], [3, 2], [7]]],
    ] as [number[], number[], number[][]][]) {
      const { input, output } = reshapeChunks(from, to, chunks)!;
      const sizes = (all: readonly (readonly number[])[]) => all.reduce<number[]>((n, axis) => n.flatMap((a) => axis.map((b) => a * b)), [1]);
      expect(sizes(input)).toEqual(sizes(output));
      expect(input.map((axis) => axis.reduce((a, b) => a + b))).toEqual(from);
      expect(output.map((axis) => axis.reduce((a, b) => a + b))).toEqual(to);
    }
  });

  test("an array without elements is one chunk", () => {
    expect(reshapeChunks([0, 4], [2, 0], [[0], [2, 2]])).toEqual({ input: [[0], [4]], output: [[2], [0]] });
  });
});

test("a halo deeper than the axis says both lengths", () => {
  expect(() => ensureMinimumChunks("mapOverlap", [2, 2], 5)).toThrow(
    "mapOverlap: expected an axis of at least 5 elements for a depth of 5, got 4 (chunks (2, 2)).");
});
