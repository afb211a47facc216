import { describe, expect, test } from "vitest";
import { type AnyArray, ChunkedArray } from "../../../lib/array/chunked-array.js";
import { compareStructure, compareValues, engineIsThere, expectError } from "../../support/compare-golden.js";
import { evaluateDask, NotTranslated } from "../../support/dask-expr.js";
import { errorOf, type Golden, goldens } from "../../support/goldens.js";
import { reportSkips, skipCase } from "../../support/skips.js";
import * as nd from "../../../lib/index.js";

reportSkips();

/** Where we differ from Dask on purpose: the fields that then differ, or "*" for the whole case, and why. */
const DEVIATIONS: readonly { readonly match: RegExp; readonly fields: readonly string[]; readonly why: string }[] = [
  { match: /^da\.reshape\(.*,\((8,3|3,8)\)\)$/, fields: ["*"], why: "Dask refuses uneven reshapes; we flatten first" },
  { match: /^da\.repeat\(.*\(2,4\)\),3\)$/, fields: ["*"], why: "Dask wants an axis; we flatten as NumPy does" },
  { match: /^da\.delete\(da\.arange\(10,chunks=4\),3\)$/, fields: ["*"], why: "Dask wants an axis; we flatten as NumPy does" },
  { match: /^da\.median\(.*\(2,4\)\)\)$/, fields: ["*"], why: "Dask wants an axis; we take the median of all as NumPy does" },
  { match: /map_overlap\(.*trim=False\)$/, fields: ["*"], why: "the function sees the whole array, so there is nothing between blocks to leave" },
  { match: /^da\.histogram\(.*,bins=5\)$/, fields: ["*"], why: "Dask wants a range; we find it as NumPy does" },
  { match: /^da\.random\.normal\(np\.arange/, fields: ["layers", "tasks", "layer_tasks"], why: "parameters that are arrays are drawn as arrays" },
];

async function run(section: string, golden: Golden): Promise<void> {
  const { args, expected } = golden;
  const deviation = DEVIATIONS.find(({ match }) => match.test(args));
  if (deviation?.fields.includes("*")) return skipCase(section, args, deviation.why);
  let value: unknown;
  try {
    if (errorOf(golden)) return expectError(errorOf(golden)!, () => evaluateDask(args));
    value = await evaluateDask(args);
  } catch (error) {
    if (error instanceof NotTranslated) return skipCase(section, args, error.message);
    throw error;
  }
  if (typeof expected === "string") return expect((value as AnyArray).dtype).toBe(expected);
  const pairs: [AnyArray, any][] = Array.isArray(expected)
    ? expected.map((one, i): [AnyArray, any] => [(value as AnyArray[])[i]!, one]).filter(([, one]) => typeof one === "object" && "shape" in one)
    : [[value as AnyArray, expected]];
  for (const [x, one] of pairs) {
    const array = x instanceof ChunkedArray ? x : (nd.asarray(x as never) as AnyArray);
    compareStructure(array, one, deviation?.fields ?? []);
    if (one.values === undefined || deviation?.fields.includes("values")) continue;
    if (!(await engineIsThere(() => nd.ones([2]) as AnyArray))) skipCase(section, "values", "there is no engine yet");
    else compareValues(await array.compute(), one.values);
  }
}

describe.each(["expressions", "structure", "numpy_semantics", "dtype_creation"])("%s", (section) => {
  test.each(goldens(section))("$args", (golden) => run(section, golden));
});
