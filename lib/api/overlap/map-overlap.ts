import { type AnyArray, ChunkedArray } from "../../array/chunked-array.js";
import { installMethods } from "../../array/methods.js";
import type { Chunks } from "../../core/chunks.js";
import type { DType } from "../../core/dtype.js";
import { ensureMinimumChunks } from "../../core/overlap-chunks.js";
import type { Scalar } from "../../core/scalar.js";
import { formatShape, isKnown, normalizeAxis } from "../../core/shape.js";
import { slice } from "../../core/slice.js";
import { ChunkError, OptionError, ShapeError, UnsupportedError } from "../../errors/index.js";
import * as build from "../../expr/build.js";
import { blockwise } from "../../graph/blockwise.js";
import type { GraphNode } from "../../graph/graph-node.js";
import { type Depths, innerBlocks, overlap } from "../../graph/overlap.js";
import { fullLike } from "../creation/full.js";
import { getAlong } from "../indexing/get.js";
import { concatenate } from "../manipulation/concatenate.js";
import { repeat } from "../manipulation/repeat.js";
import { type ArrayOf, toArray } from "../operand.js";
import { rechunk } from "../rechunk/rechunk.js";

/** What stands beyond the edges of an axis: nothing, its elements mirrored, those of the other side, the outermost repeated, or a value. */
export type Boundary = "none" | "reflect" | "periodic" | "nearest" | Scalar;

/** One value for all axes, one for each, or some by axis number. */
export type PerAxis<T> = T | readonly T[] | Readonly<Record<number, T>>;

/** How {@link mapOverlap} widens. */
export interface MapOverlapOptions {
  /** How far a result reaches: elements on both sides, by axis; `[before, after]` by axis number where nothing stands beyond the edges. */
  readonly depth: number | readonly number[] | Readonly<Record<number, number | readonly [number, number]>>;
  /** "none" by default. */
  readonly boundary?: PerAxis<Boundary>;
  /** Whether chunks shorter than the depth are joined to their neighbours; true by default. */
  readonly allowRechunk?: boolean;
}

/** A stencil: from an array that is wider by the depth to one that is as wide, or to one that has lost the depth again. */
export type Stencil<D extends DType = DType, R extends DType = DType> = (padded: ChunkedArray<D>) => ChunkedArray<R>;

declare module "../../array/chunked-array.js" {
  interface ChunkedArray<D, S> {
    /** Applies a stencil. See {@link mapOverlap}. */
    mapOverlap<R extends DType = D>(stencil: Stencil<D, R>, options: MapOverlapOptions): ChunkedArray<R>;
  }
}

/**
 * Applies a stencil: a function of neighbours.
 *
 * The function is called once, at once, with the whole array, lazy as always and widened by `depth` as `boundary` says. It does not see blocks:
 * it combines shifted slices, `roll`s or other functions of this library into a lazy array. That has the shape it was given, of which the
 * depth is cut off again, or that of `x`. Nothing is copied or stored: the shifted reads, what the stencil does, and a reduction of
 * the result are one pass over `x`. Chunks stay as they are; those shorter than the depth are joined.
 *
 * @throws {OptionError} `ERR_OPTION` for a bad depth or boundary, or a function that returns no array.
 * @throws {ChunkError} `ERR_CHUNK` when an axis is shorter than the depth, or a chunk is and may not be joined.
 * @throws {ShapeError} `ERR_SHAPE` when the function returns another shape, or lengths are unknown.
 * @throws {UnsupportedError} `ERR_UNSUPPORTED` for `[before, after]` on an axis with a boundary.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * const x = nd.arange(5, { dtype: "float64" });
 * const means = x.mapOverlap((p) => p.get(":-2").add(p.get("1:-1")).add(p.get("2:")).div(3), { depth: 1, boundary: "nearest" });
 * console.log((await means.compute()).toNested()); // [0.3333333333333333, 1, 2, 3, 3.6666666666666665]
 * ```
 * @see dask.array.map_overlap
 */
export function mapOverlap<D extends DType = DType, R extends DType = D>(
  stencil: Stencil<D, R>, x: ArrayOf<D>, { depth, boundary = "none", allowRechunk = true }: MapOverlapOptions,
): ChunkedArray<R> {
  const array = toArray("mapOverlap", x) as AnyArray;
  if (!isKnown(array.shape)) {
    throw new ShapeError("mapOverlap: expected an array of known shape", {
      shapes: [array.shape], hint: "compute its lengths first, with computeChunkSizes()",
    });
  }
  const depths = depthsOf(depth, array);
  const kinds = byAxis<Boundary>("boundary", boundary, array, "none").map(checkedBoundary);
  const widened = depths.map((d, axis) => kinds[axis] !== "none" && d[0] > 0);
  depths.forEach(([before, after], axis) => {
    if (before === after || kinds[axis] === "none") return;
    throw new UnsupportedError(`mapOverlap: [${before}, ${after}] as depth of axis ${axis} needs boundary "none", got ${JSON.stringify(kinds[axis])}`);
  });
  const base = longEnough(array, depths, allowRechunk);
  const padded = kinds.reduce((part: AnyArray, kind, axis) => (widened[axis] ? beyond(part, axis, depths[axis]![0], kind) : part), base);
  const made: unknown = stencil(padded as ChunkedArray<D>);
  if (!(made instanceof ChunkedArray)) {
    throw new OptionError(`mapOverlap: expected a function that returns an array, got ${made === null ? "null" : typeof made}`, {
      option: "stencil", received: made, hint: "it is called once, with a lazy array, and combines that with functions of the library",
    });
  }
  const result = trimmed(made as AnyArray, padded, base, depths, widened);
  return new ChunkedArray(result.expr, draw(stencil.name || "lambda", padded.graph, base.chunks, depths, widened, result.expr.token)) as ChunkedArray<R>;
}

