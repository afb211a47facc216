import { type AnyArray, ChunkedArray } from "../../array/chunked-array.js";
import { NDArray } from "../../array/nd-array.js";
import type { TypedArray } from "../../core/dtype.js";
import type { LazyIndex } from "../../core/index-terms.js";
import type { Slice } from "../../core/slice.js";

/** Integers or booleans in nested lists. */
export type IndexList = readonly (number | bigint)[] | readonly boolean[] | readonly IndexList[];

/**
 * One part of an index: an integer; a slice, as `nd.slice(1, 10, 2)` or as text `"1:10:2"`; `"..."` for the axes between; null for a new
 * axis; a list of integers or booleans; or an array of them, computed or not.
 */
export type Index = number | bigint | null | "..." | `${string}:${string}` | (string & {}) | Slice | IndexList | TypedArray
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  | NDArray<any, any> | AnyArray;

/** What lib/core asks about a part that is an array still to be computed. */
export const asLazy = (value: unknown): LazyIndex | undefined => (value instanceof ChunkedArray ? value : undefined);

/** NDArrays as the lists that lib/core reads. */
export const plainParts = (index: readonly Index[]): readonly unknown[] => index.map((part) => (part instanceof NDArray ? plain(part) : part));

// A typed array of bytes would read as integers, so bool is spelled out.
const plain = (array: NDArray): unknown => (array.ndim === 1 && array.dtype !== "bool" ? array.data : array.toNested());
