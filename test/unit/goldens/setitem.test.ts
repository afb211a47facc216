import { describe, test } from "vitest";
import { fromArray } from "../../../lib/api/creation/from-array.js";
import { asarray } from "../../../lib/api/creation/asarray.js";
import { withValue } from "../../../lib/api/indexing/with.js";
import { rechunk } from "../../../lib/api/rechunk/rechunk.js";
import type { AnyArray } from "../../../lib/array/chunked-array.js";
import { slice } from "../../../lib/core/slice.js";
import { compareStructure, compareValues, engineIsThere, expectError } from "../../support/compare-golden.js";
import { errorOf, goldens, titleOf } from "../../support/goldens.js";
import { reportSkips, skipCase } from "../../support/skips.js";

reportSkips();

function part(item: any): any {
  if (item === null || typeof item !== "object") return item;
  return "s" in item ? slice(...(item.s as [number, number, number])) : item.a;
}

describe("with draws Dask's setitem and sets the same elements", () => {
  test.each(goldens("setitem").map((golden) => ({ title: titleOf(golden), golden })))("$title", async ({ golden }) => {
    const { shape, chunks, index, value, value_is_dask: lazy } = golden.args;
    const data = BigInt64Array.from({ length: shape.reduce((a: number, b: number) => a * b, 1) }, (_, i) => BigInt(i));
    const run = (): AnyArray =>
      withValue(fromArray(data, { shape, chunks }) as AnyArray, index.map(part), lazy ? (rechunk(fromArray(BigInt64Array.from(value, (v) => BigInt(v as number)), { chunks: 1 }), 1) as AnyArray) : value);
    if (errorOf(golden)) return expectError(errorOf(golden)!, run);
    const x = run();
    compareStructure(x, golden.expected);
    if (!(await engineIsThere(() => asarray([1]) as AnyArray))) return skipCase("setitem", "values", "there is no engine yet");
    compareValues(await x.compute(), golden.expected.values);
  });
});
