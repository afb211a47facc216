import { type AnyArray, ChunkedArray } from "../../array/chunked-array.js";
import { chunkSize, uniformChunks } from "../../core/chunks.js";
import { type DType, isComplex, isInexact, isInteger } from "../../core/dtype.js";
import { type Scalar, scalarTo } from "../../core/scalar.js";
import { isKnown } from "../../core/shape.js";
import { slice } from "../../core/slice.js";
import { OptionError, ShapeError, UnsupportedError } from "../../errors/index.js";
import * as build from "../../expr/build.js";
import type { Expr } from "../../expr/expr.js";
import { Iota } from "../../expr/iota.js";
import { blockwise, source } from "../../graph/blockwise.js";
import { emptyLike } from "../creation/full.js";
import { getAlong } from "../indexing/get.js";
import { type ArrayOf, toArray } from "../operand.js";
import { max, min } from "../reductions/extremes.js";
import { mean } from "../reductions/mean.js";
import { rint } from "../ufuncs/rounding.js";
import { astype } from "./astype.js";
import { block, type Blocks } from "./block.js";
import { broadcastAs } from "./broadcast.js";
import { concatenate } from "./concatenate.js";
import { flip } from "./flip.js";

/** How {@link pad} fills. */
export type PadMode = "constant" | "edge" | "linear_ramp" | "maximum" | "mean" | "minimum" | "reflect" | "symmetric" | "wrap" | "empty";

/** One value for all sides, `[before, after]` for all axes, or a pair for each axis. */
export type PerSide<T> = T | readonly [T] | readonly [T, T] | readonly (readonly [T, T])[];

/** What the modes of {@link pad} need. */
export interface PadOptions {
  /** "constant" by default. */
  readonly mode?: PadMode;
  /** `constant`: the values; 0 by default. */
  readonly constantValues?: PerSide<Scalar>;
  /** `linear_ramp`: the values at the outermost elements; 0 by default. */
  readonly endValues?: PerSide<Scalar>;
  /** `maximum`, `mean`, `minimum`: how many elements at the edge count; all by default. */
  readonly statLength?: PerSide<number>;
  /** `reflect`, `symmetric`: only "even". */
  readonly reflectType?: "even";
}

type Sides<T> = readonly (readonly [T, T])[];

const MODE_OPTIONS: Readonly<Record<PadMode, readonly (keyof PadOptions)[]>> = {
  constant: ["constantValues"], edge: [], linear_ramp: ["endValues"], maximum: ["statLength"], mean: ["statLength"], minimum: ["statLength"],
  reflect: ["reflectType"], symmetric: ["reflectType"], wrap: [], empty: [],
};

/**
 * Widens an array along its axes: with constants, by its edges, mirrored, repeated, or by a statistic of its elements.
 *
 * Padding is a chunk of its own on each side; a constant one is cut no longer than the array's largest chunk.
 *
 * @param padWidth elements before and after: one number for all sides, `[before, after]` for all axes, or a pair for each
 * @throws {OptionError} `ERR_OPTION` for a bad mode or width, or an option that the mode does not have.
 * @throws {ShapeError} `ERR_SHAPE` when there is nothing to reflect, or lengths are unknown.
 * @throws {UnsupportedError} `ERR_UNSUPPORTED` for mode "median".
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * console.log((await nd.pad(nd.arange(3), 2, { mode: "reflect" }).compute()).toNested()); // [2n, 1n, 0n, 1n, 2n, 1n, 0n]
 * ```
 * @see numpy.pad
 */
export function pad<D extends DType = DType>(
  x: ArrayOf<D>, padWidth: PerSide<number>, options: PadOptions = {},
): ChunkedArray<D> {
  const array: AnyArray = toArray("pad", x);
  const { mode = "constant" } = options;
  checkMode(mode, options);
  if (!isKnown(array.shape)) {
    throw new ShapeError("pad: expected an array of known shape", {
      shapes: [array.shape], hint: "compute its lengths first, with computeChunkSizes()",
    });
  }
  const width = perSide("padWidth", padWidth, array.ndim);
  const bad = width.flat().find((n) => !Number.isSafeInteger(n) || n < 0);
  if (bad !== undefined) {
    throw new OptionError(`pad: expected whole numbers ≥ 0 as padWidth, got ${bad}`, {
      option: "padWidth", received: padWidth,
    });
  }
  if (array.ndim === 0 || width.flat().every((n) => n === 0)) return array;
  switch (mode) {
    case "maximum":
    case "mean":
    case "minimum": return padByStatistic(array, width, mode, options.statLength);
    case "reflect":
    case "symmetric":
    case "wrap": return padByReuse(array, width, mode);
    default: return padAxes(array, width, mode, options);
  }
}

