import { ChunkedArray } from "../../array/chunked-array.js";
import type { Axes, DropAxis } from "../../array/result-types.js";
import { config } from "../../config/index.js";
import type { DType } from "../../core/dtype.js";
import { formatShape, normalizeAxes, type Shape } from "../../core/shape.js";
import { splitPerAxis } from "../../core/tree-depth.js";
import { OptionError, ShapeError } from "../../errors/index.js";
import { cast, expandDims, full } from "../../expr/build.js";
import type { Expr } from "../../expr/expr.js";
import { Reduce } from "../../expr/reduce.js";
import { reduction, type ReductionLabels } from "../../graph/reduction.js";
import { type ArrayLike, toArray } from "../operand.js";
import { checkOptions } from "../options.js";

/** How many blocks a step of a reduction folds at a time: for all axes together, or for each. Shapes the graph view, never the values. */
export type SplitEvery = number | { readonly [axis: number]: number };

/** What every reduction takes. */
export interface ReduceOptions {
  /** The axis or axes to fold; all when not given. Negative ones count from the end. */
  readonly axis?: number | readonly number[] | null;
  /** Whether folded axes stay, with length 1. */
  readonly keepdims?: boolean;
  readonly splitEvery?: SplitEvery;
}

/** The names of what every reduction takes. */
export const REDUCE_OPTIONS = ["axis", "keepdims", "splitEvery"];
/** The names of what reductions that add up take. */
export const ACCUMULATE_OPTIONS = [...REDUCE_OPTIONS, "dtype"];

/** What reductions that add up take. */
export interface AccumulateOptions extends ReduceOptions {
  /** The dtype to compute in and to give; 64 bits for integers when not given. */
  readonly dtype?: DType;
}

type Removed<S extends Shape, O> = "axis" extends keyof O
  ? (O["axis"] extends number ? DropAxis<S> : O["axis"] extends null | undefined ? [] : number[])
  : [];
/** The shape that folding with options of type `O` leaves. */
export type Reduced<S extends Shape, O> = "keepdims" extends keyof O
  ? (O["keepdims"] extends true ? Axes<S> : O["keepdims"] extends false | undefined ? Removed<S, O> : number[])
  : Removed<S, O>;
/** The dtype that options name, or the default. */
export type DTypeOr<O, D extends DType> = O extends { readonly dtype: infer E extends DType } ? E : D;

/**
 * Folds axes away: resolves the options, and draws Dask's tree beside the expression.
 *
 * @param fold the expression without the folded axes.
 * @param taken the names of the options that the operation takes.
 */
export function foldAxes(
  operation: string, x: ArrayLike, options: ReduceOptions, labels: ReductionLabels, fold: (x: Expr, axes: readonly number[]) => Expr,
  taken: readonly string[] = REDUCE_OPTIONS,
): ChunkedArray {
  checkOptions(operation, options, taken);
  const input = toArray(operation, x);
  const axes = normalizeAxes(operation, options.axis, input.shape);
  const keepdims = options.keepdims ?? false;
  const folded = fold(input.expr, axes);
  const expr = keepdims ? expandDims(folded, axes) : folded;
  return new ChunkedArray(expr, drawTree(operation, input, axes, keepdims, options.splitEvery, labels, expr.token));
}

/** The graph of a tree reduction. */
export function drawTree(
  operation: string, x: ChunkedArray, axes: readonly number[], keepdims: boolean, splitEvery: SplitEvery | undefined, labels: ReductionLabels, token: unknown,
): ReturnType<typeof reduction> {
  return reduction(labels, x.graph, axes, keepdims, splitsOf(operation, axes, splitEvery), token);
}

/** How many blocks of each axis a step takes: the k-th root of a number for all. */
function splitsOf(operation: string, axes: readonly number[], splitEvery: SplitEvery = config.get("split-every")): Map<number, number> {
  if (typeof splitEvery === "number") {
    if (!Number.isInteger(splitEvery) || splitEvery < 1) throw badSplit(operation, splitEvery);
    const each = splitPerAxis(splitEvery, axes.length);
    return new Map(axes.map((axis) => [axis, each]));
  }
  return new Map(axes.map((axis) => {
    const each = splitEvery[axis] ?? 2;
    if (!Number.isInteger(each) || each < 2) throw badSplit(operation, each);
    return [axis, each];
  }));
}

const badSplit = (operation: string, value: unknown): OptionError =>
  new OptionError(`${operation}: expected a whole number ≥ 2 of blocks, got ${String(value)}`, { option: "splitEvery", received: value });

/** The labels that Dask gives most reductions: `sum`, `sum-partial`, `sum-aggregate`. */
export const labelled = (chunk: string, combine = chunk, aggregate = combine): ReductionLabels => ({
  chunk, partial: `${combine}-partial`, aggregate: `${aggregate}-aggregate`,
});

/** How many elements are folded into one; NaN when unknown. */
export const countFolded = (shape: Shape, axes: readonly number[]): number => axes.reduce((n, axis) => n * shape[axis]!, 1);

/** The number of elements folded into one, as an expression in `dtype` that broadcasts to the result. */
export function countOf(x: Expr, axes: readonly number[], dtype: DType): Expr {
  const count = countFolded(x.shape, axes);
  if (!Number.isNaN(count)) return full([], dtype, count);
  return cast(new Reduce("moments2", cast(x, "float64"), axes, 0), dtype);
}

/**
 * Refuses to look for an element where there is none.
 *
 * @throws {ShapeError} `ERR_EMPTY`.
 */
export function requireElements(operation: string, x: Expr, axes: readonly number[]): void {
  const kept = x.shape.reduce((n, length, axis) => (axes.includes(axis) ? n : n * length), 1);
  if (countFolded(x.shape, axes) === 0 && kept !== 0) {
    throw new ShapeError(`${operation}: expected at least one element along the axes, got shape ${formatShape(x.shape)}`, {
      code: "ERR_EMPTY", shapes: [x.shape],
    });
  }
}

/** The dtype to add up in: float16 would lose what it adds, so float32 stands in. */
export const accumulator = (dtype: DType): DType => (dtype === "float16" ? "float32" : dtype);
