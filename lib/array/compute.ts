import type { DType, TypedArray, TypedArrayOf } from "../core/dtype.js";
import { OptionError } from "../errors/index.js";
import { Expr } from "../expr/expr.js";
import { type Computed, computeExprs, type ComputeOptions } from "../runtime/compute.js";
import { warnOfChunks } from "./chunk-advice.js";
import type { AnyArray, ChunkedArray, Result } from "./chunked-array.js";
import { readElement } from "./element.js";
import { NDArray } from "./nd-array.js";

/** The results of computing a list of arrays, in its order. */
export type Results<T extends readonly AnyArray[]> = { -readonly [K in keyof T]: T[K] extends ChunkedArray<infer D, infer S> ? Result<D, S> : never };

/**
 * Computes several arrays at once; what they have in common is computed once. So is what somebody else computes at the same moment: equal arrays with
 * equal memory limit, whose results together take 1 MiB at most; it runs with the highest priority asked for. Each caller gets memory of its own, and may leave by its signal or
 * time limit without ending the compute for the others.
 *
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * const x = nd.arange(10, { dtype: "float64", chunks: 5 });
 * const [low, high] = await nd.compute([x.min(), x.max()]);
 * console.log(low, high); // 0 9
 * ```
 * @see dask.compute
 */
export async function compute<const T extends readonly AnyArray[]>(arrays: T, options: ComputeOptions = {}): Promise<Results<T>> {
  return resultsOf(arrays, await computeExprs(exprsOf(arrays), options));
}

/**
 * The expressions of a list of arrays that are to be computed.
 *
 * @throws {OptionError} `ERR_OPTION` when it is no list of chunked arrays.
 */
export function exprsOf(arrays: readonly AnyArray[]): Expr[] {
  if (!Array.isArray(arrays)) throw new OptionError(`compute: expected a list of chunked arrays, got ${describe(arrays)}`, { option: "arrays", received: arrays, hint: "put it in [ ]" });
  const odd = arrays.findIndex((x: unknown) => !((x as Partial<AnyArray> | null | undefined)?.expr instanceof Expr));
  if (odd >= 0) throw new OptionError(`compute: expected chunked arrays, got ${describe(arrays[odd])} at index ${odd}`, { option: "arrays", received: arrays[odd] });
  warnOfChunks(arrays);
  return arrays.map((x: AnyArray) => {
    x.expr.origin = x.graph; // what is asked for has the name by which it is, if others had it before
    return x.expr;
  });
}

const describe = (x: unknown): string => (x === null || typeof x !== "object" ? String(x) : `a value of type ${x.constructor?.name ?? "object"}`);

/** What was computed, as users get it. */
export const resultsOf = <const T extends readonly AnyArray[]>(arrays: T, computed: readonly Computed[]): Results<T> =>
  computed.map(({ data, shape }, i) => resultOf(data, shape, arrays[i]!.dtype)) as Results<T>;

function resultOf(data: TypedArray, shape: number[], dtype: DType): unknown {
  return shape.length === 0 ? readElement(data, dtype, 0) : new NDArray(data as TypedArrayOf<DType>, shape, dtype);
}
