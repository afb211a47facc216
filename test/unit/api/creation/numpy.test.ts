import { describe, expect, test } from "vitest";
import * as nd from "../../../../lib/index.js";
import type { AnyArray } from "../../../../lib/array/chunked-array.js";
import { assertArray } from "../../../support/assert-array.js";
import { evaluateDask } from "../../../support/dask-expr.js";
import { decodeElement, numpyValues } from "../../../support/numpy-values.js";

describe("sources and what is composed of them give what NumPy gives", () => {
  test.each(numpyValues.sources)("$python", async ({ python, expected }) => {
    if ("error" in expected) return expect(() => evaluateDask(`da.${python}`)).toThrow();
    const x = nd.asarray(evaluateDask(`da.${python}`) as AnyArray) as AnyArray;
    const summed = /cov|corrcoef|average/.test(python);
    await assertArray(x, {
      dtype: expected.dtype, shape: expected.shape, values: expected.values.map((v) => decodeElement(v, expected.dtype)),
      ...(summed ? { ulps: 8, relative: 1e-14 } : {}),
    });
  });
});
