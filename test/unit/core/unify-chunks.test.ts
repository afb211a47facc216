import { describe, expect, test } from "vitest";
import type { Chunks } from "../../../lib/core/chunks.js";
import { normalizeChunks } from "../../../lib/core/normalize-chunks.js";
import { broadcastShapes, type Shape } from "../../../lib/core/shape.js";
import { broadcastChunks, commonChunks, unifyBroadcast, unifyChunks } from "../../../lib/core/unify-chunks.js";
import { ChunkError, ShapeError } from "../../../lib/errors/index.js";
import { decodeChunks, decodeChunksSpec, decodeNumber, errorOf, goldens, titleOf } from "../../support/goldens.js";

const titled = (section: string) => goldens(section).map((golden) => ({ golden, title: titleOf(golden) }));
const chunksOf = (input: any): Chunks => normalizeChunks("test", decodeChunksSpec(input.chunks), input.shape);

describe("commonChunks", () => {
  test.each(titled("common_blockdim"))("$title", ({ golden }) => {
    const run = () => commonChunks("add", decodeChunks(golden.args[0]));
    if (errorOf(golden)) expect(run).toThrow(ChunkError);
    else expect(run()).toEqual(golden.expected);
  });
});

describe("unifyChunks", () => {
  test.each(titled("unify_chunks"))("$title", ({ golden: { args, expected } }) => {
    const found = unifyChunks("blockwise", args.map((input: any) => ({ chunks: chunksOf(input), axes: [...input.ind] })));
    expect(Object.fromEntries(found.byAxis)).toEqual(expected.chunkss);
    expect(found.inputs).toEqual(expected.arrays);
  });

  test("an input that fits already is the very same", () => {
    const chunks: Chunks = [[5, 5]];
    expect(unifyChunks("add", [{ chunks, axes: "i".split("") }]).inputs[0]).toBe(chunks);
  });

  test("growth counts blocks over the largest input", () => {
    const columns: Chunks = [[100], new Array(100).fill(1)];
    const rows: Chunks = [new Array(100).fill(1), [100]];
    expect(unifyBroadcast("add", [columns, rows]).growth).toBe(100);
  });

  test("unknown lengths go with themselves only", () => {
    expect(unifyBroadcast("add", [[[NaN, NaN]], [[NaN, NaN]]]).chunks).toEqual([[NaN, NaN]]);
    expect(() => unifyBroadcast("add", [[[NaN, NaN]], [[10]]])).toThrow(ChunkError);
  });
});

describe("broadcastShapes", () => {
  test.each(titled("broadcast_shapes"))("$title", ({ golden }) => {
    const run = () => broadcastShapes("add", ...(golden.args.map((shape: unknown[]) => shape.map(decodeNumber)) as Shape[]));
    if (errorOf(golden)) expect(run).toThrow(ShapeError);
    else expect(run()).toEqual(golden.expected);
  });

  test.each<[string, Shape[], string]>([
    ["equal ranks", [[10], [9]], "add: shapes (10,) and (9,) do not broadcast: axis 0 is 10 vs 9."],
    ["other ranks", [[2, 3], [4]], "add: shapes (2, 3) and (4,) do not broadcast: axis -1 is 3 vs 4."],
    ["three", [[2], [1], [5]], "add: shapes (2,), (1,) and (5,) do not broadcast: axis 0 is 2 vs 5."],
    ["an unknown length beside a known one", [[NaN], [5]], "add: shapes (nan,) and (5,) may not broadcast: axis -1 is 5 vs an unknown length; "],
  ])("says what differs: %s", (_, shapes, message) => expect(() => broadcastShapes("add", ...shapes)).toThrow(message));

  test("unknown lengths spread over 1, 0 and themselves", () => {
    expect(broadcastShapes("add", [NaN, 3], [1, 3])).toEqual([NaN, 3]);
    expect(broadcastShapes("add", [NaN], [0])).toEqual([NaN]);
    expect(broadcastShapes("add", [NaN], [NaN])).toEqual([NaN]);
  });
});

describe("arrays that are broadcast together", () => {
  test.each(titled("broadcast_arrays"))("$title", ({ golden: { args, expected } }) => {
    const { chunks } = unifyBroadcast("broadcastArrays", args.map(chunksOf));
    for (const each of expected) expect(chunks).toEqual(each);
  });
});

describe("broadcastChunks", () => {
  test.each(titled("broadcast_to").filter(({ golden }) => golden.args.to_chunks === null && !errorOf(golden)))("$title", ({ golden: { args, expected } }) => {
    expect(broadcastChunks(chunksOf(args), args.shape, args.to)).toEqual(expected.chunks);
  });
});
