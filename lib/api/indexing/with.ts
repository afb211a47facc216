import { type AnyArray, ChunkedArray } from "../../array/chunked-array.js";
import { Memory } from "../../array/memory.js";
import { installMethods } from "../../array/methods.js";
import { chunkBounds } from "../../core/chunks.js";
import { type DType, isComplex, isInteger } from "../../core/dtype.js";
import { isFullSlice, type IndexTerm, normalizeIndex } from "../../core/index-terms.js";
import { isComplexScalar, isScalar, type Scalar } from "../../core/scalar.js";
import { formatShape, isKnown } from "../../core/shape.js";
import { ChunkError, DTypeError, IndexError, ShapeError, UnsupportedError } from "../../errors/index.js";
import { Buffer } from "../../expr/buffer.js";
import * as build from "../../expr/build.js";
import type { Expr } from "../../expr/expr.js";
import { Gather } from "../../expr/gather.js";
import type { NativeOp } from "../../expr/generated/native-ops.js";
import { Iota } from "../../expr/iota.js";
import { source } from "../../graph/blockwise.js";
import type { GraphNode } from "../../graph/graph-node.js";
import { setitem } from "../../graph/setitem.js";
import { fromArray } from "../creation/from-array.js";
import { astype } from "../manipulation/astype.js";
import { reshape } from "../manipulation/reshape.js";
import { type ArrayLike, type ArrayOf, toArray } from "../operand.js";
import { where } from "../where.js";
import { slice } from "../../core/slice.js";
import { get } from "./get.js";
import { asLazy, type Index, plainParts } from "./index-forms.js";

declare module "../../array/chunked-array.js" {
  interface ChunkedArray<D, S> {
    /** A new array with other elements at an index, as NumPy's `x[index] = value`. See {@link withValue}. */
    with(index: Index | readonly Index[], value: ArrayLike): ChunkedArray<D, S>;
  }
}

type PlainTerm = Extract<IndexTerm, { kind: "integer" | "slice" | "list" }>;

/**
 * A new array that has `value` at an index and the elements of `x` elsewhere: NumPy's `x[index] = value`, without changing `x`.
 *
 * The value is cast to the array's dtype and broadcast to the indexed shape; the chunks stay.
 *
 * @param index the parts of an index in a list, as {@link get} takes them; or a single part that is no list
 * @throws {IndexError} `ERR_INDEX` when the index does not fit.
 * @throws {ShapeError} `ERR_BROADCAST` when the value does not broadcast to the indexed shape.
 * @throws {DTypeError} `ERR_CAST` for NaN or an infinity into integers, or a complex number into reals.
 * @throws {UnsupportedError} `ERR_UNSUPPORTED` for lists on several axes, and for several values under a mask.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * const x = nd.zeros([2, 3], { dtype: "int32" });
 * console.log((await x.with([0, "1:"], [7, 8]).compute()).toNested()); // [[0, 7, 8], [0, 0, 0]]
 * ```
 * @see dask.array.Array.__setitem__
 */
export function withValue<D extends DType = DType>(
  x: ArrayOf<D>, index: Index | readonly Index[], value: ArrayLike,
): ChunkedArray<D> {
  const array = toArray("with", x) as AnyArray;
  const parts = (Array.isArray(index) ? index : [index]) as readonly Index[];
  if (parts.some((part) => part === null)) {
    throw new IndexError("with: expected integers, slices, lists and masks, got null", {
      index,
    });
  }
  const terms = normalizeIndex("with", plainParts(parts), array.shape, asLazy);
  const filling = fillingOf(array, value);
  const mask = terms.find((term) => term.kind === "mask" || term.kind === "lazy");
  if (mask) return underMask(array, terms, mask as MaskTerm, filling);
  if (terms.filter((term) => term.kind === "list").length > 1 || terms.some((term) => term.kind === "list" && term.shape.length > 1)) {
    throw new UnsupportedError("with: lists on several axes at once are not supported", { hint: "set one after the other" });
  }
  if (!isKnown(array.shape)) {
    throw new ChunkError(`with: expected an array of known shape, got ${formatShape(array.shape)}`, {
      code: "ERR_CHUNK_UNKNOWN", expected: array.shape, hint: "compute its lengths first, with computeChunkSizes()",
    });
  }
  return atTerms(array, terms as PlainTerm[], filling);
}

