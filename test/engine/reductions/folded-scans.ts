import { describe, expect, test } from "vitest";
import type { AnyArray } from "../../../lib/array/chunked-array.js";
import { DTYPES, isComplex } from "../../../lib/core/dtype.js";
import * as nd from "../../../lib/index.js";

const SCANS = { cumsum: nd.cumsum, cumprod: nd.cumprod } as const;

/** Arrays of one shape, which lie differently in memory. */
function layouts(x: AnyArray, shape: readonly number[]): Record<string, AnyArray> {
  const turned = nd.transpose(nd.fromArray(range(shape.toReversed()), { shape: shape.toReversed(), chunks: 3 })).astype(x.dtype);
  return { contiguous: x, transposed: turned, reversed: nd.flip(x), sum: x.add(turned), joined: nd.concatenate([x.get(":4"), x.get("4:")]) };
}

const range = (shape: readonly number[]): Float64Array => Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => ((i * 7) % 5) - 1.5);

/** Declares the tests of scans that are folded as they come: what comes out has the elements of the scan stored first, then folded. */
export function checkFoldedScans(shape: readonly number[]): void {
  const dtypes = DTYPES.filter((dtype) => dtype !== "bool");
  describe.each(Object.keys(SCANS) as (keyof typeof SCANS)[])("%s that is folded", (name) => {
    test.each(dtypes)("of %s, along every axis, in every layout, is as the stored scan folded", async (dtype) => {
      const faults: string[] = [];
      let count = 0;
      for (const [layout, x] of Object.entries(layouts(nd.fromArray(range(shape), { shape, chunks: 4 }).astype(dtype), shape))) {
        for (let axis = 0; axis < shape.length; axis++) {
          const scan = SCANS[name](x, { axis });
          const { data, shape: stored } = await scan.compute() as nd.NDArray;
          const whole = nd.fromArray(data as Float64Array, { shape: stored, dtype: scan.dtype });
          for (const axes of [undefined, axis, [0, axis]]) {
            // In whatever order they are taken, extremes are the same to the last bit; so are sums of integers.
            for (const fold of isComplex(dtype) || dtype.startsWith("float") ? [nd.max] : [nd.max, nd.sum]) {
              const options = axes === undefined ? {} : { axis: [...new Set([axes].flat())] };
              const folded = fold(scan, options);
              count += Number(folded.explain().stages.some((stage) => /cum.*→/.test(stage.name)));
              const [got, expected] = [await folded.compute(), await fold(whole, options).compute()];
              if (JSON.stringify(parts(got)) !== JSON.stringify(parts(expected))) faults.push(`${layout}, axis ${axis}, folded over ${String(axes)}`);
            }
          }
        }
      }
      expect(faults).toEqual([]);
      expect(count, "scans that were fused").toBeGreaterThan(0);
    });
  });
}

/** Elements as text, which JSON has for all of them. */
const parts = (x: unknown): unknown => (typeof x === "object" && x !== null && "data" in x ? Array.from(x.data as ArrayLike<unknown>, String) : String(x));
