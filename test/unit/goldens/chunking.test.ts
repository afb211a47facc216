import { describe, expect, test } from "vitest";
import { operators } from "../../../lib/api/ufuncs/operators.js";
import { zeros } from "../../../lib/api/creation/full.js";
import { broadcastArrays, broadcastTo } from "../../../lib/api/manipulation/broadcast.js";
import { rechunk } from "../../../lib/api/rechunk/rechunk.js";
import type { AnyArray } from "../../../lib/array/chunked-array.js";
import { toDType } from "../../../lib/core/dtype.js";
import { compareStructure, expectError } from "../../support/compare-golden.js";
import { decodeChunks, decodeChunksSpec, errorOf, type Golden, goldens, titleOf } from "../../support/goldens.js";
import { reportSkips, skipCase } from "../../support/skips.js";

reportSkips();

const made = ({ shape, chunks, dtype = "f8" }: { shape: number[]; chunks: unknown; dtype?: string }): AnyArray =>
  zeros(shape, { chunks: decodeChunksSpec(chunks), dtype: toDType(dtype) }) as AnyArray;

const titled = (section: string): { title: string; golden: Golden }[] => goldens(section).map((golden) => ({ title: titleOf(golden), golden }));

function check(golden: Golden, run: () => AnyArray): void {
  if (errorOf(golden)) return expectError(errorOf(golden)!, run);
  compareStructure(run(), golden.expected);
}

describe("rechunk draws Dask's steps", () => {
  test.each(titled("rechunk"))("$title", ({ golden }) => {
    const { rechunk: spec, kw = {} } = golden.args;
    if (Array.isArray(spec) && spec.length > golden.args.shape.length && golden.args.shape.length > 1) {
      expectError("ValueError", () => rechunk(made(golden.args), decodeChunksSpec(spec)));
      return skipCase("rechunk", golden.args, "Dask ignores chunks for axes that are not there; we refuse them");
    }
    check(golden, () => rechunk(made(golden.args), decodeChunksSpec(spec), { balance: kw.balance, threshold: kw.threshold, blockSizeLimit: kw.block_size_limit }));
  });
});

describe("element-wise operands are cut alike", () => {
  test.each(titled("elemwise_chunks"))("$title", ({ golden }) =>
    check(golden, () => (golden.args as never[]).map((one) => made(one)).reduce((x, y) => operators.add(x, y) as AnyArray)));
});

describe("broadcastTo keeps the chunks of axes that are not repeated", () => {
  test.each(titled("broadcast_to"))("$title", ({ golden }) => {
    const { to, to_chunks: chunks } = golden.args;
    check(golden, () => broadcastTo(made(golden.args), to, chunks === null ? {} : { chunks: decodeChunksSpec(chunks) }));
  });
});

describe("broadcastArrays brings arrays to one shape and chunking", () => {
  test.each(titled("broadcast_arrays"))("$title", ({ golden }) => {
    const arrays = broadcastArrays(...(golden.args as never[]).map((one) => made(one)));
    expect(arrays.map((x) => x.chunks)).toEqual((golden.expected as unknown[]).map(decodeChunks));
  });
});
