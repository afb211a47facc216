import { describe, expect, test } from "vitest";
import type { Chunks } from "../../../lib/core/chunks.js";
import { graphSize, piecesOf, planRechunk } from "../../../lib/core/rechunk-plan.js";
import { balanceChunks, divideToWidth, mergeToNumber } from "../../../lib/core/resize-chunks.js";
import { decodeChunks, decodeList, goldens, titleOf } from "../../support/goldens.js";

const titled = (section: string) => goldens(section).map((golden) => ({ golden, title: titleOf(golden) }));

describe("planRechunk goes by Dask's steps", () => {
  test.each(titled("plan_rechunk"))("$title", ({ golden: { args, expected } }) => {
    const steps = planRechunk(decodeChunks(args.old), decodeChunks(args.new), {
      itemsize: args.itemsize, threshold: args.threshold ?? 4, blockSizeLimit: args.block_size_limit ?? 2 ** 27,
    });
    expect(steps).toEqual(expected.map(decodeChunks));
  });
});

const HELPERS: Record<string, (...args: any[]) => unknown> = {
  divide_to_width: (axis, width) => divideToWidth(decodeList(axis), width),
  merge_to_number: (axis, count) => mergeToNumber(decodeList(axis), count),
  old_to_new: (from: Chunks, to: Chunks) =>
    from.map((axis, i) => piecesOf(axis, to[i]).map((pieces) => pieces.map(({ block, start, stop }) => [block, start, stop]))),
  estimate_graph_size: (from, to) => graphSize(decodeChunks(from), decodeChunks(to)),
  balance_chunksizes: (axis: number[]) => balanceChunks(axis) ?? axis,
};

describe("the pieces of rechunking are Dask's", () => {
  test.each(titled("rechunk_helpers"))("$title", ({ golden: { op, args, expected } }) => {
    expect(HELPERS[op](...args)).toEqual(expected);
  });
});

test("pieces of unknown chunks are the chunks", () => {
  expect(piecesOf([NaN, NaN], [NaN, NaN])).toEqual([[{ block: 0, start: 0, stop: NaN }], [{ block: 1, start: 0, stop: NaN }]]);
});

test("an empty new chunk takes an empty piece", () => {
  expect(piecesOf([3, 3], [3, 0, 3])).toEqual([[{ block: 0, start: 0, stop: 3 }], [{ block: 0, start: 3, stop: 3 }], [{ block: 1, start: 0, stop: 3 }]]);
});

test("plans for long lists of chunks take well under a second", () => {
  const tiny: Chunks = [new Array(100_000).fill(1), [100]];
  const start = performance.now();
  planRechunk(tiny, [[100_000], new Array(100).fill(1)], { itemsize: 8, threshold: 4, blockSizeLimit: 1e6 });
  mergeToNumber(Array.from({ length: 100_000 }, (_, i) => 1 + (i % 7)), 10);
  expect(performance.now() - start).toBeLessThan(1000);
});
