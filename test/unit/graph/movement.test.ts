// The drawn graph must be true: where elements only move, each element of a block must come from a block that its task reaches.
import { describe, expect, test } from "vitest";
import type { AnyArray } from "../../../lib/array/chunked-array.js";
import { chunkBounds } from "../../../lib/core/chunks.js";
import { type Layer, nameOfLayer, ordinalOf, type TaskRef } from "../../../lib/graph/graph-node.js";
import * as nd from "../../../lib/index.js";
import { flatValues } from "../../support/compare-golden.js";
import { evaluateDask } from "../../support/dask-expr.js";

/** Each element is its own place in C order. */
const numbered = (shape: number[], chunks: number[]): AnyArray =>
  nd.fromArray(BigInt64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => BigInt(i)), { shape, chunks }) as AnyArray;

const VARIABLES = new Map<string, AnyArray>([["a", numbered([7, 10], [3, 4])], ["b", numbered([4, 5, 6], [2, 2, 4])], ["v", numbered([23], [5])]]);

/** Tasks read no more than they need: what they reach is exactly where their elements come from. */
const EXACT = `
v[3:17] v[::2] v[::-3] v[7] a[2] a[:,-1] a[1:6,2:9:3] a[::-1,::-1] b[1,:,2:] b[...,None] b[::2,3] a[[6,0,3]] a[:,[9,9,1,0]] a[5,[0,8]] b[:,[4,0],::5] v[[22,0,11,5,6]] a[1:,[2,5]]
a.T da.transpose(b,(2,0,1)) da.swapaxes(b,0,2) da.moveaxis(b,0,1) da.concatenate([a,a],axis=1) da.stack([v,v],axis=1) da.flip(b) da.rot90(a) da.roll(v,4) da.roll(a,3,axis=1) da.squeeze(a[None])
da.tile(v,2) da.repeat(v,3) da.repeat(a,2,axis=0) da.block([[a,a],[a,a]]) v.rechunk(7) a.rechunk((7,1)) b.rechunk((1,5,3)) da.delete(v,[1,9,20]) da.delete(a,3,axis=1) da.pad(v,3,mode='wrap') da.pad(a,2,mode='reflect') da.broadcast_to(v,(3,23)) da.expand_dims(a,1) da.append(v,v)
a.blocks[1] a.blocks[:,[2,0]] b.partitions[0,1] a.vindex[[0,6,3],[9,0,4]] b.vindex[[0,3],:,[5,0]] b.vindex[:,[4,0,0],1] da.take(b,[3,0],axis=2) da.atleast_3d(a) da.hstack([v,v]) da.dstack([a,a]) da.shuffle(v,[[22,0],[1,2,3],[9,10,11,12,13,14,15]],axis=0)
`.trim().split(/\s+(?=[abv]\b|da\.)/);

/** Reshapes move whole runs of elements, and lists that are not computed yet may take from anywhere: tasks may reach more. */
const AT_LEAST = `
da.reshape(a,(70,)) da.reshape(a,(10,7)) da.reshape(b,(20,6)) da.reshape(b,(4,30)) da.reshape(v[:20],(4,5)) da.ravel(b) da.ravel(a.T) da.reshape(b[::-1],(6,20)) a[v[:3]] b[:,:,v[2:5]] a[v[1]] a[a[:,0]>15] v[v>7] a[a>30] da.roll(a,5)
`.trim().split(/\s+(?=[abv]\b|da\.)/);

/** The blocks of the numbered arrays that a task depends on. */
function reached(task: TaskRef): Map<string, Set<number>> {
  const found = new Map<string, Set<number>>();
  const seen = new Set<string>();
  const open = [task];
  while (open.length > 0) {
    const { layer, ordinal } = open.pop()!;
    const key = `${nameOfLayer(layer)} ${ordinal}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const reads = (layer as Layer).reads(ordinal);
    open.push(...reads);
    if (reads.length === 0) found.set(nameOfLayer(layer), (found.get(nameOfLayer(layer)) ?? new Set()).add(ordinal));
  }
  return found;
}

function blockOf(x: AnyArray, element: number): number {
  const strides = x.shape.map((_: number, i: number) => x.shape.slice(i + 1).reduce((p: number, q: number) => p * q, 1));
  const index = x.shape.map((n: number, i: number) => Math.floor(element / strides[i]) % n);
  return ordinalOf(index.map((at: number, i: number) => chunkBounds(x.chunks[i]!).findLastIndex((bound) => bound <= at)), x.numblocks);
}

async function check(expression: string, exact: boolean): Promise<void> {
  const source = VARIABLES.get(/\b([abv])\b/.exec(expression)![1]!)!;
  const opened = evaluateDask(expression, VARIABLES) as AnyArray;
  const x = await opened.computeChunkSizes();
  const values = flatValues(await x.compute()).map(Number);
  const bounds = x.chunks.map((axis: readonly number[]) => chunkBounds(axis));
  const strides = x.shape.map((_: number, i: number) => x.shape.slice(i + 1).reduce((p: number, q: number) => p * q, 1));
  const wanted = new Map<number, Set<number>>();
  values.forEach((element, flat) => {
    const block = x.shape.map((n: number, i: number) => bounds[i]!.findLastIndex((bound: number) => bound <= Math.floor(flat / strides[i]) % n));
    const ordinal = ordinalOf(block, x.numblocks);
    wanted.set(ordinal, (wanted.get(ordinal) ?? new Set()).add(blockOf(source, element)));
  });
  for (const [ordinal, blocks] of wanted) {
    const { layer } = x.graph.block(x.numblocks.map(() => 0));
    const got = reached({ layer, ordinal }).get(source.name) ?? new Set();
    const missing = [...blocks].filter((block) => !got.has(block));
    expect(missing, `blocks that task ${ordinal} needs and does not reach`).toEqual([]);
    if (exact) expect([...got].sort(), `blocks that task ${ordinal} reaches`).toEqual([...blocks].sort());
  }
}

describe("each block is drawn from the blocks that its elements come from", () => {
  test.each(EXACT)("%s", (expression) => check(expression, true));
  test.each(AT_LEAST)("%s, and perhaps more", (expression) => check(expression, false));
});
