import { describe, expect, test } from "vitest";
import { config } from "../../../lib/config/index.js";
import type { DType } from "../../../lib/core/dtype.js";
import { normalizeChunks } from "../../../lib/core/normalize-chunks.js";
import { AxisError, ChunkError } from "../../../lib/errors/index.js";
import { decodeChunks, decodeChunksSpec, decodeNumber, errorOf, goldens, titleOf } from "../../support/goldens.js";
import { reportSkips, skipCase } from "../../support/skips.js";

reportSkips();

/** What the Python errors of this section are here. */
const ERRORS: Record<string, typeof ChunkError> = { ValueError: ChunkError, TypeError: ChunkError };

describe("normalizeChunks gives Dask's chunks", () => {
  test.each(goldens("normalize_chunks").map((golden) => ({ golden, title: titleOf(golden) })))("$title", ({ golden }) => {
    const { args, expected } = golden;
    if (args.dtype === "object" || args.dtype === "|S0") return skipCase("normalize_chunks", [args.dtype], "there is no such dtype here");
    const shape = args.shape && args.shape.map(decodeNumber);
    const run = () => config.with(args.config ?? {}, () => normalizeChunks("ones", decodeChunksSpec(args.chunks), shape, {
      dtype: args.dtype as DType, limit: args.limit ?? undefined, previous: args.previous_chunks && decodeChunksSpec(args.previous_chunks) as number[][],
    }));
    if (args.chunks?.dict?.[0][0] === 2 && shape.length === 2) {
      skipCase("normalize_chunks", args.chunks, "Dask ignores a rule for an axis that is not there; it is an AxisError here");
      return expect(run).toThrow(AxisError);
    }
    const error = errorOf(golden);
    if (error) return expect(run).toThrow(ERRORS[error]);
    expect(run()).toEqual(decodeChunks(expected));
  });
});

describe("normalizeChunks tells what is wrong", () => {
  test.each<[string, () => unknown, string]>([
    ["a wrong sum", () => normalizeChunks("rechunk", [[3, 3]], [10]),
      "rechunk: chunks (3, 3) on axis 0 add up to 6, but the axis has 10 elements. Did you mean 3 (→ 3, 3, 3, 1)?"],
    ["too few axes", () => normalizeChunks("ones", [2], [4, 4]), "ones: expected chunks for 2 axes (shape (4, 4)), got 1."],
    ["a fraction", () => normalizeChunks("ones", 2.5, [4]), "ones: expected a chunk length ≥ 1 on axis 0, got 2.5."],
    ["zero", () => normalizeChunks("ones", 0, [4]), "ones: expected a chunk length ≥ 1 on axis 0, got 0."],
    ["-2", () => normalizeChunks("ones", -2, [4]), "ones: expected a chunk length ≥ 1 on axis 0, got -2; use -1 for one chunk."],
    ["no unit", () => normalizeChunks("ones", "12 parsecs", [4], { dtype: "int8" }), 'got "12 parsecs"'],
    ["an axis that is not there", () => normalizeChunks("ones", { 3: 1 }, [4]), "ones: chunks are given for axis 3, which a 1-d array (shape (4,)) does not have."],
    ["negative lengths", () => normalizeChunks("ones", [[5, -1]], [4]), "whole numbers ≥ 0 on axis 0, got -1."],
    ["more chunks than can be held", () => normalizeChunks("ones", 1, [1e12]), "ones: expected at most 33554432 chunks on axis 0, got 1000000000000 of 1; use longer"],
    ["a wrong sum on a huge axis", () => normalizeChunks("ones", [[1]], [1e12]), "add up to 1, but the axis has 1000000000000 elements."],
    ["no chunks", () => normalizeChunks("ones", undefined as never, [4]), 'use a chunk length, "auto", or -1 for one chunk.'],
  ])("%s", (_, run, message) => expect(run).toThrow(message));
});

test("negative axes count from the end", () => {
  expect(normalizeChunks("ones", { "-1": 2 }, [3, 4])).toEqual([[3], [2, 2]]);
});

test("typed arrays are lists", () => {
  expect(normalizeChunks("ones", [Int32Array.of(1, 3)], [4])).toEqual([[1, 3]]);
});

test("a million chunks take milliseconds", () => {
  normalizeChunks("ones", 8, [8e6]);
  const start = performance.now();
  expect(normalizeChunks("ones", 8, [8e6])[0].length).toBe(1e6);
  expect(performance.now() - start).toBeLessThan(100);
});