installMethods({ mapOverlap: (x, stencil: Stencil, options: MapOverlapOptions) => mapOverlap(stencil, x, options) });

/** One value an axis: given for all, in order, or by axis number. */
function byAxis<T>(option: string, value: PerAxis<T>, x: AnyArray, otherwise: T): T[] {
  if (Array.isArray(value)) {
    if (value.length === x.ndim) return value.slice() as T[];
    throw new OptionError(`mapOverlap: expected one ${option} for each of ${x.ndim} axes, got ${value.length}`, { option, received: value });
  }
  if (value === null || typeof value !== "object" || "re" in value) return x.shape.map(() => value as T);
  const result = x.shape.map(() => otherwise);
  for (const [axis, one] of Object.entries(value)) result[normalizeAxis("mapOverlap", Number(axis), x.shape)] = one as T;
  return result;
}

function depthsOf(depth: MapOverlapOptions["depth"], x: AnyArray): Depths {
  return byAxis<number | readonly [number, number]>("depth", depth as PerAxis<number>, x, 0).map((one) => {
    const pair = typeof one === "number" ? [one, one] : one;
    if (Array.isArray(pair) && pair.length === 2 && pair.every((n) => Number.isSafeInteger(n) && n >= 0)) return pair as [number, number];
    throw new OptionError(`mapOverlap: expected whole numbers ≥ 0 as depth, got ${JSON.stringify(one)}`, { option: "depth", received: depth });
  });
}

function checkedBoundary(kind: Boundary): Boundary {
  if (typeof kind !== "string" || ["none", "reflect", "periodic", "nearest"].includes(kind)) return kind;
  throw new OptionError(`mapOverlap: expected "none", "reflect", "periodic", "nearest" or a value as boundary, got "${kind}"`, {
    option: "boundary", received: kind,
  });
}

/** The array with chunks that are nowhere shorter than the depth. */
function longEnough(x: AnyArray, depths: Depths, allowRechunk: boolean): AnyArray {
  const least = depths.map((d) => Math.max(...d));
  const cut = x.chunks.map((axis: readonly number[], a: number) => (least[a] === 0 ? axis : ensureMinimumChunks("mapOverlap", axis, least[a]!)));
  const short = x.chunks.findIndex((axis: readonly number[], a: number) => axis !== cut[a]);
  if (short >= 0 && !allowRechunk) {
    throw new ChunkError(`mapOverlap: axis ${short} has chunks shorter than its depth of ${least[short]}`, {
      received: x.chunks[short], hint: "leave out allowRechunk: false to have them joined",
    });
  }
  return rechunk(x, cut) as AnyArray;
}

/** What stands beyond both edges of an axis, and the array between. */
function beyond(x: AnyArray, axis: number, depth: number, kind: Boundary): AnyArray {
  const at = (start: number | null, stop: number | null, step: number | null = null): AnyArray => getAlong(x, axis, slice(start, stop, step));
  const ends = (): readonly [AnyArray, AnyArray] => {
    switch (kind) {
      case "periodic": return [at(-depth, null), at(0, depth)];
      case "reflect": return [depth === 1 ? at(0, 1) : at(depth - 1, null, -1), at(-1, -depth - 1, -1)];
      case "nearest": return [repeated(at(0, 1), depth, axis), repeated(at(-1, null), depth, axis)];
      default: {
        const value = fullLike(x, kind as Scalar, { shape: x.shape.with(axis, depth), chunks: x.chunks.with(axis, [depth]) }) as AnyArray;
        return [value, value];
      }
    }
  };
  const [before, after] = ends().map((end) => wide(end, axis));
  return concatenate([before!, x, after!], { axis });
}

/** Drawn as repeat draws it; one element of the axis stands for all. */
const repeated = (edge: AnyArray, n: number, axis: number): AnyArray =>
  new ChunkedArray(build.broadcastTo(edge.expr, edge.shape.with(axis, n)), repeat(edge, n, { axis }).graph) as AnyArray;

/** An axis in one chunk. */
const wide = (x: AnyArray, axis: number): AnyArray => rechunk(x, { [axis]: -1 }) as AnyArray;

function trimmed(made: AnyArray, padded: AnyArray, x: AnyArray, depths: Depths, widened: readonly boolean[]): AnyArray {
  const is = (shape: readonly number[]): boolean => made.ndim === shape.length && made.shape.every((n: number, axis: number) => n === shape[axis]);
  if (is(padded.shape)) return depths.reduce((part, [n], axis) => (widened[axis] ? getAlong(part, axis, slice(n, -n)) : part), made);
  if (is(x.shape)) return made;
  throw new ShapeError(`mapOverlap: expected a function that returns shape ${formatShape(padded.shape)} or ${formatShape(x.shape)}, got ${formatShape(made.shape)}`, {
    shapes: [made.shape, padded.shape],
  });
}

/** Dask's layers: blocks with their neighbours' ends, the function on each, its result trimmed. */
function draw(label: string, padded: GraphNode, chunks: Chunks, depths: Depths, widened: readonly boolean[], token: string): GraphNode {
  if (depths.every(([before, after]) => before === 0 && after === 0)) return blockwise(label, chunks, [padded], token);
  const overlapped = overlap(padded, depths);
  const inner = overlapped.chunks.map((axis, a) => (widened[a] ? axis.slice(1, -1) : axis));
  const blocks = widened.includes(true) ? innerBlocks(overlapped, widened, inner) : overlapped;
  return blockwise("_trim", chunks, [blockwise(label, inner, [blocks], token)], token);
}
