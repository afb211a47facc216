import type { Chunks } from "../core/chunks.js";
import { GraphNode, indexOf, type Layer, ordinalOf, type TaskRef } from "./graph-node.js";

/** Dask's rechunk, one layer a step of its plan (core/rechunk-plan.ts gives the steps, the target last). */
export function rechunk(input: GraphNode, steps: readonly Chunks[]): GraphNode {
  return steps.reduce((node, chunks) => rechunkStep(node, chunks), input);
}

/**
 * One step: a merge task for each new block, and a split task for each piece of an old block that is not the whole of it
 * (dask-behaviour: `rechunk-merge`, `rechunk-split`, all in one layer called `rechunk-merge`).
 */
function rechunkStep(input: GraphNode, chunks: Chunks): GraphNode {
  const axes = chunks.map((to, axis) => overlaps(input.chunks[axis]!, to));
  const grid = chunks.map((c) => c.length);
  const merges = grid.reduce((a, b) => a * b, 1);
  const pieceGrid = axes.map((pieces) => pieces.length);
  const pieces = pieceGrid.reduce((a, b) => a * b, 1);
  const whole = axes.reduce((n, list) => n * list.filter((p) => p.whole).length, 1);

  // Split tasks are numbered after the merges, over the pieces that are not whole blocks, in C order.
  let splitPieces: number[] | undefined;
  let splitOrdinal: Map<number, number> | undefined;
  const isWhole = (index: readonly number[]): boolean => index.every((p, axis) => axes[axis]![p]!.whole);
  const splits = (): number[] =>
    (splitPieces ??= Array.from({ length: pieces }, (_, k) => k).filter((k) => !isWhole(indexOf(k, pieceGrid))));
  const oldBlock = (piece: readonly number[]): TaskRef => input.block(piece.map((p, axis) => axes[axis]![p]!.from));

  const layer: Layer = {
    label: "rechunk-merge",
    count: merges + pieces - whole,
    index: (ordinal) => indexOf(ordinal < merges ? ordinal : splits()[ordinal - merges]!, ordinal < merges ? grid : pieceGrid),
    reads(ordinal) {
      if (ordinal >= merges) return [oldBlock(indexOf(splits()[ordinal - merges]!, pieceGrid))];
      splitOrdinal ??= new Map(splits().map((piece, k) => [piece, merges + k]));
      const block = indexOf(ordinal, grid);
      const ranges = block.map((b, axis) => axes[axis]!.flatMap((p, k) => (p.to === b ? [k] : [])));
      return product(ranges).map((piece) => {
        const split = splitOrdinal!.get(ordinalOf(piece, pieceGrid));
        return split === undefined ? oldBlock(piece) : { layer, ordinal: split };
      });
    },
  };
  return new GraphNode({ label: "rechunk-merge", chunks, inputs: [input], token: "rechunk", layers: [layer] });
}

interface Overlap {
  readonly from: number;
  readonly to: number;
  readonly whole: boolean;
}

/** The pieces that two cuts of an axis have in common, in order. */
function overlaps(from: readonly number[], to: readonly number[]): Overlap[] {
  if (from.some(Number.isNaN)) return from.map((_, i) => ({ from: i, to: i, whole: true }));
  const out: Overlap[] = [];
  let i = 0;
  let start = 0; // of old block i
  let position = 0;
  to.forEach((length, j) => {
    const end = position + length;
    if (length === 0) {
      out.push({ from: Math.min(i, from.length - 1), to: j, whole: from[i] === 0 });
      return;
    }
    while (position < end) {
      while (start + from[i]! <= position) start += from[i++]!;
      const stop = Math.min(end, start + from[i]!);
      out.push({ from: i, to: j, whole: stop - position === from[i] });
      position = stop;
    }
  });
  return out;
}

/** Every choice of one from each list, the last varying fastest. */
export function product(lists: readonly (readonly number[])[]): number[][] {
  return lists.reduce<number[][]>((acc, list) => acc.flatMap((head) => list.map((x) => [...head, x])), [[]]);
}
