import { describe, expect, test } from "vitest";
import * as nd from "../../../../lib/index.js";
import { decodeChunks, decodeChunksSpec, goldens, titleOf } from "../../../support/goldens.js";
import { reportSkips, skipCase } from "../../../support/skips.js";

reportSkips();

describe("unifyChunks cuts arrays as Dask does", () => {
  test.each(goldens("unify_chunks").map((golden) => ({ title: titleOf(golden), golden })))("$title", ({ golden }) => {
    const pairs = (golden.args as { shape: number[]; chunks: unknown; ind: string }[]).map(({ shape, chunks, ind }) =>
      [nd.ones(shape, { chunks: decodeChunksSpec(chunks) }), ind] as [nd.AnyArray, string]);
    if (golden.expected.error) {
      expect(() => nd.unifyChunks(...pairs)).toThrow(nd.NdloomError);
      return;
    }
    if (!golden.expected.arrays) return skipCase("unify_chunks", golden.args, "no arrays to compare");
    const { chunks, arrays } = nd.unifyChunks(...pairs);
    expect(arrays.map((x) => x.chunks)).toEqual(golden.expected.arrays.map(decodeChunks));
    for (const [letter, axis] of Object.entries(golden.expected.chunkss)) expect(chunks[letter]).toEqual(decodeChunks([axis])[0]);
  });
});
