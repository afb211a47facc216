import { ChunkError, IndexError } from "../errors/index.js";
import type { Chunks } from "./chunks.js";
import { type DType, isInteger } from "./dtype.js";
import { formatShape, type Shape } from "./shape.js";
import { parseSlice, Slice, sliceBounds } from "./slice.js";

/** One part of an index, checked against the axis it is for. Negative indices have been made positive. */
export type IndexTerm =
  /** One element; the axis goes. */
  | { readonly kind: "integer"; readonly axis: number; readonly value: number }
  /** `count` elements from `start`, `step` apart; `stop` is the first not reached, -1 before the axis. */
  | { readonly kind: "slice"; readonly axis: number; readonly start: number; readonly stop: number; readonly step: number; readonly count: number }
  /** A new axis of length 1. */
  | { readonly kind: "new" }
  /** The elements of a list, in C order of its shape. */
  | { readonly kind: "list"; readonly axis: number; readonly values: Float64Array; readonly shape: Shape }
  /** The elements where a mask over several axes is true. */
  | { readonly kind: "mask"; readonly axis: number; readonly values: Uint8Array; readonly shape: Shape }
  /** An array that is not computed yet, over one axis for each of its axes when it is bool, else over one. */
  | { readonly kind: "lazy"; readonly axis: number; readonly value: LazyIndex };

/** What an index needs to know of an array that is not computed yet. */
export interface LazyIndex {
  readonly shape: Shape;
  readonly dtype: DType;
  readonly chunks: Chunks;
}

/**
 * Checks an index of an array of this shape and completes it: an ellipsis and missing axes become full slices.
 *
 * @param isLazy recognises arrays that are not computed yet.
 * @throws {IndexError} `ERR_INDEX` for too many indices, one out of bounds, or one of a wrong kind.
 * @throws {ChunkError} `ERR_CHUNK_UNKNOWN` for anything but `:` and a mask on an axis of unknown length.
 * @see numpy.ndarray.__getitem__
 */
export function normalizeIndex(
  operation: string, index: readonly unknown[], shape: Shape, isLazy: (value: unknown) => LazyIndex | undefined = () => undefined,
): IndexTerm[] {
  const parsed = index.map((part) => parsePart(operation, part, isLazy));
  const used = parsed.reduce<number>((n, part) => n + axesOf(part), 0);
  if (used > shape.length) {
    throw new IndexError(`${operation}: ${used} indices are too many for a ${shape.length}-d array (shape ${formatShape(shape)})`, { index });
  }
  const dots = parsed.filter((part) => part === "...").length;
  if (dots > 1) throw new IndexError(`${operation}: expected "..." once at most, got it ${dots} times`, { index });
  const rest = new Array<Part>(shape.length - used).fill(FULL);
  const complete = dots === 1 ? parsed.flatMap((part) => (part === "..." ? rest : [part])) : [...parsed, ...rest];
  let axis = 0;
  return complete.map((part) => {
    const term = fit(operation, part as Exclude<Part, "...">, axis, shape);
    axis += axesOf(part);
    return term;
  });
}

/** Tells whether a term takes its axis as it is. */
export function isFullSlice(term: IndexTerm, shape: Shape): boolean {
  if (term.kind !== "slice" || term.start !== 0 || term.step !== 1) return false;
  return term.count === shape[term.axis] || Number.isNaN(shape[term.axis]);
}

/** The shape that an index gives; NaN where a mask decides. Several lists are broadcast by the caller, who knows where they go. */
export function shapeOfTerms(terms: readonly IndexTerm[]): number[] {
  return terms.flatMap((term) => {
    switch (term.kind) {
      case "integer": return [];
      case "slice": return [term.count];
      case "new": return [1];
      case "list": return [...term.shape];
      case "mask": return [term.values.reduce((n, v) => n + v, 0)];
      case "lazy": return term.value.dtype === "bool" ? [NaN] : [...term.value.shape];
    }
  });
}

interface NestedList {
  readonly shape: Shape;
  readonly values: Float64Array;
  readonly bool: boolean;
}
type Part = number | Slice | null | "..." | { list: NestedList } | { lazy: LazyIndex };

const FULL = new Slice(null, null, null);

function parsePart(operation: string, part: unknown, isLazy: (value: unknown) => LazyIndex | undefined): Part {
  if (part === null || part === "...") return part;
  if (part instanceof Slice) return part;
  if (typeof part === "string") return parseSlice(part, operation);
  if (typeof part === "number" || typeof part === "bigint") return wholeNumber(operation, part);
  const lazy = isLazy(part);
  if (lazy !== undefined) {
    if (lazy.dtype === "bool" || isInteger(lazy.dtype)) return { lazy };
    throw new IndexError(`${operation}: expected an array of integers or bool as index, got one of ${lazy.dtype}`, { index: part });
  }
  if (Array.isArray(part) || ArrayBuffer.isView(part)) return { list: readList(operation, part as readonly unknown[]) };
  const hint = typeof part === "boolean" ? "for a new axis use null" : part === undefined ? 'for a whole axis use ":"' : undefined;
  throw new IndexError(`${operation}: expected an integer, slice, "...", null or list as index, got ${String(part)}`, { index: part, hint });
}

