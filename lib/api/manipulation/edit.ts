import type { DType } from "../../core/dtype.js";
import type { AnyArray } from "../../array/chunked-array.js";
import { ChunkedArray } from "../../array/chunked-array.js";
import { NDArray } from "../../array/nd-array.js";
import type { Chunks } from "../../core/chunks.js";
import { isScalar, type Scalar, scalarTo } from "../../core/scalar.js";
import { formatShape, normalizeAxis } from "../../core/shape.js";
import { resolveSlice, Slice, slice } from "../../core/slice.js";
import { IndexError, OptionError, ShapeError } from "../../errors/index.js";
import * as build from "../../expr/build.js";
import { source } from "../../graph/blockwise.js";
import { get, getAlong } from "../indexing/get.js";
import { type ArrayLike, type ArrayOf, toArray } from "../operand.js";
import { knownLength } from "./known-length.js";
import { withChunks } from "../rechunk/unify-axes.js";
import { astype } from "./astype.js";
import { broadcastAs, broadcastTo } from "./broadcast.js";
import { concatenate } from "./concatenate.js";
import { ravel } from "./reshape.js";
import { moveaxis } from "./transpose.js";

/** Positions along an axis: one, a list, or a slice. */
export type Positions = number | bigint | Slice | readonly (number | bigint)[] | readonly boolean[]
  | BigInt64Array | Int32Array | NDArray<"int64" | "int32" | "bool">;

/**
 * Inserts values before positions of an axis; without an axis the array is flattened first. Values are cast to the array's dtype and broadcast.
 *
 * @throws {IndexError} `ERR_INDEX` when a position is out of bounds.
 * @throws {ShapeError} `ERR_BROADCAST` when the values do not fit.
 * @throws {AxisError} `ERR_AXIS` when the axis does not exist.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * console.log((await nd.insert(nd.arange(4), [1, 3], 9, 0).compute()).toNested()); // [0n, 9n, 1n, 2n, 9n, 3n]
 * ```
 * @see numpy.insert
 */
export function insert<D extends DType = DType>(
  x: ArrayOf<D>, positions: Positions, values: ArrayLike, axis?: number,
): ChunkedArray<D> {
  const array = (axis === undefined ? ravel(toArray("insert", x)) : toArray("insert", x)) as AnyArray;
  const along = normalizeAxis("insert", axis ?? 0, array.shape);
  const scalar = typeof positions === "number" || typeof positions === "bigint";
  let list = readPositions("insert", positions, knownLength("insert", array, along), along, true);
  let filling = fillingOf(array, values, list.length, along, scalar);
  if (scalar) list = new Array<number>(filling.shape[along]!).fill(list[0]!);
  if (list.some((at, i) => i > 0 && at < list[i - 1]!)) {
    const order = list.map((_, i) => i).sort((a, b) => list[a]! - list[b]! || a - b);
    filling = getAlong(filling, along, order);
    list = order.map((i) => list[i]!);
  }
  if (list.length === 0) return array;
  const chunks: Chunks = array.chunks.map((c: readonly number[], i: number) => (i === along ? filling.chunks[along]! : c));
  const cut = withChunks(filling, chunks);
  const places = [...new Set(list)];
  const counts = places.slice(0, -1).map((at) => list.lastIndexOf(at) + 1);
  const kept = splitAt(array, places, along);
  const added = splitAt(cut, counts, along);
  const parts = kept.flatMap((part, i) => (i < added.length ? [part, added[i]!] : [part])).filter((part) => part.size !== 0);
  return concatenate(parts, { axis: along });
}

/** What is inserted, in the array's dtype and with `count` elements along the axis (a scalar position takes as many as come). */
function fillingOf(x: AnyArray, values: ArrayLike, count: number, axis: number, scalar: boolean): AnyArray {
  const shape = x.shape.map((n: number, i: number) => (i === axis ? count : n));
  if (isScalar(values)) {
    const expr = build.full([], x.dtype, scalarTo("insert", x.dtype, values as Scalar));
    const whole = new ChunkedArray(expr, source("values", [], expr.token)) as AnyArray;
    return broadcastAs(whole, shape, shape.map((n: number) => [n]));
  }
  let given = astype(toArray("insert", values), x.dtype) as AnyArray;
  if (given.ndim > x.ndim) {
    throw new ShapeError(`insert: expected values of at most ${x.ndim} axes, got shape ${formatShape(given.shape)}`, {
      shapes: [x.shape, given.shape],
    });
  }
  if (given.ndim < x.ndim) given = get(given, ...new Array<null>(x.ndim - given.ndim).fill(null), "...");
  // As in NumPy, the values of a scalar position have their axis first.
  if (scalar) given = moveaxis(given, 0, axis);
  return broadcastTo(given, shape.map((n: number, i: number) => (i === axis && scalar ? given.shape[axis]! : n)));
}

