import { IndexError } from "../errors/index.js";

/** A range of indices as Python's `slice`: from `start` up to but without `stop`, every `step`-th; null leaves an end open. */
export class Slice {
  readonly start: number | null;
  readonly stop: number | null;
  readonly step: number | null;

  /** Use {@link slice}. @internal */
  constructor(start: number | null, stop: number | null, step: number | null) {
    this.start = start;
    this.stop = stop;
    this.step = step;
    Object.freeze(this);
  }

  /** The slice as Python writes it between brackets: `1:10:2`. */
  toString(): string {
    const [start, stop, step] = [this.start, this.stop, this.step].map((value) => (value === null ? "" : String(value)));
    return step === "" ? `${start}:${stop}` : `${start}:${stop}:${step}`;
  }
}

/**
 * Makes a slice for an index: elements `start`, `start + step`, … before `stop`. Negative ends count from the end of the axis.
 *
 * @throws {IndexError} `ERR_INDEX` when a value is not a whole number, or the step is 0.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * const x = nd.arange(10);
 * console.log(x.get(nd.slice(1, 8, 2)).shape); // [4]
 * ```
 * @see Python's slice
 */
export function slice(start: number | bigint | null = null, stop: number | bigint | null = null, step: number | bigint | null = null): Slice {
  const [from, to, by] = [start, stop, step].map(wholeOrNull);
  if (by === 0) throw new IndexError("slice: expected a step other than 0, got 0", { index: 0 });
  return new Slice(from, to, by);
}

const TEXT = /^\s*([+-]?\d+)?\s*:\s*([+-]?\d+)?\s*(?::\s*([+-]?\d+)?\s*)?$/;

/**
 * Reads a slice from its text: `"1:10:2"`, `":"`, `"::-1"`.
 *
 * @throws {IndexError} `ERR_INDEX` when the text is no slice.
 */
export function parseSlice(text: string, operation = "slice"): Slice {
  const match = TEXT.exec(text);
  if (match === null) {
    throw new IndexError(`${operation}: expected an index, got "${text}"`, {
      index: text, hint: 'write slices as "start:stop:step" and the rest of the axes as "..."',
    });
  }
  const [start, stop, step] = [1, 2, 3].map((i) => (match[i] === undefined ? null : Number(match[i])));
  return slice(start, stop, step);
}

/** A slice on an axis of known length: `count` elements from `start`, `step` apart. */
export interface ResolvedSlice {
  readonly start: number;
  readonly step: number;
  readonly count: number;
}

/** Where a slice begins, and the first index that it does not reach: Python's `slice.indices`. -1 is before the first element. */
export function sliceBounds(range: Slice, length: number): { start: number; stop: number; step: number } {
  const step = range.step ?? 1;
  const [least, most] = step > 0 ? [0, length] : [-1, length - 1];
  const place = (value: number): number => Math.min(most, Math.max(least, value < 0 ? value + length : value));
  return {
    start: range.start === null ? (step > 0 ? least : most) : place(range.start),
    stop: range.stop === null ? (step > 0 ? most : least) : place(range.stop),
    step,
  };
}

/** The elements that a slice takes of an axis. */
export function resolveSlice(range: Slice, length: number): ResolvedSlice {
  const { start, stop, step } = sliceBounds(range, length);
  return { start, step, count: Math.max(0, Math.ceil((stop - start) / step)) };
}

function wholeOrNull(value: number | bigint | null | undefined): number | null {
  if (value === null || value === undefined) return null;
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number;
  throw new IndexError(`slice: expected whole numbers, got ${String(value)}`, { index: value });
}
