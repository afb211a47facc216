import { type DType, isComplex } from "../core/dtype.js";
import { toFloat16 } from "../core/float16.js";
import type { Scalar } from "../expr/full.js";

/** The bytes of an element as two 64-bit words, little-endian, padded with zero. Integers wrap as C's casts do. */
export function constantBits(dtype: DType, value: Scalar): readonly [bigint, bigint] {
  const view = new DataView(new ArrayBuffer(16));
  if (typeof value === "object") {
    if (!isComplex(dtype)) throw new Error(`internal: a complex constant in ${dtype}`);
    if (dtype === "complex64") view.setFloat32(0, value.re, true), view.setFloat32(4, value.im, true);
    else view.setFloat64(0, value.re, true), view.setFloat64(8, value.im, true);
  } else {
    const number = Number(value);
    switch (dtype) {
      case "bool": view.setUint8(0, value ? 1 : 0); break;
      case "float16": view.setUint16(0, toFloat16(number), true); break;
      case "float32": case "complex64": view.setFloat32(0, number, true); break;
      case "float64": case "complex128": view.setFloat64(0, number, true); break;
      default: {
        // Zero-filled above the element: the decoder wants the padding empty.
        const bits = { int8: 8, int16: 16, int32: 32, int64: 64, uint8: 8, uint16: 16, uint32: 32, uint64: 64 }[dtype];
        view.setBigUint64(0, BigInt.asUintN(bits, BigInt(typeof value === "number" ? Math.trunc(value) : value)), true);
      }
    }
  }
  return [view.getBigUint64(0, true), view.getBigUint64(8, true)];
}