function checkMode(mode: string, options: PadOptions): void {
  if (mode === "median") throw new UnsupportedError('pad: mode "median" is not supported', { hint: 'use "mean"' });
  if (!Object.hasOwn(MODE_OPTIONS, mode)) {
    throw new OptionError(`pad: expected a mode, got "${String(mode)}"`, {
      option: "mode", received: mode, hint: `use one of ${Object.keys(MODE_OPTIONS).join(", ")}`,
    });
  }
  const given = (Object.keys(options) as (keyof PadOptions)[]).filter((key) => key !== "mode" && options[key] !== undefined);
  const foreign = given.find((key) => !MODE_OPTIONS[mode as PadMode].includes(key));
  if (foreign) {
    throw new OptionError(`pad: mode "${mode}" has no option ${foreign}`, {
      option: foreign, received: options[foreign],
    });
  }
  if (options.reflectType !== undefined && options.reflectType !== "even") {
    throw new UnsupportedError(`pad: expected reflectType "even", got "${String(options.reflectType)}"`);
  }
}

function perSide<T>(option: string, value: PerSide<T>, ndim: number): Sides<T> {
  const all = (pair: readonly [T, T]): Sides<T> => Array.from({ length: ndim }, () => pair);
  if (!Array.isArray(value)) return all([value as T, value as T]);
  const list = value as readonly unknown[];
  if (list.every((item) => !Array.isArray(item))) {
    if (list.length === 1) return all([list[0] as T, list[0] as T]);
    if (list.length === 2) return all(list as unknown as [T, T]);
  } else if (list.every((item) => Array.isArray(item) && item.length === 2)) {
    if (list.length === 1) return all(list[0] as [T, T]);
    if (list.length === ndim) return list as Sides<T>;
  }
  throw new OptionError(`pad: expected ${option} as one value, [before, after], or a pair for each of ${ndim} axes, got ${JSON.stringify(value)}`, {
    option, received: value,
  });
}

/** One axis after the other: the corners follow from what was padded before. */
function padAxes(
  x: AnyArray, width: Sides<number>, mode: "constant" | "edge" | "linear_ramp" | "empty", options: PadOptions,
): AnyArray {
  const constants = perSide("constantValues", options.constantValues ?? 0, x.ndim);
  const ends = perSide("endValues", options.endValues ?? 0, x.ndim);
  return width.reduce((result: AnyArray, pair, axis) => {
    const sides = ([0, 1] as const).map((side) => {
      const n = pair[side];
      const shape = withAt(result.shape, axis, n);
      const chunks = withAt(result.chunks, axis, mode === "constant" && n > 0 ? uniformChunks(n, Math.max(1, chunkSize(result.chunks)[axis]!)) : [n]);
      if (mode === "constant") return broadcastAs(constant(result.dtype, constants[axis]![side]), shape, chunks);
      if (mode === "empty") return emptyLike(result, { shape, chunks }) as AnyArray;
      needElements(mode, result, axis, n);
      if (n === 0) return getAlong(result, axis, slice(0, 0));
      const edge = getAlong(result, axis, side === 0 ? slice(null, 1) : slice(-1, null));
      return mode === "edge" ? broadcastAs(edge, shape, chunks) : ramp(edge, axis, n, ends[axis]![side], side === 0);
    });
    return concatenate([sides[0]!, result, sides[1]!], { axis });
  }, x);
}

const withAt = <T>(list: readonly T[], at: number, value: T): T[] => list.map((item, i) => (i === at ? value : item));

function needElements(mode: string, x: AnyArray, axis: number, width: number): void {
  if (width === 0 || x.shape[axis] !== 0) return;
  throw new ShapeError(`pad: mode "${mode}" needs elements, got none on axis ${axis}`, {
    shapes: [x.shape], hint: 'use "constant" or "empty"',
  });
}

function constant(dtype: DType, value: Scalar): AnyArray {
  const expr = build.full([], dtype, scalarTo("pad", dtype, value));
  return new ChunkedArray(expr, source("array", [], expr.token)) as AnyArray;
}

/** From the end value, at the outside, in even steps towards the edge. */
function ramp(edge: AnyArray, axis: number, n: number, end: Scalar, before: boolean): AnyArray {
  const dtype = edge.dtype;
  const wide: DType = isComplex(dtype) ? "complex128" : "float64";
  const shape = withAt(edge.shape, axis, n);
  const op = (name: "add" | "subtract" | "multiply" | "divide", a: Expr, b: Expr): Expr => build.map(name, wide, wide, [a, b], shape);
  const stop = build.broadcastTo(build.cast(edge.expr, wide), shape);
  const start = build.full(shape, wide, end);
  const order: Expr = build.slice(new Iota([n]), 0, before ? 0 : n - 1, before ? 1 : -1, n);
  const along = build.expandDims(order, shape.map((_, i) => i).filter((i) => i !== axis));
  const step = op("divide", op("subtract", stop, start), build.full(shape, wide, n));
  const value = op("add", op("multiply", build.broadcastTo(build.cast(along, wide), shape), step), start);
  const rounded = isInteger(dtype) ? build.map("floor", wide, wide, [value], shape) : value;
  return new ChunkedArray(build.cast(rounded, dtype), blockwise("linear_ramp_chunk", withAt(edge.chunks, axis, [n]), [edge.graph], ["ramp", rounded.token]));
}

