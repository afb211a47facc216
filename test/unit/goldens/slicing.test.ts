import { describe, test } from "vitest";
import { fromArray } from "../../../lib/api/creation/from-array.js";
import { blockAt } from "../../../lib/api/indexing/blocks.js";
import { get } from "../../../lib/api/indexing/get.js";
import { vindex } from "../../../lib/api/indexing/vindex.js";
import type { AnyArray } from "../../../lib/array/chunked-array.js";
import { allocate, type DType } from "../../../lib/core/dtype.js";
import { slice } from "../../../lib/core/slice.js";
import { compareStructure, compareValues, engineIsThere, expectError } from "../../support/compare-golden.js";
import { decodeChunksSpec, errorOf, type Golden, goldens, titleOf } from "../../support/goldens.js";
import { reportSkips, skipCase } from "../../support/skips.js";

reportSkips();

/** Where we do better than Dask, by case. */
const DEVIATIONS: Readonly<Record<string, string>> = {
  '[null,{"a":[0,7,2]}]': "Dask fails on a new axis beside a list of several chunks; we do as NumPy",
  '[{"s":[null,null,null]},null,{"a":[0,7,2]}]': "Dask fails on a new axis beside a list of several chunks; we do as NumPy",
  '[{"bool":true}]': "Python's True as an integer index",
};

const range = (shape: readonly number[]): BigInt64Array =>
  BigInt64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => BigInt(i));

function source({ shape, chunks }: Golden["args"]): AnyArray {
  return fromArray(range(shape), { shape, chunks: decodeChunksSpec(chunks) }) as AnyArray;
}

function lazy({ chunks, dtype, data }: { chunks: number[][]; dtype: DType; data: unknown }): AnyArray {
  const flat = (Array.isArray(data) ? data.flat() : [data]) as (number | boolean)[];
  const typed = allocate(dtype, flat.length) as unknown as { [i: number]: number | bigint };
  flat.forEach((value, i) => (typed[i] = dtype === "int64" ? BigInt(value) : Number(value)));
  return fromArray(typed as never, { shape: chunks.map((c) => c.reduce((a, b) => a + b, 0)), chunks, dtype: dtype === "bool" ? "bool" : undefined }) as AnyArray;
}

function part(item: any): any {
  if (item === null || item === "..." || typeof item === "number") return item;
  if ("s" in item) return slice(...(item.s as [number, number, number]));
  if ("a" in item) return item.a;
  if ("b" in item) return item.b;
  if ("float" in item) return item.float;
  if ("bool" in item) return item.bool;
  if ("da" in item) return lazy(item.da);
  throw new Error(`unknown index ${JSON.stringify(item)}`);
}

/** Masks and index arrays were made from the array itself there: the layers before ours differ. */
const usesLazy = (args: Golden["args"]): boolean => args.index.some((item: any) => item !== null && typeof item === "object" && "da" in item);

describe("indexing", () => {
  test.each(goldens("slicing").filter(({ op }) => op === "getitem"))("get $args", (golden) => check(golden, get));
  test.each(goldens("slicing").filter(({ op }) => op === "vindex"))("vindex $args", (golden) => check(golden, vindex));
  test.each(goldens("slicing").filter(({ op }) => op === "blocks"))("blockAt $args", (golden) => check(golden, blockAt));
});

async function check(golden: Golden, index: (x: AnyArray, ...parts: any[]) => AnyArray): Promise<void> {
  const { args, expected } = golden;
  const run = (): AnyArray => index(source(args), ...args.index.map(part));
  const why = golden.op === "getitem" ? DEVIATIONS[JSON.stringify(args.index)] : undefined;
  if (why) return skipCase("slicing", titleOf(golden), why);
  if (errorOf(golden)) return expectError(errorOf(golden)!, run);
  const x = run();
  compareStructure(x, expected, usesLazy(args) ? ["layers", "tasks", "layer_names"] : []);
  if (expected.values === undefined) return;
  if (!(await engineIsThere(() => source({ shape: [2], chunks: 1 })))) return skipCase("slicing", "values", "there is no engine yet");
  compareValues(await x.compute(), expected.values);
}
