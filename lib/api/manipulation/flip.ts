import type { DType } from "../../core/dtype.js";
import type { AnyArray, ChunkedArray } from "../../array/chunked-array.js";
import { installMethods } from "../../array/methods.js";
import { formatShape, normalizeAxes, normalizeAxis } from "../../core/shape.js";
import { AxisError, OptionError, ShapeError } from "../../errors/index.js";
import { get, getAlong } from "../indexing/get.js";
import { slice } from "../../core/slice.js";
import { type ArrayOf, toArray } from "../operand.js";
import { knownLength } from "./known-length.js";
import { concatenate } from "./concatenate.js";
import { ravel, reshape } from "./reshape.js";
import { transpose } from "./transpose.js";

/**
 * Reverses the order of the elements along all axes, or those given.
 *
 * @throws {AxisError} `ERR_AXIS` when an axis does not exist.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * const x = await nd.flip(nd.arange(4)).compute();
 * console.log(x.data); // BigInt64Array(4) [ 3n, 2n, 1n, 0n ]
 * ```
 * @see numpy.flip
 */
export function flip<D extends DType = DType>(
  x: ArrayOf<D>, { axis }: { axis?: number | readonly number[] } = {},
): ChunkedArray<D> {
  return flipAxes(toArray("flip", x), "flip", axis);
}

/** Reverses axis 1. @throws {ShapeError} when there is none. @see numpy.fliplr */
export function fliplr<D extends DType = DType>(x: ArrayOf<D>): ChunkedArray<D> {
  const array: AnyArray = toArray("fliplr", x);
  needAxes("fliplr", array, 2);
  return flipAxes(array, "fliplr", 1);
}

/** Reverses axis 0. @throws {ShapeError} when there is none. @see numpy.flipud */
export function flipud<D extends DType = DType>(x: ArrayOf<D>): ChunkedArray<D> {
  const array: AnyArray = toArray("flipud", x);
  needAxes("flipud", array, 1);
  return flipAxes(array, "flipud", 0);
}

function flipAxes(x: AnyArray, operation: string, axis: number | readonly number[] | undefined): AnyArray {
  const axes = normalizeAxes(operation, axis, x.shape);
  for (const one of axes) knownLength(operation, x, one);
  return get(x, ...x.shape.map((_: number, i: number) => (axes.includes(i) ? "::-1" : ":")));
}

/** How {@link rot90} turns. */
export interface Rot90Options {
  /** Quarter turns, from the first axis towards the second; 1 by default. */
  readonly k?: number;
  /** The plane; [0, 1] by default. */
  readonly axes?: readonly [number, number];
}

/**
 * Turns an array by quarter turns in a plane.
 *
 * @throws {AxisError} `ERR_AXIS` when an axis does not exist or both are the same.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * const x = await nd.rot90(nd.arange(4).reshape([2, 2])).compute();
 * console.log(x.toNested()); // [[1n, 3n], [0n, 2n]]
 * ```
 * @see numpy.rot90
 */
export function rot90<D extends DType = DType>(x: ArrayOf<D>, { k = 1, axes = [0, 1] }: Rot90Options = {}): ChunkedArray<D> {
  const array: AnyArray = toArray("rot90", x);
  if (!Number.isInteger(k)) {
    throw new OptionError(`rot90: expected a whole number of quarter turns, got ${k}`, {
      option: "k", received: k,
    });
  }
  needAxes("rot90", array, 2);
  const [from, to] = axes.map((axis) => normalizeAxis("rot90", axis, array.shape)) as [number, number];
  if (from === to) {
    throw new AxisError(`rot90: expected two different axes, got [${axes.join(", ")}]`, {
      axis: to, ndim: array.ndim,
    });
  }
  const order = array.shape.map((_: number, i: number) => (i === from ? to : i === to ? from : i));
  switch (((k % 4) + 4) % 4) {
    case 0: return array;
    case 1: return transpose(flip(array, { axis: to }), order);
    case 2: return flip(flip(array, { axis: from }), { axis: to });
    default: return flip(transpose(array, order), { axis: to });
  }
}

/** Along which axes {@link roll} shifts. */
export interface RollOptions {
  /** One axis for each shift; without it the elements are shifted in C order and the shape is kept. */
  readonly axis?: number | readonly number[];
}

/**
 * Shifts elements along axes; what falls off the end comes back at the start.
 *
 * @throws {AxisError} `ERR_AXIS` when an axis does not exist.
 * @throws {OptionError} `ERR_OPTION` when there are not as many shifts as axes.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * const x = await nd.roll(nd.arange(5), 2).compute();
 * console.log(x.data); // BigInt64Array(5) [ 3n, 4n, 0n, 1n, 2n ]
 * ```
 * @see numpy.roll
 */
export function roll<D extends DType = DType>(
  x: ArrayOf<D>, shift: number | readonly number[], { axis }: RollOptions = {},
): ChunkedArray<D> {
  const array: AnyArray = toArray("roll", x);
  let shifts = typeof shift === "number" ? [shift] : [...shift];
  const bad = shifts.find((s) => !Number.isInteger(s));
  if (bad !== undefined || (axis === undefined && shifts.length !== 1)) {
    throw new OptionError(`roll: expected ${axis === undefined ? "one whole number" : "whole numbers"} as shift, got ${String(shift)}`, {
      option: "shift", received: shift,
    });
  }
  const axes = axis === undefined ? [0] : (typeof axis === "number" ? [axis] : axis).map((one) => normalizeAxis("roll", one, array.shape));
  if (shifts.length === 1) shifts = axes.map(() => shifts[0]!);
  if (shifts.length !== axes.length) {
    throw new OptionError(`roll: expected as many shifts as axes, got ${shifts.length} shifts and ${axes.length} axes`, {
      option: "shift", received: shift,
    });
  }
  let result: AnyArray = axis === undefined ? ravel(array) : array;
  axes.forEach((one, i) => {
    const n = knownLength("roll", result, one);
    const cut = n === 0 ? 0 : ((-shifts[i]! % n) + n) % n;
    result = concatenate([getAlong(result, one, slice(cut, null)), getAlong(result, one, slice(null, cut))], { axis: one });
  });
  return axis === undefined ? reshape(result, array.shape) : result;
}

function needAxes(operation: string, x: AnyArray, least: number): void {
  if (x.ndim >= least) return;
  throw new ShapeError(`${operation}: expected at least ${least} ${least === 1 ? "axis" : "axes"}, got shape ${formatShape(x.shape)}`, {
    shapes: [x.shape],
  });
}

declare module "../../array/chunked-array.js" {
  interface ChunkedArray<D, S> {
    /** Reverses axes. See {@link flip}. */
    flip(options?: { axis?: number | readonly number[] }): ChunkedArray<D, S>;
    /** Shifts elements along axes. See {@link roll}. */
    roll(shift: number | readonly number[], options?: RollOptions): ChunkedArray<D, S>;
  }
}

installMethods({ flip, roll });
