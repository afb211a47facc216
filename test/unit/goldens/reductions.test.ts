import { describe, test } from "vitest";
import * as nd from "../../../lib/index.js";
import type { AnyArray } from "../../../lib/array/chunked-array.js";
import { toDType } from "../../../lib/core/dtype.js";
import { compareStructure, compareValues, engineIsThere, expectError } from "../../support/compare-golden.js";
import { evaluateDask } from "../../support/dask-expr.js";
import { decodeChunksSpec, errorOf, type Golden, goldens, titleOf } from "../../support/goldens.js";
import { reportSkips, skipCase } from "../../support/skips.js";

reportSkips();

const camel = (name: string): string => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

/** Parameters that are positional with us. */
const POSITIONAL: Readonly<Record<string, readonly string[]>> = { moment: ["order"], topk: ["k"], argtopk: ["k"], percentile: ["q"], quantile: ["q"], nanquantile: ["q"] };

function run({ op, args }: Golden): AnyArray {
  const x = args.x ? (evaluateDask(`da.${args.x}`) as AnyArray) : nd.ones(args.shape, { chunks: decodeChunksSpec(args.chunks), dtype: toDType(args.dtype) });
  const options = Object.fromEntries(Object.entries(args.kw as Record<string, unknown>).map(([key, value]) => [camel(key), decodeOption(value)]));
  const positional = (POSITIONAL[op] ?? []).map((key) => {
    const value = options[camel(key)];
    delete options[camel(key)];
    return value ?? args[key];
  });
  return (nd as any)[camel(op)](x, ...positional, options);
}

const decodeOption = (value: any): unknown => (value !== null && typeof value === "object" && "dict" in value ? Object.fromEntries(value.dict) : value);

/** Fields that differ from Dask on purpose, or "*" for the whole case, and why. */
function deviationOf({ op, args, note }: Golden): { fields: readonly string[]; why: string } | undefined {
  if (note !== undefined) return { fields: ["*"], why: note };
  if (/^(nan)?median$/.test(op) && args.kw.axis === undefined) return { fields: ["*"], why: "Dask wants an axis; we take the median of all as NumPy does" };
  return op === "percentile" ? { fields: ["values", "layers", "tasks", "layer_tasks"], why: "Dask's percentile is approximate; ours is exact" } : undefined;
}

describe("reductions draw Dask's trees", () => {
  test.each(goldens("reductions").map((golden) => ({ title: titleOf(golden), golden })))("$title", async ({ title, golden }) => {
    const deviation = deviationOf(golden);
    if (deviation) skipCase("reductions", title, `${deviation.fields.join(", ")}: ${deviation.why}`);
    if (deviation?.fields.includes("*")) return;
    if (errorOf(golden)) return expectError(errorOf(golden)!, () => run(golden));
    const x = run(golden);
    compareStructure(x, golden.expected, deviation?.fields);
    if (golden.expected.values === undefined || deviation?.fields.includes("values")) return;
    if (!(await engineIsThere(() => nd.ones([2]) as AnyArray))) return skipCase("reductions", "values", "there is no engine yet");
    compareValues(await x.compute(), golden.expected.values);
  });
});
