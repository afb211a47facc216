import { type DType, kindOf, lanesOf, type ScalarOf, type TypedArray } from "../core/dtype.js";
import type { Scalar } from "../expr/full.js";
import { fromFloat16, toFloat16 } from "../core/float16.js";

/** Element `index` of memory that holds elements of `dtype`, as a JavaScript value. */
export function readElement<D extends DType>(data: TypedArray, dtype: D, index: number): ScalarOf<D> {
  return read(data, dtype, index) as ScalarOf<D>;
}

function read(data: TypedArray, dtype: DType, index: number): Scalar {
  if (lanesOf(dtype) === 2) return { re: data[2 * index] as number, im: data[2 * index + 1] as number };
  const value = data[index]!;
  if (dtype === "bool") return value !== 0;
  return dtype === "float16" ? fromFloat16(value as number) : value;
}

/** Writes a JavaScript value as element `index`, converting as NumPy's unsafe casts of scalars do. */
export function writeElement(data: TypedArray, dtype: DType, index: number, value: Scalar): void {
  const { re, im } = typeof value === "object" ? value : { re: value, im: 0 };
  const kind = kindOf(dtype);
  if (kind === "complex") {
    (data as Float64Array)[2 * index] = Number(re);
    (data as Float64Array)[2 * index + 1] = im;
  } else if (kind === "bool") {
    data[index] = re || im ? 1 : 0; // NaN is true, as in NumPy
    if (Number.isNaN(re) || Number.isNaN(im)) data[index] = 1;
  } else if (dtype === "int64" || dtype === "uint64") {
    (data as BigInt64Array)[index] = typeof re === "bigint" ? re : BigInt(Number.isFinite(Number(re)) ? Math.trunc(Number(re)) : 0);
  } else if (kind === "float") {
    data[index] = dtype === "float16" ? toFloat16(Number(re)) : Number(re);
  } else {
    data[index] = typeof re === "bigint" ? Number(BigInt.asIntN(32, re)) : Number(re);
  }
}