/** The value in the array's dtype. */
function fillingOf(x: AnyArray, value: ArrayLike): AnyArray {
  if (!isScalar(value)) return astype(toArray("with", value), x.dtype) as AnyArray;
  const expr = scalarAs(value as Scalar, x.dtype);
  return new ChunkedArray(expr, source("array", [], expr.token)) as AnyArray;
}

function scalarAs(value: Scalar, dtype: DType): Expr {
  const real = isComplexScalar(value) ? value.re : value;
  const refused = (isInteger(dtype) && typeof real === "number" && !Number.isFinite(real)) || (isComplexScalar(value) && !isComplex(dtype));
  if (refused) {
    const text = isComplexScalar(value) ? "a complex number" : String(value);
    throw new DTypeError(`with: expected a value that ${dtype} can hold, got ${text}`, { code: "ERR_CAST", dtypes: [dtype] });
  }
  return build.cast(build.full([], ownDType(value, dtype), value), dtype);
}

/** A dtype that holds the value as it is. */
function ownDType(value: Scalar, beside: DType): DType {
  if (isComplexScalar(value)) return "complex128";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "bigint") return value < 0n ? "int64" : "uint64";
  return Number.isInteger(value) && isInteger(beside) ? "int64" : "float64";
}

type MaskTerm = Extract<IndexTerm, { kind: "mask" | "lazy" }>;

/** Element by element: `where(mask, value, x)`. */
function underMask(x: AnyArray, terms: readonly IndexTerm[], term: MaskTerm, value: AnyArray): AnyArray {
  const mask = (term.kind === "mask" ? fromArray(term.values, { shape: term.shape, dtype: "bool" }) : term.value) as AnyArray;
  const refuse = (what: string, hint: string): UnsupportedError => new UnsupportedError(`with: ${what} is not supported`, { hint });
  if (mask.dtype !== "bool") throw refuse("an index of integers that is not computed yet", "compute it first");
  if (terms.some((other) => other !== term && !isFullSlice(other, x.shape))) {
    throw refuse("a mask that is not computed yet beside another index", "index with get first, or use where");
  }
  if (value.size !== 1) throw refuse("an array of values under a mask", "use where(mask, values, x)");
  const one = value.ndim === 0 ? value : reshape(value, []);
  const behind = x.ndim - term.axis - mask.ndim;
  const test = behind === 0 ? mask : get(mask, "...", ...new Array<null>(behind).fill(null));
  return where(test, one, x) as AnyArray;
}

/** What an axis' index says of each coordinate. */
interface AxisChoice {
  /** Whether it is indexed; absent when all are. */
  readonly chosen?: Expr;
  /** Which element of the value along the axis goes there; absent when it is the coordinate itself. */
  readonly position?: Expr;
}

function atTerms(x: AnyArray, terms: readonly PlainTerm[], value: AnyArray): AnyArray {
  const indexed = terms.flatMap((term) => (term.kind === "integer" ? [] : term.kind === "slice" ? [term.count] : [term.values.length]));
  const trimmed = leadingOnesDropped(value, indexed);
  const expr = indexed.includes(0) ? x.expr : chosenExpr(x, terms, trimmed.expr, indexed);
  return new ChunkedArray(expr, setitem(x.graph, () => partsByBlock(x, terms, trimmed, indexed), [expr.token, value.name]));
}

function leadingOnesDropped(value: AnyArray, indexed: readonly number[]): AnyArray {
  const extra = value.ndim - indexed.length;
  const fits = value.shape.every((n: number, i: number) => (i < extra ? n === 1 : n === 1 || n === indexed[i - extra]));
  if (!fits) {
    throw new ShapeError(`with: value of shape ${formatShape(value.shape)} does not broadcast to the indexed shape ${formatShape(indexed)}`, {
      code: "ERR_BROADCAST", shapes: [value.shape, indexed],
    });
  }
  return extra > 0 ? reshape(value, value.shape.slice(extra)) : value;
}

