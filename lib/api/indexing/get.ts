import { type AnyArray, ChunkedArray } from "../../array/chunked-array.js";
import { installMethods } from "../../array/methods.js";
import type { DType } from "../../core/dtype.js";
import { type IndexTerm, isFullSlice, normalizeIndex } from "../../core/index-terms.js";
import { UnsupportedError } from "../../errors/index.js";
import { fromArray } from "../creation/from-array.js";
import { reshape } from "../manipulation/reshape.js";
import { type ArrayLike, toArray } from "../operand.js";
import { basic, type BasicTerm, wholeAxis } from "./basic.js";
import { fancy } from "./fancy.js";
import { asLazy, type Index, plainParts } from "./index-forms.js";
import { maskAll, maskAxes, takeLazy } from "./lazy-index.js";

declare module "../../array/chunked-array.js" {
  interface ChunkedArray<D, S> {
    /** Elements by index, as `x[...]` in NumPy. See {@link get}. */
    get(...index: readonly Index[]): ChunkedArray<D, number[]>;
  }
}

/**
 * Elements by index, as `x[...]` in NumPy.
 *
 * An index has a part for each axis: an integer drops the axis, a slice (`"1:10:2"` or `nd.slice(1, 10, 2)`) cuts it, `null` adds one,
 * `"..."` stands for the axes between, a list of integers or booleans picks along one axis. Arrays that are not computed yet may be
 * parts too; after a mask the number of elements, and so the length, is NaN until it has run.
 *
 * Integers and slices cost nothing. A list cuts its axis into chunks about as long as they were.
 *
 * @throws {IndexError} `ERR_INDEX` when a part is out of bounds or of no such kind, or there are too many.
 * @throws {ChunkError} `ERR_CHUNK_UNKNOWN` when an axis of unknown length is indexed other than by a mask.
 * @throws {UnsupportedError} `ERR_UNSUPPORTED` for lists on more than one axis: see {@link vindex}.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * const x = nd.arange(24, { chunks: 6 }).reshape([4, 6]);
 * console.log(x.get("1:3", "::-2").shape); // [2, 3]
 * console.log((await x.get([0, 3], 1).compute()).toNested()); // [1n, 19n]
 * console.log((await x.get(x.gt(20)).compute()).toNested()); // [21n, 22n, 23n]
 * ```
 * @see numpy.ndarray.__getitem__
 */
export function get<D extends DType>(x: ChunkedArray<D>, ...index: readonly Index[]): ChunkedArray<D>;
export function get(x: ArrayLike, ...index: readonly Index[]): AnyArray;
export function get(x: ArrayLike, ...index: readonly Index[]): AnyArray {
  const array = toArray("get", x);
  const terms = normalizeIndex("get", plainParts(index), array.shape, asLazy);
  const lists = terms.filter((term) => term.kind === "list" || term.kind === "mask" || (term.kind === "lazy" && term.value.shape.length > 0));
  if (lists.length > 1) {
    throw new UnsupportedError(`get: lists on ${lists.length} axes at once are not supported`, {
      hint: "use vindex for pairs of positions, or get one axis after the other for all combinations",
    });
  }
  return apply(array, terms);
}

function apply(x: AnyArray, terms: readonly IndexTerm[]): AnyArray {
  if (terms.every((term) => isFullSlice(term, x.shape))) return x;
  const mask = terms.find((term) => term.kind === "mask" || (term.kind === "lazy" && term.value.dtype === "bool"));
  if (mask) return applyMask(x, terms, mask as MaskTerm);
  const lazy = terms.find((term) => term.kind === "lazy");
  if (lazy) {
    const index = lazy.value as AnyArray;
    const taken = takeLazy(x, index, lazy.axis);
    return apply(taken, replaceTerm(terms, lazy, taken, 1, index.ndim));
  }
  const list = terms.find((term) => term.kind === "list");
  if (!list) return basic(x, terms as BasicTerm[]);
  if (list.shape.length === 1) return fancy(x, terms as BasicTerm[]);
  // A list of lists: its elements first, then its shape.
  const flat = fancy(x, terms.map((term) => (term === list ? { ...list, shape: [list.values.length] } : term)) as BasicTerm[]);
  const place = terms.slice(0, terms.indexOf(list)).filter((term) => term.kind !== "integer").length;
  return reshape(flat, [...flat.shape.slice(0, place), ...list.shape, ...flat.shape.slice(place + 1)]);
}

type MaskTerm = Extract<IndexTerm, { kind: "mask" | "lazy" }>;

function applyMask(x: AnyArray, terms: readonly IndexTerm[], term: MaskTerm): AnyArray {
  const mask = term.kind === "mask" ? fromArray(term.values, { shape: term.shape, dtype: "bool" }) : (term.value as AnyArray);
  if (terms.length === 1 && mask.ndim === x.ndim) return maskAll(x, mask as AnyArray);
  const kept = maskAxes(x, mask as AnyArray, term.axis);
  return apply(kept, replaceTerm(terms, term, kept, mask.ndim, 1));
}

/** The terms that are left when one has been applied, which turned `before` axes into `after`. */
function replaceTerm(
  terms: readonly IndexTerm[], done: IndexTerm & { axis: number }, x: AnyArray, before: number, after: number,
): IndexTerm[] {
  return terms.flatMap((term): IndexTerm[] => {
    if (term === done) return Array.from({ length: after }, (_, i) => wholeAxis(done.axis + i, x.shape[done.axis + i]!));
    return [term.kind === "new" || term.axis < done.axis ? term : { ...term, axis: term.axis + after - before }];
  });
}

/** {@link get} with an index on one axis and all of the others. */
export function getAlong(x: AnyArray, axis: number, index: Index): AnyArray {
  return get(x, ...new Array<string>(axis).fill(":"), index);
}

installMethods({ get });