/** The 3^n parts around and including the array, each made of it. */
function surround(x: AnyArray, part: (place: readonly number[]) => AnyArray): AnyArray {
  const nest = (place: readonly number[]): Blocks => (place.length === x.ndim ? part(place) : [0, 1, 2].map((i) => nest([...place, i])));
  return block(nest([]));
}

function padByReuse(x: AnyArray, width: Sides<number>, mode: "reflect" | "symmetric" | "wrap"): AnyArray {
  width.forEach((pair, axis) => needElements(mode, x, axis, Math.max(...pair)));
  const most = (n: number): number => (mode === "reflect" ? n - 1 : n);
  // Wider than the array: it is mirrored again and again, as a list of positions tells.
  if (width.some((pair, axis) => Math.max(...pair) > most(x.shape[axis]!))) {
    return width.reduce(
      (result: AnyArray, pair, axis) => (pair[0] + pair[1] === 0 ? result : getAlong(result, axis, positions(x.shape[axis]!, pair, mode))),
      x,
    );
  }
  return surround(x, (place) => {
    const mirrored = place.flatMap((i, axis) => (i !== 1 && mode !== "wrap" ? [axis] : []));
    const piece = place.reduce((part, i, axis) => (i === 1 ? part : getAlong(part, axis, reused(mode, i === 0, x.shape[axis]!, width[axis]!))), x);
    return mirrored.length > 0 ? flip(piece, { axis: mirrored }) : piece;
  });
}

function reused(
  mode: "reflect" | "symmetric" | "wrap", before: boolean, n: number, [left, right]: readonly [number, number],
): ReturnType<typeof slice> {
  if (mode === "wrap") return before ? slice(n - left, n) : slice(0, right);
  const skip = mode === "reflect" ? 1 : 0;
  return before ? slice(skip, left + skip) : slice(n - right - skip, n - skip);
}

function positions(n: number, [left, right]: readonly [number, number], mode: "reflect" | "symmetric" | "wrap"): number[] {
  const period = mode === "wrap" ? n : mode === "symmetric" ? 2 * n : Math.max(1, 2 * (n - 1));
  return Array.from({ length: left + n + right }, (_, i) => {
    const at = (((i - left) % period) + period) % period;
    return at < n ? at : mode === "symmetric" ? 2 * n - 1 - at : 2 * (n - 1) - at;
  });
}

function padByStatistic(
  x: AnyArray, width: Sides<number>, mode: "maximum" | "mean" | "minimum", statLength: PerSide<number> | undefined,
): AnyArray {
  const lengths = statLength === undefined ? x.shape.map((n: number): [number, number] => [n, n]) : perSide("statLength", statLength, x.ndim);
  const bad = lengths.flat().find((n: number) => !Number.isSafeInteger(n) || n < 1);
  if (bad !== undefined && statLength !== undefined) {
    throw new OptionError(`pad: expected whole numbers ≥ 1 as statLength, got ${bad}`, {
      option: "statLength", received: statLength,
    });
  }
  width.forEach((pair, axis) => needElements(mode, x, axis, Math.max(...pair)));
  const statistic = { maximum: max, mean, minimum: min }[mode];
  return surround(x, (place) => {
    const axes = place.flatMap((i, axis) => (i === 1 ? [] : [axis]));
    if (axes.length === 0) return x;
    const edge = axes.reduce((part: AnyArray, axis) => {
      const n = x.shape[axis]!;
      const [before, after] = lengths[axis]!;
      return getAlong(part, axis, place[axis] === 0 ? slice(null, before) : slice(Math.max(0, n - after), null));
    }, x);
    const value = statistic(edge, { axis: axes, keepdims: true }) as AnyArray;
    const size = (axis: number): number => width[axis]![place[axis] === 0 ? 0 : 1];
    const shape = x.shape.map((n: number, axis: number) => (axes.includes(axis) ? size(axis) : n));
    const chunks = x.chunks.map((c: readonly number[], axis: number) => (axes.includes(axis) ? [size(axis)] : c));
    const spread = broadcastAs(value, shape, chunks);
    if (mode !== "mean") return spread;
    return astype(isInexact(x.dtype) ? spread : (rint(spread) as AnyArray), x.dtype);
  });
}
