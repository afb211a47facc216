// The one assertion on arrays: everything that an array promises.
import { expect } from "vitest";
import { type AnyArray, ChunkedArray } from "../../lib/array/chunked-array.js";
import { readElement } from "../../lib/array/element.js";
import { NDArray } from "../../lib/array/nd-array.js";
import { toFloat16 } from "../../lib/core/float16.js";
import { areChunksKnown, type Chunks, chunkBounds } from "../../lib/core/chunks.js";
import { type DType, realOf } from "../../lib/core/dtype.js";
import type { Scalar } from "../../lib/core/scalar.js";
import { sizeOf } from "../../lib/core/shape.js";
import { indexOf, layersOf } from "../../lib/graph/graph-node.js";
import { rechunk } from "../../lib/api/rechunk/rechunk.js";
import { checkGraph } from "./compare-golden.js";

export interface Expectation {
  readonly dtype?: DType;
  readonly shape?: readonly number[];
  readonly chunks?: Chunks;
  /** The elements in C order. */
  readonly values?: readonly Scalar[];
  /** How many representable numbers a float may be off; 0 when not given. */
  readonly ulps?: number;
  /** How far a float may be off besides, as a share of the largest finite element. */
  readonly relative?: number;
}

/**
 * Checks an array against what is expected of it, and against itself: its graph, the sizes of its blocks, that its blocks make it up, and that
 * neither the optimiser nor the chunking changes an element.
 */
export async function assertArray(x: AnyArray, expected: Expectation): Promise<void> {
  expect(x).toBeInstanceOf(ChunkedArray);
  if (expected.dtype !== undefined) expect(x.dtype, "dtype").toBe(expected.dtype);
  if (expected.shape !== undefined && areChunksKnown(x.chunks)) expect([...x.shape], "shape").toEqual([...expected.shape]);
  if (expected.chunks !== undefined) expect(x.chunks, "chunks").toEqual(expected.chunks);
  checkGraph(layersOf([x.graph]));
  if (areChunksKnown(x.chunks)) expect(x.chunks.map((axis: readonly number[]) => chunkBounds(axis).at(-1)), "sum of chunks").toEqual([...x.shape]);
  const result = await x.compute();
  const elements = elementsOf(result);
  if (result instanceof NDArray) {
    expect(result.dtype, "computed dtype").toBe(x.dtype);
    if (areChunksKnown(x.chunks)) expect(result.shape, "computed shape").toEqual([...x.shape]);
    if (expected.shape !== undefined) expect(result.shape, "computed shape").toEqual([...expected.shape]);
  }
  if (expected.values !== undefined) expectElements(elements, expected.values, x.dtype, expected);
  expectElements(elementsOf(await x.compute({ optimizeGraph: false })), elements, x.dtype, { ulps: expected.ulps, relative: expected.relative }, "without optimisation");
  if (areChunksKnown(x.chunks) && x.ndim > 0) {
    await expectBlocks(x, elements);
    const whole = rechunk(x, -1);
    expectElements(elementsOf(await whole.compute()), elements, x.dtype, {}, "in one chunk");
  }
}

/** The blocks have the sizes that the chunks say, and are the parts of the array that they say. */
async function expectBlocks(x: AnyArray, elements: readonly Scalar[]): Promise<void> {
  let count = 0;
  for await (const { index, offset, block } of x.blocks()) {
    expect(block.shape, `shape of block (${index.join(", ")})`).toEqual(index.map((i, axis) => x.chunks[axis]![i]));
    const inside = Array.from({ length: sizeOf(block.shape) }, (_, k) => {
      const at = indexOf(k, block.shape).map((i, axis) => i + offset[axis]!);
      return elements[at.reduce((n, i, axis) => n * x.shape[axis] + i, 0)]!;
    });
    expectElements(elementsOf(block), inside, x.dtype, { ulps: 0 }, `in block (${index.join(", ")})`);
    count++;
  }
  expect(count, "blocks").toBe(x.npartitions);
}

/** All elements of a result in C order. */
export function elementsOf(result: unknown): Scalar[] {
  if (!(result instanceof NDArray)) return [result as Scalar];
  return Array.from({ length: result.size }, (_, i) => readElement(result.data, result.dtype, i));
}

/** Compares elements one by one. */
export function expectElements(
  got: readonly Scalar[], want: readonly Scalar[], dtype: DType, { ulps = 0, relative = 0 }: { ulps?: number; relative?: number } = {}, where = "",
): void {
  expect(got.length, `elements ${where}`).toBe(want.length);
  const part = realOf(dtype);
  const scale = Math.max(0, ...want.flatMap(parts).map(Math.abs).filter(Number.isFinite));
  got.forEach((value, i) => {
    if (Object.is(value, want[i])) return;
    const [a, b] = [parts(value), parts(want[i]!)];
    const close = typeof value === typeof want[i] && a.every((v, k) => isClose(v, b[k]!, part, ulps, relative * scale));
    if (!close) throw new Error(`element ${i} ${where}: expected ${show(want[i]!)}, got ${show(value)}`);
  });
}

const parts = (value: Scalar): number[] =>
  typeof value === "object" ? [value.re, value.im] : typeof value === "number" ? [value] : typeof value === "bigint" ? [Number(value)] : [value ? 1 : 0];
const show = (value: Scalar): string => (typeof value === "object" ? `${value.re} + ${value.im}i` : Object.is(value, -0) ? "-0" : String(value));

function isClose(a: number, b: number, dtype: DType, ulps: number, absolute: number): boolean {
  if (Object.is(a, b)) return true;
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) && Number.isNaN(b);
  if (ulps === 0 && absolute === 0) return false;
  return Math.abs(place(a, dtype) - place(b, dtype)) <= ulps || Math.abs(a - b) <= absolute;
}

/** A float's place among all floats of its type, so that neighbours differ by 1. */
function place(value: number, dtype: DType): number {
  const size = Math.abs(value);
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, size);
  const bits = dtype === "float16" ? toFloat16(size) : dtype === "float32" ? new Uint32Array(Float32Array.of(size).buffer)[0]! : Number(view.getBigUint64(0));
  return value < 0 ? -bits : bits;
}

