import { type AnyArray, ChunkedArray } from "../../array/chunked-array.js";
import { ShapeError, UnsupportedError } from "../../errors/index.js";
import * as build from "../../expr/build.js";
import type { Expr } from "../../expr/expr.js";
import { Gather } from "../../expr/gather.js";
import { Nonzero, Select } from "../../expr/select.js";
import { blockwise, source } from "../../graph/blockwise.js";
import { contraction } from "../../graph/contraction.js";
import { blockForBlock } from "../../graph/reshape.js";
import { isKnown } from "../../core/shape.js";
import { noteCounts } from "./chunk-sizes.js";
import { unifyAligned, unifyAxes } from "../rechunk/unify-axes.js";
import { ravel, reshape } from "../manipulation/reshape.js";
import { basic, wholeAxis } from "./basic.js";

/** The elements of `x` where a mask of its shape is true, in C order. Their number is known when it has run. */
export function maskAll(x: AnyArray, mask: AnyArray): AnyArray {
  const known = isKnown(x.shape) && isKnown(mask.shape);
  const flat = known ? [ravel(x), ravel(mask)] : [x, mask];
  const [a, m] = unifyAligned("get", flat as AnyArray[]) as [AnyArray, AnyArray];
  const expr = new Select(x.expr, mask.expr);
  const picked = blockwise("getitem", a.chunks, [a.graph, m.graph], ["mask", expr.token]);
  const chunks = [new Array<number>(a.npartitions).fill(NaN)];
  const graph = blockForBlock("getitem", chunks, picked, "unknown");
  if (known) noteCounts(graph, m.expr, a.chunks[0]!);
  else noteCounts(graph);
  return new ChunkedArray(expr, graph);
}

/** Keeps the parts of `x` along axes from `axis` where a mask over them is true. */
export function maskAxes(x: AnyArray, mask: AnyArray, axis: number): AnyArray {
  if (mask.ndim !== 1) {
    if (!isKnown(x.shape)) {
      throw new UnsupportedError("get: a mask over several axes needs an array of known shape", {
        hint: "compute its lengths first, with computeChunkSizes()",
      });
    }
    const merged = [...x.shape.slice(0, axis), mask.size, ...x.shape.slice(axis + mask.ndim)];
    return maskAxes(reshape(x, merged), ravel(mask) as AnyArray, axis);
  }
  const letters = x.shape.map((_: number, i: number) => `${i}`);
  const [a, m] = unifyAxes("get", [x, mask], [letters, [`${axis}`]]) as [AnyArray, AnyArray];
  const places = build.dropAxes(new Nonzero(mask.expr), [1]);
  const chunks = a.chunks.map((c: readonly number[], i: number) => (i === axis ? c.map(() => NaN) : c));
  const expr = new Gather(x.expr, places, axis);
  const graph = contraction("getitem_variadic", letters, chunks, [a.graph, m.graph], [letters, [`${axis}`]], expr.token);
  noteCounts(graph, m.expr, a.chunks[axis]!);
  return new ChunkedArray(expr, graph);
}

/** Takes elements along an axis by an array of integers with no axis or one, which is computed when the result is. */
export function takeLazy(x: AnyArray, index: AnyArray, axis: number): AnyArray {
  if (index.ndim > 1) {
    if (!isKnown(index.shape)) throw new ShapeError("get: expected an index of known shape", { shapes: [index.shape] });
    const flat = takeLazy(x, ravel(index) as AnyArray, axis);
    return reshape(flat, [...x.shape.slice(0, axis), ...index.shape, ...x.shape.slice(axis + 1)]);
  }
  if (index.ndim === 0) {
    const one = takeLazy(x, basic(index, [{ kind: "new" }]), axis);
    return basic(one, one.shape.map((n: number, i: number) => (i === axis ? { kind: "integer", axis, value: 0 } : wholeAxis(i, n))));
  }
  const letters = x.shape.map((_: number, i: number) => `${i}`);
  const replaced = letters.map((letter: string, i: number) => (i === axis ? "p" : letter));
  const offsets = source("array", [x.chunks[axis]!], ["offsets", x.chunks[axis]!]);
  const every = [...letters.slice(0, axis + 1), "p", ...letters.slice(axis + 1)];
  const pairChunks = [...x.chunks.slice(0, axis + 1), index.chunks[0]!, ...x.chunks.slice(axis + 1)];
  const expr = new Gather(x.expr, positive(index.expr, x.shape[axis]!), axis);
  const pairs = contraction(
    "slice_with_int_dask_array", every, pairChunks, [x.graph, index.graph, offsets], [letters, ["p"], [`${axis}`]], expr.token,
  );
  const chunks = x.chunks.map((c: readonly number[], i: number) => (i === axis ? index.chunks[0]! : c));
  const count = x.numblocks[axis]!;
  const joined = blockwise("slice_with_int_dask_array_aggregate", chunks, [index.graph, pairs], [replaced, expr.token], [
    (block) => [[block[axis]!]],
    (block) => Array.from({ length: count }, (_, i) => [...block.slice(0, axis), i, ...block.slice(axis)]),
  ]);
  return new ChunkedArray(expr, joined);
}

/** Negative indices counted from the start. */
export function positive(index: Expr, length: number): Expr {
  const unsigned = index.dtype.startsWith("u");
  const whole = build.cast(index, "int64");
  if (unsigned) return whole;
  const constant = (value: number): Expr => build.full([], "int64", value);
  const negative = build.map("less", "int64", "bool", [whole, constant(0)], whole.shape);
  const wrapped = build.map("add", "int64", "int64", [whole, constant(length)], whole.shape);
  return build.map("where", "int64", "int64", [negative, wrapped, whole], whole.shape);
}
