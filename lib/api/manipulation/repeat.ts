import type { DType } from "../../core/dtype.js";
import { type AnyArray, ChunkedArray } from "../../array/chunked-array.js";
import { installMethods } from "../../array/methods.js";
import { chunkBounds } from "../../core/chunks.js";
import { normalizeAxis } from "../../core/shape.js";
import { slice } from "../../core/slice.js";
import { OptionError } from "../../errors/index.js";
import * as build from "../../expr/build.js";
import type { Expr } from "../../expr/expr.js";
import { blockwise } from "../../graph/blockwise.js";
import { empty } from "../creation/full.js";
import { getAlong } from "../indexing/get.js";
import { type ArrayOf, toArray } from "../operand.js";
import { knownLength } from "./known-length.js";
import { block, type Blocks } from "./block.js";
import { concatenate } from "./concatenate.js";
import { ravel } from "./reshape.js";

/** Along which axis {@link repeat} works. */
export interface RepeatOptions {
  /** Without it a 1-d array is repeated along its axis, any other one flattened first. */
  readonly axis?: number;
}

declare module "../../array/chunked-array.js" {
  interface ChunkedArray<D, S> {
    /** Repeats every element along an axis. See {@link repeat}. */
    repeat(repeats: number, options?: RepeatOptions): ChunkedArray<D>;
  }
}

/**
 * Repeats every element `repeats` times along an axis.
 *
 * @throws {OptionError} `ERR_OPTION` when `repeats` is not a whole number ≥ 0.
 * @throws {AxisError} `ERR_AXIS` when the axis does not exist.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * const x = await nd.repeat(nd.arange(3), 2).compute();
 * console.log(x.data); // BigInt64Array(6) [ 0n, 0n, 1n, 1n, 2n, 2n ]
 * ```
 * @see numpy.repeat
 */
export function repeat<D extends DType = DType>(x: ArrayOf<D>, repeats: number, { axis }: RepeatOptions = {}): ChunkedArray<D> {
  const array: AnyArray = toArray("repeat", x);
  if (!Number.isSafeInteger(repeats) || repeats < 0) {
    throw new OptionError(`repeat: expected a whole number of repeats ≥ 0, got ${String(repeats)}`, {
      option: "repeats", received: repeats,
    });
  }
  const base: AnyArray = axis === undefined && array.ndim !== 1 ? ravel(array) : array;
  const along = normalizeAxis("repeat", axis ?? 0, base.shape);
  knownLength("repeat", base, along);
  if (repeats === 0) return getAlong(base, along, slice(null, 0));
  if (repeats === 1) return base;
  const pieces = repeatedPieces(base.chunks[along]!, repeats);
  const parts = pieces.map(([start, stop]) => repeatBlocks(getAlong(base, along, slice(start, stop)), repeats, along));
  if (parts.length === 0) return base;
  // The values are one expression; only the drawing has the pieces.
  return new ChunkedArray(repeatExpr(base.expr, repeats, along), concatenate(parts, { axis: along }).graph);
}

/** Each chunk is cut so that the pieces, repeated, are about as long as it was. */
function repeatedPieces(axisChunks: readonly number[], repeats: number): [number, number][] {
  const bounds = chunkBounds(axisChunks);
  return axisChunks.flatMap((_, k) => {
    const [from, to] = [bounds[k]!, bounds[k + 1]!];
    const cuts = Array.from({ length: repeats }, (_, i) => (i === repeats - 1 ? to : halfEven(from + (i * (to - from)) / (repeats - 1))));
    return cuts.slice(1).flatMap((stop, i): [number, number][] => (stop === cuts[i] ? [] : [[cuts[i]!, stop]]));
  });
}

/** NumPy rounds ties to even. */
function halfEven(value: number): number {
  const low = Math.floor(value);
  const rest = value - low;
  return rest < 0.5 || (rest === 0.5 && low % 2 === 0) ? low : low + 1;
}

function repeatBlocks(x: AnyArray, repeats: number, axis: number): AnyArray {
  const chunks = x.chunks.map((c: readonly number[], i: number) => (i === axis ? c.map((n) => n * repeats) : c));
  return new ChunkedArray(repeatExpr(x.expr, repeats, axis), blockwise("repeat", chunks, [x.graph], ["repeat", repeats, axis]));
}

/** An axis of its own for the repetitions, folded into the one before. */
function repeatExpr(x: Expr, repeats: number, axis: number): Expr {
  const wide = [...x.shape.slice(0, axis + 1), repeats, ...x.shape.slice(axis + 1)];
  return build.reshape(build.broadcastTo(build.expandDims(x, [axis + 1]), wide), x.shape.map((n, i) => (i === axis ? n * repeats : n)));
}

/**
 * Puts copies of an array side by side, `reps` times along each axis.
 *
 * @param reps one number for each axis, aligned at the last; more than the array has make new axes
 * @throws {OptionError} `ERR_OPTION` when a number is not whole or negative.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * console.log(nd.tile(nd.ones([2, 3]), [2, 1]).shape); // [4, 3]
 * ```
 * @see numpy.tile
 */
export function tile<D extends DType = DType>(x: ArrayOf<D>, reps: number | readonly number[]): ChunkedArray<D> {
  const array: AnyArray = toArray("tile", x);
  const list = typeof reps === "number" ? [reps] : reps;
  const bad = list.find((n) => !Number.isSafeInteger(n) || n < 0);
  if (bad !== undefined) {
    throw new OptionError(`tile: expected whole numbers ≥ 0 as reps, got ${bad}`, {
      option: "reps", received: reps,
    });
  }
  if (list.length === 0) return array;
  if (list.includes(0)) {
    const ndim = Math.max(list.length, array.ndim);
    const at = (values: readonly number[], i: number): number => values[i - (ndim - values.length)] ?? 1;
    return empty(Array.from({ length: ndim }, (_, i) => at(array.shape, i) * at(list, i)), { dtype: array.dtype });
  }
  const copies = list.reduceRight<Blocks>((inner, n) => new Array<Blocks>(n).fill(inner), array);
  return block(copies);
}

installMethods({ repeat });
