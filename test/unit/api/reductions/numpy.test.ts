import { describe, expect, test } from "vitest";
import * as nd from "../../../../lib/index.js";
import type { AnyArray } from "../../../../lib/array/chunked-array.js";
import { assertArray } from "../../../support/assert-array.js";
import { camel, decodeArray, decodeElement, numpyValues } from "../../../support/numpy-values.js";

type Call = (x: AnyArray, ...rest: unknown[]) => AnyArray;
const ours = nd as unknown as Record<string, Call>;

/** Sums whose order is not NumPy's. */
const SUMMED = /sum|prod|mean|var|std|trace/;

describe("reductions give what NumPy gives", () => {
  test.each(numpyValues.reductions)("$op of $dtype $source over $axis", async ({ op, dtype, source, axis, expected }): Promise<void> => {
    const x = nd.fromArray(decodeArray(numpyValues[source][dtype]), { chunks: [2, 3] });
    const run = (): AnyArray => (op === "trace" ? ours[op]!(x) : ours[camel(op)]!(x, { axis }));
    if (op.endsWith("median") && dtype.startsWith("complex")) return expect(run).toThrow(nd.DTypeError); // NumPy sorts complex numbers
    if (op.endsWith("cumprod") && dtype === "float16") return; // we multiply in float32, which overflows later
    if ("error" in expected) {
      // Most are seen when the call is written; a row of nothing but NaN only when it runs.
      await expect((async () => run().compute())()).rejects.toThrow(nd.NdloomError);
      return;
    }
    const wide = dtype === "float16" || dtype === "float32" || dtype === "complex64";
    await assertArray(run(), {
      dtype: expected.dtype, shape: expected.shape, values: expected.values.map((v) => decodeElement(v, expected.dtype)),
      ...(SUMMED.test(op) ? { ulps: 4, relative: dtype === "float16" ? 2e-3 : wide ? 1e-6 : 1e-14 } : {}),
    });
  });
});

describe("quantiles give what NumPy gives", () => {
  test.each(numpyValues.quantiles)("$op of $dtype $source by $method at $q over $axis", async ({ op, dtype, source, method, q, axis, expected }) => {
    const x = nd.fromArray(decodeArray(numpyValues[source][dtype]), { chunks: [2, 3] });
    if ("error" in expected) throw new Error(expected.error);
    await assertArray(ours[op]!(x, q, { axis, method }), {
      dtype: expected.dtype, shape: expected.shape, values: expected.values.map((v) => decodeElement(v, expected.dtype)),
      ulps: 2, relative: dtype === "float32" ? 1e-6 : 1e-15,
    });
  });
});
