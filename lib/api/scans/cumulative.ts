import { ChunkedArray } from "../../array/chunked-array.js";
import { installMethods } from "../../array/methods.js";
import type { Axes, SumOf } from "../../array/result-types.js";
import { type DType, isBool } from "../../core/dtype.js";
import { normalizeAxis, type Shape } from "../../core/shape.js";
import { OptionError } from "../../errors/index.js";
import { cast } from "../../expr/build.js";
import type { Expr } from "../../expr/expr.js";
import { Scan } from "../../expr/scan.js";
import { blellochScan, sequentialScan } from "../../graph/scan.js";
import { ravel } from "../manipulation/reshape.js";
import { type ArrayLike, toArray } from "../operand.js";
import { checkOptions } from "../options.js";
import { rechunk } from "../rechunk/rechunk.js";
import { accumulator, type DTypeOr } from "../reductions/reduce.js";
import { dtypeOf } from "../reductions/sums.js";
import { withoutNan } from "../reductions/without-nan.js";

/** What running sums and products take. */
export interface ScanOptions {
  /** The axis to run along; not given, the array is made flat first. */
  readonly axis?: number | null;
  /** The dtype to compute in and to give; 64 bits for integers when not given. */
  readonly dtype?: DType;
  /** How the graph is drawn: block after block, or as a tree. Values are the same. */
  readonly method?: "sequential" | "blelloch";
}

type Scanned<S extends Shape, O> = "axis" extends keyof O ? (O["axis"] extends number ? Axes<S> : [number]) : [number];
type None = Record<never, never>;

declare module "../../array/chunked-array.js" {
  interface ChunkedArray<D, S> {
    /** Adds up along an axis as it goes. See {@link cumsum}. */
    cumsum<const O extends ScanOptions = None>(options?: O): ChunkedArray<DTypeOr<O, SumOf<D>>, Scanned<S, O>>;
    /** Multiplies along an axis as it goes. See {@link cumprod}. */
    cumprod<const O extends ScanOptions = None>(options?: O): ChunkedArray<DTypeOr<O, SumOf<D>>, Scanned<S, O>>;
  }
}

/**
 * Adds up along an axis as it goes: element i is the sum of the first i + 1. Keeps shape and chunks; small integers add up as int64 or uint64.
 *
 * @throws {AxisError} `ERR_AXIS` when there is no such axis.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * console.log((await nd.cumsum([1, 2, 3]).compute()).toNested()); // [1n, 3n, 6n]
 * ```
 * @see numpy.cumsum
 */
export function cumsum<D extends DType, S extends Shape, const O extends ScanOptions = None>(x: ChunkedArray<D, S>, options?: O): ChunkedArray<DTypeOr<O, SumOf<D>>, Scanned<S, O>>;
export function cumsum(x: ArrayLike, options?: ScanOptions): ChunkedArray;
export function cumsum(x: ArrayLike, options: ScanOptions = {}): ChunkedArray {
  return scan("cumsum", "sum", x, options, "sum");
}

/** Multiplies along an axis as it goes. See {@link cumsum}. @see numpy.cumprod */
export function cumprod<D extends DType, S extends Shape, const O extends ScanOptions = None>(x: ChunkedArray<D, S>, options?: O): ChunkedArray<DTypeOr<O, SumOf<D>>, Scanned<S, O>>;
export function cumprod(x: ArrayLike, options?: ScanOptions): ChunkedArray;
export function cumprod(x: ArrayLike, options: ScanOptions = {}): ChunkedArray {
  return scan("cumprod", "prod", x, options, "prod");
}

/** Adds up along an axis as it goes, NaN as 0. See {@link cumsum}. @see numpy.nancumsum */
export function nancumsum<D extends DType, S extends Shape, const O extends ScanOptions = None>(x: ChunkedArray<D, S>, options?: O): ChunkedArray<DTypeOr<O, SumOf<D>>, Scanned<S, O>>;
export function nancumsum(x: ArrayLike, options?: ScanOptions): ChunkedArray;
export function nancumsum(x: ArrayLike, options: ScanOptions = {}): ChunkedArray {
  return scan("nancumsum", "sum", x, options, "nansum", 0);
}

/** Multiplies along an axis as it goes, NaN as 1. See {@link cumprod}. @see numpy.nancumprod */
export function nancumprod<D extends DType, S extends Shape, const O extends ScanOptions = None>(x: ChunkedArray<D, S>, options?: O): ChunkedArray<DTypeOr<O, SumOf<D>>, Scanned<S, O>>;
export function nancumprod(x: ArrayLike, options?: ScanOptions): ChunkedArray;
export function nancumprod(x: ArrayLike, options: ScanOptions = {}): ChunkedArray {
  return scan("nancumprod", "prod", x, options, "nanprod", 1);
}

function scan(operation: string, op: "sum" | "prod", x: ArrayLike, options: ScanOptions, foldLabel: string, nan?: number): ChunkedArray {
  checkOptions(operation, options, ["axis", "dtype", "method"]);
  const { axis, method = "sequential" } = options;
  if (method !== "sequential" && method !== "blelloch") {
    throw new OptionError(`${operation}: expected "sequential" or "blelloch", got "${String(method)}"`, { option: "method", received: method });
  }
  const given = toArray(operation, x);
  const input = axis === undefined || axis === null ? flat(given) : given;
  const along = normalizeAxis(operation, axis ?? 0, input.shape);
  const values = nan === undefined ? input.expr : withoutNan(input.expr, nan);
  const expr = scanOf(op, values, along, dtypeOf(operation, input.expr, options));
  const graph = method === "sequential"
    ? sequentialScan(operation, input.graph, along, expr.token)
    : blellochScan(operation, foldLabel, input.graph, along, expr.token);
  return new ChunkedArray(expr, graph);
}

/** A running sum in bool is `or`, a product `and`; both come from counting in int64. */
function scanOf(op: "sum" | "prod", x: Expr, axis: number, dtype: DType): Expr {
  const loop = isBool(dtype) ? "int64" : accumulator(dtype);
  return cast(new Scan(op, cast(isBool(dtype) ? cast(x, dtype) : x, loop), axis), dtype);
}

/** Dask flattens into as many chunks as there were blocks elements apiece, odd as that is. */
const flat = (x: ChunkedArray): ChunkedArray => (x.ndim > 1 ? rechunk(ravel(x), x.npartitions) : x.ndim === 0 ? ravel(x) : x);

installMethods({ cumsum, cumprod });
