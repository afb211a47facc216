import { type Chunks, countBlocks, longest } from "./chunks.js";
import { evenPieces } from "./resize-chunks.js";
import type { Shape } from "./shape.js";

/** The chunks that the input must have, and those that the result then has: block for block in C order. */
export interface ReshapedChunks {
  readonly input: Chunks;
  readonly output: Chunks;
}

/**
 * Chunks for a reshape in which each block is reshaped by itself, close to those that there are: axes are walked from the last, and runs
 * of them are merged into one or one is split into several. Null where the shapes do neither evenly, as (4, 6) → (6, 4).
 *
 * @see dask.array.reshape.reshape_rechunk
 */
export function reshapeChunks(from: Shape, to: Shape, chunks: Chunks): ReshapedChunks | null {
  if (from.includes(0)) return { input: from.map((length) => [length]), output: to.map((length) => [length]) };
  const input = new Array<readonly number[]>(from.length);
  const output = new Array<readonly number[]>(to.length);
  let [i, o] = [from.length - 1, to.length - 1];
  while (i >= 0 || o >= 0) {
    const [lengthIn, lengthOut] = [from[i] ?? 1, to[o] ?? 1];
    if (lengthIn === lengthOut && i >= 0 && o >= 0) {
      input[i] = output[o] = chunks[i];
      i--, o--;
    } else if (lengthIn === 1 && i >= 0) {
      input[i--] = [1];
    } else if (lengthOut === 1 && o >= 0) {
      output[o--] = [1];
    } else if (lengthIn < lengthOut) {
      const first = firstOfRun(from, i, lengthOut);
      if (first === null) return null;
      const merged = mergeRun(chunks, from, first, i);
      merged.input.forEach((axis, k) => { input[first + k] = axis; });
      output[o--] = merged.output;
      i = first - 1;
    } else {
      const first = firstOfRun(to, o, lengthIn);
      if (first === null) return null;
      const split = splitAxis(chunks[i], to.slice(first, o + 1));
      split.output.forEach((axis, k) => { output[first + k] = axis; });
      input[i--] = split.input;
      o = first - 1;
    }
  }
  return { input, output };
}

/** The first axis of the run that ends at `last` and has `size` elements. */
function firstOfRun(shape: Shape, last: number, size: number): number | null {
  let product = 1;
  for (let axis = last; axis >= 0; axis--) {
    product *= shape[axis];
    if (product >= size) return product === size ? axis : null;
  }
  return null;
}

function mergeRun(chunks: Chunks, shape: Shape, first: number, last: number): { input: (readonly number[])[]; output: readonly number[] } {
  const run = chunks.slice(first, last + 1);
  // Where all axes before are cut into single elements, blocks are moved and none is cut.
  if (chunks.slice(0, last).every((axis, i) => axis.length === shape[i])) {
    return { input: run, output: repeat(run[run.length - 1], countBlocks(run.slice(0, -1))) };
  }
  const input = run.map((axis, k) => (k === 0 ? expandAxis(axis, countBlocks(run.slice(1))) : [shape[first + k]]));
  const smooth = smoothRun(input, largestBlock(run));
  return { input: smooth, output: blockSizes(smooth) };
}

function splitAxis(axis: readonly number[], to: Shape): { input: readonly number[]; output: (readonly number[])[] } {
  const below = to.slice(1).reduce((a, b) => a * b, 1);
  const output = to.map((length, k) => (k === 0 ? contractAxis(axis, below).map((size) => size / below) : [length]));
  const smooth = smoothRun(output, largestBlock([axis]));
  return { input: blockSizes(smooth), output: smooth };
}

/**
 * Cuts the first axis of a run that is not single elements so that no block exceeds `most`. The axes before stay single elements, as only
 * then does a block hold elements that follow each other in C order.
 */
function smoothRun(run: readonly (readonly number[])[], most: number): (readonly number[])[] {
  const result = [...run];
  for (;;) {
    const largest = largestBlock(result);
    const at = result.findIndex((axis) => longest(axis) !== 1);
    if (largest === most || at < 0) return result;
    const axis = result[at];
    if (axis.length > 1) {
      const others = Math.floor(largest / longest(axis));
      result[at] = cutToFit(axis, others, most);
      return result;
    }
    result[at] = evenPieces(axis[0], Math.min(Math.ceil(largest / most), axis[0]));
    if (at === result.length - 1 || result[at].some((length) => length !== 1)) return result;
  }
}

/** Cuts the chunks that would make a block of more than `most` beside axes of `others` elements. */
function cutToFit(axis: readonly number[], others: number, most: number): number[] {
  const result: number[] = [];
  for (const length of axis) {
    if (length * others <= most) result.push(length);
    else for (const piece of evenPieces(length, Math.ceil((length * others) / most))) result.push(piece);
  }
  return result;
}

/** Cuts each chunk into about `factor` pieces; what is left over is in the last. */
export function expandAxis(axis: readonly number[], factor: number): readonly number[] {
  if (factor === 1) return axis;
  const result: number[] = [];
  for (const length of axis) {
    const part = Math.max(length / factor, 1);
    const piece = Math.trunc(part);
    let rest = length;
    while (rest >= 2 * part) {
      result.push(piece);
      rest -= piece;
    }
    if (rest > 0) result.push(rest);
  }
  return result;
}

/** Moves borders to the left until each chunk is a multiple of `factor`; the axis must be one. */
export function contractAxis(axis: readonly number[], factor: number): number[] {
  const result: number[] = [];
  let rest = 0;
  for (const length of axis) {
    const whole = Math.floor((length + rest) / factor) * factor;
    rest += length - whole;
    if (whole > 0) result.push(whole);
  }
  return result;
}

/** The elements of each block, in C order. */
function blockSizes(run: readonly (readonly number[])[]): number[] {
  let sizes = [1];
  for (const axis of run) {
    const next = new Array<number>(sizes.length * axis.length);
    for (let i = 0, at = 0; i < sizes.length; i++) for (let j = 0; j < axis.length; j++) next[at++] = sizes[i] * axis[j];
    sizes = next;
  }
  return sizes;
}

function repeat(axis: readonly number[], times: number): number[] {
  return Array.from({ length: axis.length * times }, (_, i) => axis[i % axis.length]);
}

const largestBlock = (run: readonly (readonly number[])[]): number => run.reduce((size, axis) => size * longest(axis), 1);
