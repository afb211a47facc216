import { type AnyArray, ChunkedArray } from "../../array/chunked-array.js";
import { Memory } from "../../array/memory.js";
import type { IndexTerm } from "../../core/index-terms.js";
import { isFullSlice } from "../../core/index-terms.js";
import { isWhole, takeChunks } from "../../core/slicing.js";
import { Buffer } from "../../expr/buffer.js";
import * as build from "../../expr/build.js";
import type { Expr } from "../../expr/expr.js";
import { Gather } from "../../expr/gather.js";
import { take } from "../../graph/take.js";
import { basic, basicExpr, type BasicTerm, cutSource, termsToken, wholeAxis } from "./basic.js";

type ListTerm = Extract<IndexTerm, { kind: "list" }>;

/** Whole numbers ≥ 0 as an int64 expression. */
export function indexExpr(values: ArrayLike<number>): Expr {
  const data = new BigInt64Array(values.length);
  // In halves, which is ten times as fast as by bigints; only little-endian machines are supported.
  const halves = new Uint32Array(data.buffer);
  for (let i = 0; i < values.length; i++) {
    halves[2 * i] = values[i]!;
    halves[2 * i + 1] = values[i]! / 2 ** 32;
  }
  return new Buffer([data.length], "int64", new Memory(data), [1]);
}

/** Indexing by one list of positions beside integers, slices and new axes. */
export function fancy(x: AnyArray, terms: readonly (BasicTerm | ListTerm)[]): AnyArray {
  const list = terms.find((term): term is ListTerm => term.kind === "list")!;
  const whole = wholeAxis(list.axis, x.shape[list.axis]!) as Extract<BasicTerm, { kind: "slice" }>;
  const others = terms.map((term): BasicTerm => (term.kind === "list" ? whole : term));
  if (list.values.length === 0) return basic(x, others.map((term) => (term === whole ? { ...whole, stop: 0, count: 0 } : term)));
  if (isWhole(list.values, x.shape[list.axis]!)) return basic(x, others);

  const axes = others.filter((term) => term.kind !== "new");
  const kept = axes.filter((term) => term.kind === "slice");
  const along = kept.findIndex((term) => term === whole);
  const cut = axes.every((term) => isFullSlice(term, x.shape)) ? { chunks: x.chunks } : cutSource(x, axes);
  const newAxes = others.filter((term) => term.kind !== "integer").flatMap((term, i) => (term.kind === "new" ? [i] : []));
  const sizes = takeChunks(cut.chunks[along]!, list.values);
  const graph = take(x.graph, cut, along, list.values, sizes, newAxes, [termsToken(others), list.values]);
  const gathered = new Gather(basicExpr(x.expr, axes), indexExpr(list.values), along);
  return new ChunkedArray(build.expandDims(gathered, newAxes), graph);
}