/**
 * Removes what stands at positions of an axis; without an axis the array is flattened first.
 *
 * @throws {IndexError} `ERR_INDEX` when a position is out of bounds.
 * @throws {AxisError} `ERR_AXIS` when the axis does not exist.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * console.log((await nd.delete(nd.arange(5), [1, 3], 0).compute()).toNested()); // [0n, 2n, 4n]
 * ```
 * @see numpy.delete
 */
export function deleteAt<D extends DType = DType>(x: ArrayOf<D>, positions: Positions, axis?: number): ChunkedArray<D> {
  const array = (axis === undefined ? ravel(toArray("delete", x)) : toArray("delete", x)) as AnyArray;
  const along = normalizeAxis("delete", axis ?? 0, array.shape);
  const places = [...new Set(readPositions("delete", positions, knownLength("delete", array, along), along, false))].sort((a, b) => a - b);
  if (places.length === 0) return array;
  const parts = splitAt(array, places, along).map((part, i) => (i === 0 ? part : getAlong(part, along, slice(1, null))));
  return concatenate(parts, { axis: along });
}

/**
 * Joins values to the end of an array along an axis; without one both are flattened.
 *
 * @throws {ShapeError} `ERR_SHAPE` when the shapes do not fit.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * console.log(nd.append(nd.ones([2, 3]), [[1, 1, 1]], { axis: 0 }).shape); // [3, 3]
 * ```
 * @see numpy.append
 */
export function append<D extends DType = DType>(
  x: ArrayOf<D>, values: ArrayLike, { axis }: { axis?: number } = {},
): ChunkedArray<D> {
  const [array, added] = [toArray("append", x), toArray("append", values)] as [AnyArray, AnyArray];
  return axis === undefined ? concatenate([ravel(array), ravel(added)]) : concatenate([array, added], { axis });
}

/** The parts before, between and after positions of an axis. */
function splitAt(x: AnyArray, places: readonly number[], axis: number): AnyArray[] {
  return Array.from({ length: places.length + 1 }, (_, i) => getAlong(x, axis, slice(places[i - 1] ?? null, places[i] ?? null)));
}

function readPositions(operation: string, positions: Positions, length: number, axis: number, atEnd: boolean): number[] {
  if (positions instanceof Slice) {
    const { start, step, count } = resolveSlice(positions, length);
    return Array.from({ length: count }, (_, i) => start + i * step);
  }
  if (positions instanceof NDArray) return readPositions(operation, [positions.toNested()].flat() as number[], length, axis, atEnd);
  const list: readonly unknown[] = typeof positions === "object" ? Array.from(positions as Iterable<unknown>) : [positions];
  if (list.length > 0 && list.every((item) => typeof item === "boolean")) {
    if (list.length !== length) {
      throw new IndexError(`${operation}: expected a mask of ${length} elements for axis ${axis}, got ${list.length}`, {
        index: positions, axis,
      });
    }
    return list.flatMap((item, i) => (item ? [i] : []));
  }
  const most = atEnd ? length : length - 1;
  return list.map((item) => {
    const at = Number(item);
    if (typeof item === "object" || typeof item === "boolean" || !Number.isInteger(at)) {
      throw new OptionError(`${operation}: expected whole numbers as positions, got ${String(item)}`, {
        option: "positions", received: positions,
      });
    }
    if (at < -length || at > most) {
      throw new IndexError(`${operation}: position ${at} is out of bounds for axis ${axis} with ${length} elements`, {
        index: at, axis, hint: `use ${-length} to ${most}`,
      });
    }
    return at < 0 ? at + length : at;
  });
}
