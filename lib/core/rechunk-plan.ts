import { areChunksKnown, type Chunks, countBlocks, hasUnknown, longest, sameAxisChunks, sameChunks } from "./chunks.js";
import { log } from "./libm.js";
import { divideToWidth, mergeToNumber } from "./resize-chunks.js";

/** What a rechunk is planned with. */
export interface RechunkOptions {
  readonly itemsize: number;
  /** How many times larger the graph of a direct rechunk may be before steps between are planned. */
  readonly threshold: number;
  /** Bytes that a block of a step between may take. */
  readonly blockSizeLimit: number;
}

/**
 * The steps by which Dask goes from one cut to another, the target last.
 *
 * A direct step makes a task for every piece that old and new blocks have in common; where that is too many, steps between first merge
 * chunks along axes that get fewer of them, within the limit of a block, and where the limit is hit split the others.
 *
 * @see dask.array.rechunk.plan_rechunk
 */
export function planRechunk(from: Chunks, to: Chunks, options: RechunkOptions): Chunks[] {
  if (from.length <= 1 || to.some((axis) => axis.length === 0) || !areChunksKnown(from)) return [to];
  const limit = Math.max(options.blockSizeLimit / options.itemsize, largestBlock(from), largestBlock(to));
  const enough = options.threshold * (countBlocks(from) + countBlocks(to));
  const steps: Chunks[] = [];
  let current = from;
  for (let first = true; ; first = false) {
    const size = graphSize(current, to);
    if (size < enough) break;
    const start = first ? current : split(current, to, size * options.threshold);
    const { chunks, limited } = merge(start, to, limit);
    if ((!first && sameChunks(chunks, current)) || sameChunks(chunks, to)) break;
    if (!sameChunks(chunks, current)) steps.push(chunks);
    current = chunks;
    if (!limited) break;
  }
  return [...steps, to];
}

/** An upper bound of the pieces that the blocks of two cuts have in common. */
export function graphSize(from: Chunks, to: Chunks): number {
  let size = 1;
  from.forEach((axis, i) => {
    size *= sameAxisChunks(axis, to[i]) ? axis.length : axis.length + to[i].length - 1;
  });
  return size;
}

/** Merges along the axes that get no more chunks than they have, those first that cost least block for the tasks they save. */
function merge(from: Chunks, to: Chunks, limit: number): { chunks: Chunks; limited: boolean } {
  const widths = from.map(longest);
  const wanted = to.map(longest);
  const worth = from.map((axis, i) => {
    const growth = wanted[i] / (widths[i] || 1);
    return growth > 0 ? log(to[i].length / axis.length) / log(growth === 1 ? 1 + 1e-9 : growth) : 0;
  });
  const candidates = from.map((_, i) => i).filter((i) => to[i].length <= from[i].length).sort((a, b) => worth[a] - worth[b]);
  const chunks = [...from];
  let block = widths.reduce((a, b) => a * b, 1);
  let limited = false;
  for (const i of candidates) {
    const next = Math.floor((block * wanted[i]) / (widths[i] || 1));
    if (next <= limit) {
      chunks[i] = to[i];
      block = next;
      continue;
    }
    limited = true;
    const width = Math.trunc((limit * widths[i]) / block);
    if (countPieces(to[i], width) > from[i].length) continue;
    const pieces = divideToWidth(to[i], width);
    chunks[i] = pieces;
    block = Math.floor((block * longest(pieces)) / widths[i]);
  }
  return { chunks, limited };
}

// Counted before they are made, as there may be as many as elements.
function countPieces(axis: readonly number[], width: number): number {
  let count = 0;
  for (const length of axis) count += Math.ceil(length / width);
  return count;
}

/** Splits along the axes that get more chunks, as far as the graph may grow, so that a merge elsewhere finds room in a block. */
function split(from: Chunks, to: Chunks, largestGraph: number): Chunks {
  const chunks = [...from];
  for (let i = 0; i < from.length; i++) {
    const size = graphSize(chunks, to);
    if (size > largestGraph) break;
    if (from[i].length > to[i].length) continue;
    const pieces = mergeToNumber(to[i], Math.trunc((from[i].length * largestGraph) / size));
    if (pieces.length >= from[i].length && longest(pieces) <= longest(from[i])) chunks[i] = pieces;
  }
  return chunks;
}

/** A part of an old block that a new block takes: elements [start, stop) of block `block`. */
export interface Piece {
  readonly block: number;
  readonly start: number;
  readonly stop: number;
}

/** For each new chunk of an axis, the pieces of old chunks that it is made of; unknown chunks are taken whole, to stop NaN. */
export function piecesOf(from: readonly number[], to: readonly number[]): Piece[][] {
  if (hasUnknown(from)) return from.map((_, block) => [{ block, start: 0, stop: NaN }]);
  let block = 0;
  let used = 0;
  return to.map((length) => {
    const pieces: Piece[] = [];
    let wanted = length;
    while (wanted > 0) {
      while (used === from[block]) block++, used = 0;
      const taken = Math.min(wanted, from[block] - used);
      pieces.push({ block, start: used, stop: used + taken });
      used += taken;
      wanted -= taken;
    }
    if (pieces.length === 0) pieces.push({ block: Math.min(block, from.length - 1), start: used, stop: used });
    return pieces;
  });
}

const largestBlock = (chunks: Chunks): number => chunks.reduce((size, axis) => size * longest(axis), 1);
