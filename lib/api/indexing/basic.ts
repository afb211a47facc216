import { type AnyArray, ChunkedArray } from "../../array/chunked-array.js";
import { type Chunks, chunkBounds } from "../../core/chunks.js";
import type { IndexTerm } from "../../core/index-terms.js";
import { sliceAxis } from "../../core/slicing.js";
import type { Expr } from "../../expr/expr.js";
import { View, type ViewAxis } from "../../expr/view.js";
import { type AxisBlocks, getitem } from "../../graph/getitem.js";
import type { TaskRef } from "../../graph/graph-node.js";
import { chunkAt } from "../../graph/take.js";

/** Terms that pick elements by arithmetic alone. */
export type BasicTerm = Extract<IndexTerm, { kind: "integer" | "slice" | "new" }>;

/** All of an axis of length `n`. */
export const wholeAxis = (axis: number, n: number): BasicTerm => ({ kind: "slice", axis, start: 0, stop: n, step: 1, count: n });

/** Indexing by integers, slices and new axes: no element moves. */
export function basic(x: AnyArray, terms: readonly BasicTerm[]): AnyArray {
  const { chunks, axes, fixed } = cutBlocks(x.chunks, terms);
  return new ChunkedArray(basicExpr(x.expr, terms), getitem("getitem", chunks, x.graph, axes, fixed, termsToken(terms)));
}

/** Elements by arithmetic, as a view. */
export function basicExpr(x: Expr, terms: readonly BasicTerm[]): Expr {
  const start = x.shape.map(() => 0);
  const shape: number[] = [];
  const axes: ViewAxis[] = [];
  for (const term of terms) {
    if (term.kind === "integer") start[term.axis] = term.value;
    else if (term.kind === "new") shape.push(1), axes.push({ axis: -1, step: 0 });
    else {
      // A view of nothing must not start beyond the end.
      start[term.axis] = term.count === 0 ? 0 : term.start;
      shape.push(term.count);
      axes.push({ axis: term.axis, step: term.step });
    }
  }
  return new View(x, shape, axes, start);
}

/** Which block each block of the result is cut from. */
export function cutBlocks(
  from: Chunks, terms: readonly BasicTerm[],
): { chunks: Chunks; axes: AxisBlocks[]; fixed: Map<number, number> } {
  const chunks: (readonly number[])[] = [];
  const axes: AxisBlocks[] = [];
  const fixed = new Map<number, number>();
  for (const term of terms) {
    if (term.kind === "integer") fixed.set(term.axis, chunkAt(chunkBounds(from[term.axis]!), term.value));
    else if (term.kind === "new") chunks.push([1]), axes.push({ input: -1 });
    else {
      const cut = sliceAxis(from[term.axis]!, term.start, term.stop, term.step);
      chunks.push(cut.counts);
      axes.push({ input: term.axis, blocks: cut.blocks });
    }
  }
  return { chunks, axes, fixed };
}

/** The cut made of an array's blocks before a list is taken, as tasks of the same layer. */
export function cutSource(x: AnyArray, terms: readonly BasicTerm[]): { chunks: Chunks; cutFrom: (index: readonly number[]) => TaskRef } {
  const { chunks, axes, fixed } = cutBlocks(x.chunks, terms);
  return {
    chunks,
    cutFrom: (index) => {
      const block = x.chunks.map((_: readonly number[], axis: number) => fixed.get(axis) ?? 0);
      axes.forEach((a, i) => {
        if (a.input >= 0) block[a.input] = (a as { blocks: readonly number[] }).blocks[index[i]!]!;
      });
      return x.graph.block(block);
    },
  };
}

/** What tells one index from another. */
export const termsToken = (terms: readonly BasicTerm[]): unknown =>
  terms.map((term) => {
    if (term.kind === "new") return "new";
    return term.kind === "integer" ? [term.axis, term.value] : [term.axis, term.start, term.stop, term.step];
  });
