// Indexing, shapes, joins and products against NumPy's own results, with several chunkings.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type AnyArray, ChunkedArray } from "../../../../lib/array/chunked-array.js";
import { writeElement } from "../../../../lib/array/element.js";
import { NDArray } from "../../../../lib/array/nd-array.js";
import { allocate, type DType } from "../../../../lib/core/dtype.js";
import { sizeOf } from "../../../../lib/core/shape.js";
import { layersOf } from "../../../../lib/graph/graph-node.js";
import * as nd from "../../../../lib/index.js";
import { assertArray } from "../../../support/assert-array.js";
import { checkGraph, compareValues } from "../../../support/compare-golden.js";
import { evaluateDask, NotTranslated } from "../../../support/dask-expr.js";
import { decodeNumber } from "../../../support/goldens.js";
import { reportSkips, skipCase } from "../../../support/skips.js";

reportSkips();

interface Described {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly values: readonly unknown[];
}
type Case = Described & { readonly expression: string };

const file = JSON.parse(readFileSync(new URL("../../../fixtures/numpy-structure.json", import.meta.url), "utf8")) as {
  variables: Record<string, Described>; indexing: Case[]; manipulation: Case[]; products: Case[]; unknown: Case[];
};

function memory({ dtype, shape, values }: Described): NDArray {
  const data = allocate(dtype, sizeOf(shape));
  values.forEach((value, i) => writeElement(data, dtype, i, scalar(value, dtype)));
  return new NDArray(data as never, shape, dtype);
}

function scalar(value: any, dtype: DType): any {
  if (typeof value === "boolean") return value;
  if (value !== null && typeof value === "object" && "c" in value) return { re: decodeNumber(value.c[0]), im: decodeNumber(value.c[1]) };
  return dtype.endsWith("int64") ? BigInt(value) : decodeNumber(value);
}

/** The variables, cut into chunks of at most this length. */
const scope = (chunk: number): Map<string, AnyArray> =>
  new Map(Object.entries(file.variables).map(([name, one]) => [name, nd.fromArray(memory(one), { chunks: one.shape.map(() => chunk) }) as AnyArray]));

const SCOPES = [scope(-1), scope(2), scope(3)];

describe.each(["indexing", "manipulation", "products", "unknown"] as const)("%s as in NumPy", (section) => {
  test.each(file[section])("$expression", async (one) => {
    for (const variables of SCOPES) {
      let x: unknown;
      try {
        x = evaluateDask(one.expression, variables);
      } catch (error) {
        if (error instanceof NotTranslated) return skipCase(section, one.expression, error.message);
        throw error;
      }
      const array = (x instanceof ChunkedArray ? x : nd.asarray(x as never)) as AnyArray;
      expect(array.dtype).toBe(one.dtype);
      if (array.shape.every((n: number) => !Number.isNaN(n))) expect(array.shape).toEqual(one.shape);
      expect(array.chunks.map((c: readonly number[]) => c.reduce((p, q) => p + q, 0))).toEqual([...array.shape]);
      checkGraph(layersOf([array.graph]));
      // One chunking is looked at in every way: its blocks, without the optimiser, in one chunk.
      if (variables === SCOPES[1]) await assertArray(array, { shape: one.shape });
      const result = await array.compute();
      expect(result instanceof NDArray ? result.shape : []).toEqual(one.shape);
      compareValues(result, one.values);
    }
  });
});