function chosenExpr(x: AnyArray, terms: readonly PlainTerm[], value: Expr, indexed: readonly number[]): Expr {
  const choices = terms.map((term) => choiceOf(term, x.shape[term.axis]!));
  // The value's axes are put where their terms are; an integer's axis has one element.
  let spread = build.expandDims(value, Array.from({ length: indexed.length - value.ndim }, (_, i) => i));
  spread = build.expandDims(spread, terms.flatMap((term) => (term.kind === "integer" ? [term.axis] : [])));
  choices.forEach(({ position }, axis) => {
    if (position && spread.shape[axis] !== 1) spread = new Gather(spread, position, axis);
  });
  const tests = choices.flatMap(({ chosen }, axis) => (chosen ? [build.expandDims(chosen, otherAxes(axis, x.ndim))] : []));
  const full = build.broadcastTo(spread, x.shape);
  if (tests.length === 0) return full;
  const test = tests.map((one) => build.broadcastTo(one, x.shape)).reduce((a, b) => build.map("logical_and", "bool", "bool", [a, b], x.shape));
  return build.map("where", x.dtype, x.dtype, [test, full, x.expr], x.shape);
}

const otherAxes = (axis: number, ndim: number): number[] => Array.from({ length: ndim }, (_, i) => i).filter((i) => i !== axis);

function choiceOf(term: PlainTerm, n: number): AxisChoice {
  const iota = new Iota([n]);
  const constant = (v: number): Expr => build.full([], "int64", v);
  const int = (op: NativeOp, a: Expr, b: number): Expr => build.map(op, "int64", "int64", [a, constant(b)], [n]);
  const test = (op: NativeOp, a: Expr, b: number): Expr => build.map(op, "int64", "bool", [a, constant(b)], [n]);
  const and = (a: Expr, b: Expr): Expr => build.map("logical_and", "bool", "bool", [a, b], [n]);
  if (term.kind === "integer") return { chosen: test("equal", iota, term.value) };
  if (term.kind === "list") return listChoice(term.values, n);
  if (term.start === 0 && term.step === 1 && term.count === n) return {};
  const away = int("subtract", iota, term.start);
  const step = term.step === 1 ? away : int("floor_divide", away, term.step);
  const within = and(test("greater_equal", step, 0), test("less", step, term.count));
  const chosen = Math.abs(term.step) === 1 ? within : and(within, test("equal", int("remainder", away, term.step), 0));
  return { chosen, position: int("minimum", int("maximum", step, 0), term.count - 1) };
}

/** Of an element that is named twice the last value counts. */
function listChoice(values: Float64Array, n: number): AxisChoice {
  const chosen = new Uint8Array(n);
  const position = new BigInt64Array(n);
  for (let i = 0; i < values.length; i++) {
    chosen[values[i]!] = 1;
    position[values[i]!] = BigInt(i);
  }
  return {
    chosen: new Buffer([n], "bool", new Memory(chosen), [1]),
    position: new Buffer([n], "int64", new Memory(position), [1]),
  };
}

/** The part of the value that each block takes, for the drawing. */
function partsByBlock(
  x: AnyArray, terms: readonly PlainTerm[], value: AnyArray, indexed: readonly number[],
): Map<number, GraphNode> {
  const perAxis = terms.map((term) => blockParts(term, chunkBounds(x.chunks[term.axis]!)));
  const parts = new Map<number, GraphNode>();
  const lead = indexed.length - value.ndim;
  const walk = (axis: number, ordinal: number, index: readonly Index[]): void => {
    if (axis === terms.length) {
      const own = index.slice(lead).map((part, i) => (value.shape[i] === 1 ? ":" : part));
      parts.set(ordinal, get(value, ...own).graph);
      return;
    }
    perAxis[axis]!.forEach((part, block) => {
      if (part !== undefined) walk(axis + 1, ordinal * perAxis[axis]!.length + block, part === "integer" ? index : [...index, part]);
    });
  };
  if (!indexed.includes(0)) walk(0, 0, []);
  return parts;
}

/** For each block of an axis which elements of the value go into it; undefined for none. */
function blockParts(term: PlainTerm, bounds: readonly number[]): (Index | "integer" | undefined)[] {
  return bounds.slice(1).map((end, block) => {
    const begin = bounds[block]!;
    if (term.kind === "integer") return term.value >= begin && term.value < end ? "integer" : undefined;
    if (term.kind === "list") {
      const places = Array.from(term.values.keys()).filter((i) => term.values[i]! >= begin && term.values[i]! < end);
      return places.length > 0 ? places : undefined;
    }
    const from = Math.max(0, Math.ceil((term.step > 0 ? begin - term.start : end - 1 - term.start) / term.step));
    const to = Math.min(term.count, Math.floor((term.step > 0 ? end - 1 - term.start : begin - term.start) / term.step) + 1);
    return from < to ? slice(from, to) : undefined;
  });
}

installMethods({ with: withValue });