function wholeNumber(operation: string, value: number | bigint): number {
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number;
  throw new IndexError(`${operation}: expected a whole number as index, got ${String(value)}`, { index: value });
}

function axesOf(part: Part): number {
  if (part === null || part === "...") return 0;
  if (typeof part === "object" && "list" in part) return part.list.bool ? part.list.shape.length : 1;
  if (typeof part === "object" && "lazy" in part) return part.lazy.dtype === "bool" ? part.lazy.shape.length : 1;
  return 1;
}

function readList(operation: string, list: readonly unknown[]): NestedList {
  const shape: number[] = [];
  for (let level: unknown = list; Array.isArray(level) || ArrayBuffer.isView(level); level = (level as readonly unknown[])[0]) {
    shape.push((level as readonly unknown[]).length);
  }
  const values = new Float64Array(shape.reduce((a, b) => a * b, 1));
  let at = 0;
  let kind: string | undefined;
  const walk = (level: readonly unknown[], depth: number): void => {
    if (level?.length !== shape[depth]) throw new IndexError(`${operation}: expected a rectangular list as index, got a ragged one`, { index: list });
    if (depth + 1 < shape.length) {
      for (const inner of level) walk(inner as readonly unknown[], depth + 1);
      return;
    }
    for (let i = 0; i < level.length; i++) {
      const item = level[i];
      const itsKind = typeof item === "bigint" ? "number" : typeof item;
      kind ??= itsKind;
      if (itsKind !== kind || (kind !== "number" && kind !== "boolean")) {
        throw new IndexError(`${operation}: expected a list of integers or of booleans as index, got ${String(item)} in it`, { index: list });
      }
      values[at++] = typeof item === "boolean" ? Number(item) : wholeNumber(operation, item as number);
    }
  };
  walk(list, 0);
  return { shape, values, bool: kind === "boolean" };
}

function fit(operation: string, part: Exclude<Part, "...">, axis: number, shape: Shape): IndexTerm {
  if (part === null) return { kind: "new" };
  const length = shape[axis];
  if (part instanceof Slice) return fitSlice(operation, part, axis, shape);
  if (typeof part === "object" && "lazy" in part) return fitLazy(operation, part.lazy, axis, shape);
  if (typeof part === "object" && part.list.bool) return fitMask(operation, part.list, axis, shape);
  if (Number.isNaN(length)) throw unknownLength(operation, axis, shape);
  if (typeof part === "number") return { kind: "integer", axis, value: inBounds(operation, part, axis, shape) };
  return { kind: "list", axis, values: part.list.values.map((value) => inBounds(operation, value, axis, shape)), shape: part.list.shape };
}

function fitSlice(operation: string, part: Slice, axis: number, shape: Shape): IndexTerm {
  const length = shape[axis];
  if (Number.isNaN(length)) {
    const full = (part.start ?? 0) === 0 && part.stop === null && (part.step ?? 1) === 1;
    if (!full) throw unknownLength(operation, axis, shape);
    return { kind: "slice", axis, start: 0, stop: NaN, step: 1, count: NaN };
  }
  const bounds = sliceBounds(part, length);
  return { kind: "slice", axis, ...bounds, count: Math.max(0, Math.ceil((bounds.stop - bounds.start) / bounds.step)) };
}

function fitMask(operation: string, { shape: maskShape, values }: NestedList, axis: number, shape: Shape): IndexTerm {
  checkMask(operation, maskShape, axis, shape);
  if (maskShape.length > 1) return { kind: "mask", axis, values: Uint8Array.from(values), shape: maskShape };
  const places: number[] = [];
  values.forEach((value, i) => { if (value) places.push(i); });
  return { kind: "list", axis, values: Float64Array.from(places), shape: [places.length] };
}

function fitLazy(operation: string, value: LazyIndex, axis: number, shape: Shape): IndexTerm {
  if (value.dtype === "bool") checkMask(operation, value.shape, axis, shape);
  else if (Number.isNaN(shape[axis])) throw unknownLength(operation, axis, shape);
  return { kind: "lazy", axis, value };
}

function checkMask(operation: string, mask: Shape, axis: number, shape: Shape): void {
  const own = shape.slice(axis, axis + mask.length);
  const differs = mask.findIndex((length, i) => !Number.isNaN(length) && !Number.isNaN(own[i]) && length !== own[i]);
  if (differs < 0) return;
  throw new IndexError(
    `${operation}: expected a mask of ${own[differs]} elements for axis ${axis + differs} (shape ${formatShape(shape)}), got ${mask[differs]}`,
    { index: mask, axis: axis + differs },
  );
}

function inBounds(operation: string, value: number, axis: number, shape: Shape): number {
  const length = shape[axis];
  if (value >= -length && value < length) return value < 0 ? value + length : value + 0;
  throw new IndexError(`${operation}: index ${value} is out of bounds for axis ${axis} with ${length} elements (shape ${formatShape(shape)})`, {
    index: value, axis, hint: length === 0 ? undefined : `use ${-length} to ${length - 1}`,
  });
}

function unknownLength(operation: string, axis: number, shape: Shape): ChunkError {
  return new ChunkError(`${operation}: axis ${axis} cannot be indexed while its length is unknown (shape ${formatShape(shape)})`, {
    code: "ERR_CHUNK_UNKNOWN", expected: shape, hint: "compute it first, with computeChunkSizes()",
  });
}
