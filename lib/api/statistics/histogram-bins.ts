import { ChunkedArray } from "../../array/chunked-array.js";
import { NDArray } from "../../array/nd-array.js";
import { type DType, isComplex, isInteger, itemsize } from "../../core/dtype.js";
import { resultType } from "../../core/promotion.js";
import { isScalar } from "../../core/scalar.js";
import { formatShape } from "../../core/shape.js";
import { DTypeError, OptionError, ShapeError } from "../../errors/index.js";
import { cast } from "../../expr/build.js";
import type { Expr } from "../../expr/expr.js";
import { arange } from "../creation/arange.js";
import { linspace } from "../creation/linspace.js";
import { astype } from "../manipulation/astype.js";
import { type ArrayLike, toArray } from "../operand.js";
import { max, min } from "../reductions/extremes.js";
import { operators } from "../ufuncs/operators.js";
import { where } from "../where.js";

/** How elements are put in bins: a number of bins of equal width, or their edges. */
export type Bins = number | ArrayLike;
/** Where the first bin begins and the last one ends. */
export type BinRange = readonly [number, number];

/** The edges of the bins, 1-d. */
export function edgesOf(operation: string, x: ChunkedArray, bins: Bins, range: BinRange | undefined): ChunkedArray {
  if (isComplex(x.dtype)) throw new DTypeError(`${operation}: expected real numbers, got ${x.dtype}`, { dtypes: [x.dtype], hint: "use real, imag or absolute first" });
  if (isScalar(bins)) return evenEdges(operation, x, bins, range);
  const edges = toArray(operation, bins);
  if (edges.ndim !== 1) throw new ShapeError(`${operation}: expected bins of one axis, got shape ${formatShape(edges.shape)}`, { shapes: [edges.shape] });
  if (edges.shape[0]! < 2) throw new ShapeError(`${operation}: expected two edges or more, got ${edges.shape[0]}`, { shapes: [edges.shape] });
  if (isComplex(edges.dtype)) throw new DTypeError(`${operation}: expected real edges, got ${edges.dtype}`, { dtypes: [edges.dtype] });
  const known = bins instanceof ChunkedArray ? [] : Array.from((bins instanceof NDArray ? bins.data : bins) as readonly (number | bigint)[]);
  const fall = known.findIndex((edge, i) => i > 0 && !(known[i - 1]! <= edge));
  if (fall > 0) {
    throw new OptionError(`${operation}: expected bins that increase monotonically, got ${known[fall]} after ${known[fall - 1]}`, { option: "bins", received: bins });
  }
  return edges;
}

function evenEdges(operation: string, x: ChunkedArray, bins: unknown, range: BinRange | undefined): ChunkedArray {
  if (!Number.isSafeInteger(bins) || (bins as number) < 1) {
    throw new OptionError(`${operation}: expected a whole number ≥ 1 of bins or their edges, got ${String(bins)}`, { option: "bins", received: bins });
  }
  const count = bins as number;
  if (range === undefined) return x.size === 0 ? linspace(0, 1, { num: count + 1 }) as ChunkedArray : edgesOfAll(x, count);
  if (!Array.isArray(range) || range.length !== 2 || !range.every(Number.isFinite) || range[0] > range[1]) {
    throw new OptionError(`${operation}: expected a range of two finite numbers, the larger one last, got ${String(range)}`, { option: "range", received: range });
  }
  const [low, high] = range[0] === range[1] ? [range[0] - 0.5, range[1] + 0.5] : range;
  const width = (high - low) / count;
  if (!(low + width > low && high - width < high)) {
    throw new OptionError(`${operation}: too many bins for the range: ${count} from ${low} to ${high}`, { option: "bins", received: bins });
  }
  return linspace(low, high, { num: count + 1 }) as ChunkedArray;
}

/** From the smallest element to the largest, when they are computed; in linspace's order of operations. */
function edgesOfAll(x: ChunkedArray, count: number): ChunkedArray {
  const [least, most] = [astype(min(x) as ArrayLike, "float64"), astype(max(x) as ArrayLike, "float64")] as [ChunkedArray, ChunkedArray];
  const alone = operators.eq(least, most);
  const low = where(alone, operators.sub(least, 0.5), least);
  const high = where(alone, operators.add(most, 0.5), most);
  const at = arange(count + 1) as ChunkedArray;
  const between = operators.add(operators.mul(at, operators.div(operators.sub(high, low), count)), low);
  return where(operators.eq(at, count), high, between);
}

/** Edges as the elements are compared with them: integers of 64 bits with each other, everything else as float64. */
export function comparedEdges(x: ChunkedArray, edges: ChunkedArray): Expr {
  const common = resultType(x.dtype, edges.dtype);
  const dtype: DType = isInteger(x.dtype) && itemsize(x.dtype) === 8 && isInteger(common) ? common : "float64";
  return cast(edges.expr, dtype);
}
