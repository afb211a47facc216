import { describe, expect, test } from "vitest";
import * as nd from "../../../../lib/index.js";
import type { AnyArray } from "../../../../lib/array/chunked-array.js";
import type { DType } from "../../../../lib/core/dtype.js";
import { assertArray } from "../../../support/assert-array.js";
import { camel, decodeArray, decodeElement, type Expected, numpyValues } from "../../../support/numpy-values.js";

type Call = (...args: unknown[]) => AnyArray;
const ours = nd as unknown as Record<string, Call>;

/** Functions whose last bits depend on the library; the others are exact. */
const ROUNDED = new Set([
  "angle", "arccos", "arccosh", "arcsin", "arcsinh", "arctan", "arctanh", "cbrt", "cos", "cosh", "exp", "exp2", "expm1", "i0", "log", "log10", "log1p", "log2",
  "sin", "sinc", "sinh", "tan", "tanh", "power", "float_power", "arctan2", "hypot", "logaddexp", "logaddexp2", "deg2rad", "rad2deg", "degrees", "radians",
]);
/** Where we mean to differ from NumPy, and on what. */
const SIGN_OF_ZERO = new Set(["maximum", "minimum", "fmax", "fmin"]); // which of 0 and −0 wins hangs on NumPy's SIMD
const isComplex = (dtype: DType): boolean => dtype.startsWith("complex");

async function check(op: string, dtype: DType, run: () => AnyArray, expected: Expected): Promise<void> {
  if (op === "round" && dtype === "bool") return; // NumPy gives float16 or fails; we keep bool, as Dask's dtype says
  if ("error" in expected) {
    expect(run).toThrow(nd.NdloomError);
    return;
  }
  const values = expected.values.map((v) => decodeElement(v, expected.dtype));
  // At ±∞ NumPy's i0 divides ∞ by ∞; and its sinc rounds πx to float16: whole numbers are not zeros, and the largest becomes ∞.
  if (op === "sinc" && dtype === "float16") values[16] = 0;
  if (op === "i0") values.forEach((v, i) => Number.isNaN(v) && i < values.length - 4 && values.splice(i, 1, Infinity));
  const coarse = op === "sinc" && dtype === "float16" ? { relative: 2e-3 } : undefined;
  const close = isComplex(dtype) ? { relative: dtype === "complex64" ? 1e-6 : 1e-14 } : ROUNDED.has(op) ? { ulps: 4 } : SIGN_OF_ZERO.has(op) ? { relative: 1e-300 } : {};
  await assertArray(run(), {
    dtype: expected.dtype, shape: expected.shape, values, ...close, ...coarse,
  });
}

describe("one operand gives what NumPy gives", () => {
  test.each(numpyValues.unary)("$op of $dtype", async ({ op, dtype, expected }) => {
    const x = nd.fromArray(decodeArray(numpyValues.inputs[dtype]), { chunks: 4 });
    await check(op, dtype, () => ours[camel(op)]!(x), expected);
  });
});

describe("two operands broadcast and give what NumPy gives", () => {
  test.each(numpyValues.binary)("$op of $dtype", async ({ op, dtype, expected }) => {
    const x = nd.fromArray(decodeArray(numpyValues.small[dtype]), { chunks: 3 });
    const integerPower = op === "power" && dtype.startsWith("int");
    const y = integerPower ? nd.fromArray(positive(dtype), { chunks: 2 }) : nd.fromArray(decodeArray(numpyValues.small[dtype]), { chunks: 2 });
    await check(op, dtype, () => ours[camel(op)]!(nd.expandDims(x, 1), y), expected);
  });
  const positive = (dtype: DType): nd.NDArray => {
    const all = numpyValues.small[dtype];
    const magnitude = all.values.map((v) => BigInt(v as number)).map((v) => (v < 0n ? -v : v));
    // The magnitude of the least integer is itself, below zero, and is left out.
    const kept = magnitude.filter((v) => v <= BigInt(all.values.at(-1) as number));
    return decodeArray({ dtype, shape: [kept.length], values: kept.map(String) });
  };
});

describe("scalars are weak", () => {
  test.each(numpyValues.scalar)("$op of $dtype and $scalar", async ({ op, dtype, scalar, expected }) => {
    const x = nd.fromArray(decodeArray(numpyValues.small[dtype]), { chunks: 3 });
    await check(op, dtype, () => ours[camel(op)]!(x, scalar), expected);
  });
});

describe("round gives what NumPy gives", () => {
  test.each(numpyValues.round)("$dtype to $decimals decimals", async ({ dtype, decimals, input, expected }) => {
    const x = nd.fromArray(decodeArray(input), { chunks: 3 });
    await check("round", dtype, () => nd.round(x, { decimals }), expected);
  });
});
