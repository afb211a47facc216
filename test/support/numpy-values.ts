// What NumPy gives, as test/fixtures/make_numpy_values.py writes it.
import { readFileSync } from "node:fs";
import { writeElement } from "../../lib/array/element.js";
import { NDArray } from "../../lib/array/nd-array.js";
import { allocate, type DType, kindOf } from "../../lib/core/dtype.js";
import type { Scalar } from "../../lib/core/scalar.js";

export interface Encoded {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly values: readonly unknown[];
}
export type Expected = Encoded | { readonly error: string };

interface NumpyValues {
  readonly inputs: Record<DType, Encoded>;
  readonly small: Record<DType, Encoded>;
  readonly matrices: Record<DType, Encoded>;
  readonly holed: Record<DType, Encoded>;
  readonly unary: { readonly op: string; readonly dtype: DType; readonly expected: Expected }[];
  readonly binary: { readonly op: string; readonly dtype: DType; readonly expected: Expected }[];
  readonly scalar: { readonly op: string; readonly dtype: DType; readonly scalar: number | boolean; readonly expected: Expected }[];
  readonly reductions: { readonly op: string; readonly dtype: DType; readonly source: "matrices" | "holed"; readonly axis: number | number[] | null; readonly expected: Expected }[];
  readonly quantiles: {
    readonly op: string; readonly dtype: DType; readonly source: "matrices" | "holed"; readonly method: string; readonly q: number | number[];
    readonly axis: number | null; readonly expected: Expected;
  }[];
  readonly sources: { readonly python: string; readonly expected: Expected }[];
  readonly round: { readonly dtype: DType; readonly decimals: number; readonly input: Encoded; readonly expected: Expected }[];
}

export const numpyValues = JSON.parse(readFileSync(new URL("../fixtures/numpy-values.json", import.meta.url), "utf8")) as NumpyValues;

/** One written element. */
export function decodeElement(value: unknown, dtype: DType): Scalar {
  if (Array.isArray(value)) return { re: real(value[0]), im: real(value[1]) };
  if (typeof value === "boolean") return value;
  if (dtype === "int64" || dtype === "uint64") return BigInt(value as string | number);
  return kindOf(dtype) === "complex" ? { re: real(value), im: 0 } : real(value);
}

const real = (value: unknown): number =>
  value === "nan" ? NaN : value === "inf" ? Infinity : value === "-inf" ? -Infinity : value === "-0" ? -0 : Number(value);

/** A written array in memory. */
export function decodeArray({ dtype, shape, values }: Encoded): NDArray {
  const data = allocate(dtype, values.length);
  values.forEach((value, i) => writeElement(data, dtype, i, decodeElement(value, dtype)));
  return new NDArray(data as never, shape, dtype) as unknown as NDArray;
}

/** Our name of a NumPy function. */
export const camel = (name: string): string => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
