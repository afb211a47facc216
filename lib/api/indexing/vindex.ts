import type { DType } from "../../core/dtype.js";
import { type AnyArray, ChunkedArray } from "../../array/chunked-array.js";
import { installMethods } from "../../array/methods.js";
import { NDArray } from "../../array/nd-array.js";
import { chunkSize, uniformChunks } from "../../core/chunks.js";
import { isFullSlice, type IndexTerm, normalizeIndex } from "../../core/index-terms.js";
import { broadcastShapes, contiguousStrides, sameShape, type Shape, sizeOf } from "../../core/shape.js";
import { Slice } from "../../core/slice.js";
import { IndexError } from "../../errors/index.js";
import * as build from "../../expr/build.js";
import type { Expr } from "../../expr/expr.js";
import { Gather } from "../../expr/gather.js";
import { points } from "../../graph/points.js";
import { reshape } from "../manipulation/reshape.js";
import { type ArrayOf, toArray } from "../operand.js";
import { basic, type BasicTerm, wholeAxis } from "./basic.js";
import { indexExpr } from "./fancy.js";
import { type Index, plainParts } from "./index-forms.js";

declare module "../../array/chunked-array.js" {
  interface ChunkedArray<D, S> {
    /** Elements at points, given by a list for each axis. See {@link vindex}. */
    vindex(...index: readonly Index[]): ChunkedArray<D, number[]>;
  }
}

/**
 * Elements at points: lists for several axes are broadcast and walked together, so that `x.vindex([0, 1], [2, 3])` has elements (0, 2) and
 * (1, 3). The points are the first axes of the result; axes with a slice follow, those with an integer go.
 *
 * @throws {IndexError} `ERR_INDEX` when a list does not fit its axis, lists do not broadcast, or a part is a mask, null or not computed.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * const x = nd.arange(12).reshape([3, 4]);
 * console.log((await x.vindex([0, 2], [3, 0]).compute()).toNested()); // [3n, 8n]
 * ```
 * @see dask.array.Array.vindex
 */
export function vindex<D extends DType = DType>(x: ArrayOf<D>, ...index: readonly Index[]): ChunkedArray<D> {
  const array: AnyArray = toArray("vindex", x);
  index.forEach(refuse);
  const terms = normalizeIndex("vindex", plainParts(index), array.shape) as (BasicTerm | ListTerm)[];
  const lists = terms.filter((term): term is ListTerm => term.kind === "list");
  const cut = terms.map((term): BasicTerm => (term.kind === "list" ? wholeAxis(term.axis, array.shape[term.axis]!) : term));
  if (lists.length === 0 && terms.every((term) => term.kind === "slice")) {
    if (cut.every((term) => isFullSlice(term, array.shape))) return array;
    throw new IndexError("vindex: expected a list on at least one axis, got slices only", { index, hint: "use get" });
  }
  const base = cut.every((term) => isFullSlice(term, array.shape)) ? array : basic(array, cut);
  if (lists.length === 0) return base;
  const kept = terms.filter((term) => term.kind !== "integer");
  return atPoints(base, kept.flatMap((term, axis) => (term.kind === "list" ? [axis] : [])), lists);
}

type ListTerm = Extract<IndexTerm, { kind: "list" }>;

function refuse(part: Index): void {
  const what = part === null ? "null" : part instanceof ChunkedArray ? "an array that is not computed"
    : typeof part !== "string" && !(part instanceof Slice) && isMask(part) ? "a mask" : undefined;
  if (what === undefined) return;
  throw new IndexError(`vindex: expected integers, lists of integers and slices, got ${what}`, {
    index: part, hint: part instanceof ChunkedArray ? "compute it first" : "use get",
  });
}

function isMask(part: unknown): boolean {
  if (part instanceof NDArray) return part.dtype === "bool";
  return Array.isArray(part) ? part.length > 0 && isMask(part[0]) : typeof part === "boolean";
}

function atPoints(x: AnyArray, axes: readonly number[], lists: readonly ListTerm[]): AnyArray {
  const shape = pointShape(lists);
  const count = sizeOf(shape);
  const indices = lists.map((list) => spread(list, shape));
  const largest = chunkSize(x.chunks);
  const each = axes.reduce((n, axis) => n * largest[axis]!, 1);
  const sizes = uniformChunks(count, Math.max(1, each));
  const others = x.shape.map((_: number, axis: number) => axis).filter((axis: number) => !axes.includes(axis));
  const flat = new ChunkedArray(pointsExpr(x.expr, axes, others, indices), points(x.graph, axes, indices, sizes, indices));
  return reshape(flat as AnyArray, [...shape, ...others.map((axis: number) => x.shape[axis]!)]);
}

function pointShape(lists: readonly ListTerm[]): number[] {
  try {
    return broadcastShapes("vindex", ...lists.map((list) => list.shape));
  } catch (cause) {
    throw new IndexError(`vindex: expected lists that broadcast, got shapes ${lists.map((list) => `(${list.shape.join(", ")})`).join(" and ")}`, {
      cause,
    });
  }
}

/** A list's elements broadcast to a shape, flat. */
function spread({ values, shape }: ListTerm, to: Shape): Float64Array {
  if (sameShape(shape, to)) return values;
  const lead = to.length - shape.length;
  const own = contiguousStrides(shape);
  const strides = to.map((_, i) => (i < lead || shape[i - lead] === 1 ? 0 : own[i - lead]!));
  const steps = contiguousStrides(to);
  return Float64Array.from({ length: sizeOf(to) }, (_, flat) => {
    let at = 0;
    let rest = flat;
    steps.forEach((step, i) => {
      at += Math.floor(rest / step) * strides[i]!;
      rest %= step;
    });
    return values[at]!;
  });
}

/** The indexed axes are brought to the front and made one, from which points are picked. */
function pointsExpr(x: Expr, axes: readonly number[], others: readonly number[], indices: readonly Float64Array[]): Expr {
  const fronted = build.transpose(x, [...axes, ...others]);
  const lengths = axes.map((axis) => x.shape[axis]!);
  const merged = build.reshape(fronted, [sizeOf(lengths), ...others.map((axis) => x.shape[axis]!)]);
  const steps = contiguousStrides(lengths);
  return new Gather(merged, indexExpr(indices[0]!.map((_, i) => indices.reduce((at, list, k) => at + list[i]! * steps[k]!, 0))), 0);
}

installMethods({ vindex });
