import type { ChunkedArray } from "../../array/chunked-array.js";
import type { InexactOf } from "../../array/result-types.js";
import { type DType, isComplex } from "../../core/dtype.js";
import { leastFloat } from "../../core/promotion.js";
import type { Shape } from "../../core/shape.js";
import { cast, full, map } from "../../expr/build.js";
import type { Expr } from "../../expr/expr.js";
import { type ArrayLike, toArray } from "../operand.js";
import { applyNative, constantLike, elementwise, type Term } from "./elementwise.js";
import { identity } from "./identity.js";
import { multiply } from "./arithmetic.js";
import { equal, notEqual } from "./comparison.js";
import { native } from "./native.js";
import { unary } from "./ufunc.js";

/** The real part; real numbers themselves. @see numpy.real */
export const real = unary("real", { rule: "part", loops: "COMPLEX", numpy: "real", otherwise: identity });
/** The imaginary part; zeros for real numbers. @see numpy.imag */
export const imag = unary("imag", {
  rule: "part", loops: "COMPLEX", numpy: "imag", otherwise: ([x], loop, shape) => constantLike(x!, shape, loop, 0),
});
/** The complex conjugate; real numbers themselves. @see numpy.conjugate */
export const conjugate = unary("conjugate", { rule: "numberOrBool8", loops: "COMPLEX", numpy: "conjugate", otherwise: identity });
/** The complex conjugate: another name of {@link conjugate}. @see numpy.conj */
export const conj = conjugate;

/** Its imaginary part is zero. @see numpy.isreal */
export const isreal = unary("isreal", { rule: "compare", numpy: "isreal", otherwise: ([x]) => equal.build(imag.build(x!), 0) });
/** Its imaginary part is not zero. @see numpy.iscomplex */
export const iscomplex = unary("iscomplex", { rule: "compare", numpy: "iscomplex", otherwise: ([x]) => notEqual.build(imag.build(x!), 0) });

const angleOf = native("angle", 1, "COMPLEX");

/**
 * The angle of a complex number in (−π, π]; 0 or π for a real one.
 *
 * @param options `deg`: in degrees.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * console.log((await nd.angle([{ re: 0, im: 1 }], { deg: true }).compute()).item()); // 90
 * ```
 * @see numpy.angle
 */
export function angle<D extends DType, S extends Shape>(x: ChunkedArray<D, S>, options?: { readonly deg?: boolean }): ChunkedArray<InexactOf<D>, S>;
export function angle(x: ArrayLike, options?: { readonly deg?: boolean }): ChunkedArray;
export function angle(x: ArrayLike, { deg = false }: { readonly deg?: boolean } = {}): ChunkedArray {
  return elementwise("angle", "angle", [toArray("angle", x)], ([term]) => {
    const radians = applyAngle(term!);
    return deg ? multiply.build(radians, 180 / Math.PI) : radians;
  });
}

function applyAngle(term: Term): Expr {
  const x = term as Expr;
  if (isComplex(x.dtype)) return applyNative("angle", angleOf, "angle", [x]);
  // A real number's angle is that of the point (x, +0).
  const loop = x.dtype === "bool" ? "float64" : leastFloat(x.dtype);
  return map("arctan2", loop, loop, [full([], loop, 0), cast(x, loop)], x.shape);
}
