import { type AnyArray, ChunkedArray } from "../../array/chunked-array.js";
import { installMethods } from "../../array/methods.js";
import { type DType, type DTypeLike, toDType } from "../../core/dtype.js";
import { canCast, type Casting } from "../../core/promotion.js";
import type { Shape } from "../../core/shape.js";
import { DTypeError } from "../../errors/index.js";
import { cast } from "../../expr/build.js";
import { blockwise } from "../../graph/blockwise.js";
import { type ArrayLike, toArray } from "../operand.js";

/** What {@link astype} may do to values. */
export interface AstypeOptions {
  /** Which casts are allowed; "unsafe", the default, is any. @see numpy.can_cast */
  readonly casting?: Casting;
}

declare module "../../array/chunked-array.js" {
  interface ChunkedArray<D, S> {
    /** Casts the elements to another dtype. See {@link astype}. */
    astype<E extends DType>(dtype: E, options?: AstypeOptions): ChunkedArray<E, S>;
    astype(dtype: DTypeLike, options?: AstypeOptions): ChunkedArray<DType, S>;
    /** The array itself: arrays are immutable. It is there for code that comes from NumPy. @see numpy.ndarray.copy */
    copy(): ChunkedArray<D, S>;
  }
}

/**
 * Casts the elements to another dtype; the array itself when it has it already. Floats are cut towards zero, integers wrap around.
 *
 * @throws {DTypeError} `ERR_DTYPE` when the dtype does not exist; `ERR_CAST` when `casting` forbids the cast.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * const x = await nd.asarray([1.9, -1.9]).astype("int32").compute();
 * console.log(x.data); // Int32Array(2) [ 1, -1 ]
 * ```
 * @see numpy.ndarray.astype
 */
export function astype<E extends DType, S extends Shape>(
  x: ChunkedArray<DType, S>, dtype: E, options?: AstypeOptions,
): ChunkedArray<E, S>;
export function astype(x: ArrayLike, dtype: DTypeLike, options?: AstypeOptions): AnyArray;
export function astype(x: ArrayLike, dtype: DTypeLike, { casting = "unsafe" }: AstypeOptions = {}): AnyArray {
  const array = toArray("astype", x);
  const to = toDType(dtype, "astype");
  if (array.dtype === to) return array;
  if (!canCast(array.dtype, to, casting)) {
    throw new DTypeError(`astype: a cast from ${array.dtype} to ${to} is not "${casting}"`, {
      code: "ERR_CAST", dtypes: [array.dtype, to], hint: 'allow it with { casting: "unsafe" }',
    });
  }
  return new ChunkedArray(cast(array.expr, to), blockwise("astype", array.chunks, [array.graph], ["astype", to]));
}

installMethods({ astype, copy: (x: AnyArray) => x });
