import { DTypeError, nearest } from "../errors/index.js";

/** The element types, in the order of native/core/dtype.h and of every table of the project. */
export const DTYPES = [
  "bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64",
  "float16", "float32", "float64", "complex64", "complex128",
] as const;

/**
 * The name of an element type.
 *
 * @see numpy.dtype
 */
export type DType = (typeof DTYPES)[number];

/** The families of element types. `bool` is a family of its own and no number. */
export type Kind = "bool" | "int" | "uint" | "float" | "complex";

/** The typed array that holds elements of each dtype. float16 are raw bits; complex are interleaved pairs; bool is 0 or 1. */
export interface TypedArrays {
  bool: Uint8Array;
  int8: Int8Array;
  int16: Int16Array;
  int32: Int32Array;
  int64: BigInt64Array;
  uint8: Uint8Array;
  uint16: Uint16Array;
  uint32: Uint32Array;
  uint64: BigUint64Array;
  float16: Uint16Array;
  float32: Float32Array;
  float64: Float64Array;
  complex64: Float32Array;
  complex128: Float64Array;
}

/** The typed array that holds elements of dtype `D`. */
export type TypedArrayOf<D extends DType> = TypedArrays[D];

/** Any typed array that can hold elements. */
export type TypedArray = TypedArrays[DType] | Uint8ClampedArray;

/** A complex number. */
export interface Complex {
  readonly re: number;
  readonly im: number;
}

/** What one element of dtype `D` is in JavaScript. */
export type ScalarOf<D extends DType> = D extends "bool" ? boolean
  : D extends "int64" | "uint64" ? bigint
  : D extends "complex64" | "complex128" ? Complex
  : number;

interface DTypeRow {
  readonly code: string;
  readonly itemsize: number;
  readonly kind: Kind;
  /** Elements of the typed array for one element of the dtype. */
  readonly lanes: 1 | 2;
  readonly array: TypedArrayConstructor;
}

type TypedArrayConstructor = {
  new (length: number): TypedArray;
  new (buffer: ArrayBufferLike, byteOffset?: number, length?: number): TypedArray;
  readonly BYTES_PER_ELEMENT: number;
};

const row = (code: string, itemsize: number, kind: Kind, array: unknown, lanes: 1 | 2 = 1): DTypeRow =>
  ({ code, itemsize, kind, lanes, array: array as TypedArrayConstructor });

const ROWS: Readonly<Record<DType, DTypeRow>> = {
  bool: row("?", 1, "bool", Uint8Array),
  int8: row("b", 1, "int", Int8Array),
  int16: row("h", 2, "int", Int16Array),
  int32: row("i", 4, "int", Int32Array),
  int64: row("l", 8, "int", BigInt64Array),
  uint8: row("B", 1, "uint", Uint8Array),
  uint16: row("H", 2, "uint", Uint16Array),
  uint32: row("I", 4, "uint", Uint32Array),
  uint64: row("L", 8, "uint", BigUint64Array),
  float16: row("e", 2, "float", Uint16Array),
  float32: row("f", 4, "float", Float32Array),
  float64: row("d", 8, "float", Float64Array),
  complex64: row("F", 8, "complex", Float32Array, 2),
  complex128: row("D", 16, "complex", Float64Array, 2),
};

const INDEX = new Map<string, number>(DTYPES.map((name, i) => [name, i]));

/** Tells whether `value` is the name of an element type. */
export function isDType(value: unknown): value is DType {
  return typeof value === "string" && INDEX.has(value);
}

/** The dtype's place in {@link DTYPES}, as the native side counts. */
export const dtypeIndex = (dtype: DType): number => INDEX.get(dtype)!;

/** Bytes of one element. */
export const itemsize = (dtype: DType): number => ROWS[dtype].itemsize;

/** The family of a dtype. */
export const kindOf = (dtype: DType): Kind => ROWS[dtype].kind;

/** NumPy's one-letter code, e.g. `d` for float64. */
export const codeOf = (dtype: DType): string => ROWS[dtype].code;

const BY_CODE = new Map<string, DType>(DTYPES.map((name) => [ROWS[name].code, name]));

/** The dtype of one of NumPy's one-letter codes, or undefined. */
export const dtypeOfCode = (code: string): DType | undefined => BY_CODE.get(code);

/** Elements of the typed array that make one element of the dtype: 2 for complex, else 1. */
export const lanesOf = (dtype: DType): 1 | 2 => ROWS[dtype].lanes;

/** Makes a zero-filled typed array for `length` elements. */
export function allocate<D extends DType>(dtype: D, length: number): TypedArrayOf<D> {
  return new ROWS[dtype].array(length * ROWS[dtype].lanes) as TypedArrayOf<D>;
}

/** Views `length` elements of `buffer` from `byteOffset` as elements of `dtype`; nothing is copied. */
export function viewAs<D extends DType>(dtype: D, buffer: ArrayBufferLike, byteOffset: number, length: number): TypedArrayOf<D> {
  return new ROWS[dtype].array(buffer, byteOffset, length * ROWS[dtype].lanes) as TypedArrayOf<D>;
}

export const isBool = (dtype: DType): boolean => dtype === "bool";
/** Signed or unsigned; not bool. */
export const isInteger = (dtype: DType): boolean => kindOf(dtype) === "int" || kindOf(dtype) === "uint";
export const isFloating = (dtype: DType): boolean => kindOf(dtype) === "float";
export const isComplex = (dtype: DType): boolean => kindOf(dtype) === "complex";
/** Floating or complex. */
export const isInexact = (dtype: DType): boolean => isFloating(dtype) || isComplex(dtype);

/** The float of a complex dtype's parts; any other dtype is returned as it is. */
export function realOf(dtype: DType): DType {
  return dtype === "complex64" ? "float32" : dtype === "complex128" ? "float64" : dtype;
}

const TAGS: Readonly<Record<string, DType>> = {
  Uint8Array: "uint8", Uint8ClampedArray: "uint8", Int8Array: "int8", Int16Array: "int16", Uint16Array: "uint16",
  Int32Array: "int32", Uint32Array: "uint32", BigInt64Array: "int64", BigUint64Array: "uint64",
  Float16Array: "float16", Float32Array: "float32", Float64Array: "float64",
};

/** The dtype that a typed array has by itself, or undefined when `value` is no typed array. */
export function dtypeOfTypedArray(value: unknown): DType | undefined {
  if (!ArrayBuffer.isView(value)) return undefined;
  // The tag and not the class, so that arrays of another realm (vm contexts, test runners) are known too.
  return TAGS[(value as unknown as { [Symbol.toStringTag]: string })[Symbol.toStringTag]];
}

const ALIASES: Readonly<Record<string, DType>> = {
  b1: "bool", bool_: "bool", boolean: "bool",
  i1: "int8", i2: "int16", i4: "int32", i8: "int64", int: "int64", long: "int64", q: "int64", byte: "int8",
  short: "int16", intc: "int32", intp: "int64",
  u1: "uint8", u2: "uint16", u4: "uint32", u8: "uint64", uint: "uint64", Q: "uint64", ubyte: "uint8",
  ushort: "uint16", uintc: "uint32", uintp: "uint64",
  f2: "float16", f4: "float32", f8: "float64", half: "float16", single: "float32", double: "float64", float: "float64",
  c8: "complex64", c16: "complex128", csingle: "complex64", cdouble: "complex128", complex: "complex128",
};

/** A dtype as users may write it: a name, one of NumPy's codes or aliases (`"f8"`, `"<i4"`, `"float"`), or a typed array's class. */
export type DTypeLike = DType | (string & {}) | (abstract new (...args: never[]) => TypedArray);

/**
 * Resolves what a user wrote as a dtype.
 *
 * @throws {DTypeError} `ERR_DTYPE` when it names no dtype, or one in the other byte order.
 * @see numpy.dtype
 */
export function toDType(value: unknown, operation = "dtype"): DType {
  if (isDType(value)) return value;
  if (typeof value === "string") {
    const bare = /^[<=|]./.test(value) ? value.slice(1) : value;
    const found = isDType(bare) ? bare : BY_CODE.get(bare) ?? (Object.hasOwn(ALIASES, bare) ? ALIASES[bare] : undefined);
    if (found !== undefined) return found;
    if (value.startsWith(">")) {
      throw new DTypeError(`${operation}: expected a little-endian dtype, got "${value}"`, {
        dtypes: [value], hint: "swap the bytes first",
      });
    }
    const near = nearest(bare, [...DTYPES, ...Object.keys(ALIASES).filter((alias) => alias.length > 3)]);
    throw new DTypeError(`${operation}: expected a dtype, got "${value}"`, {
      dtypes: [value], hint: near ? `Did you mean "${near}"?` : `use one of ${DTYPES.join(", ")}`,
    });
  }
  if (typeof value === "function") {
    const found = TAGS[value.name];
    if (found !== undefined) return found;
  }
  throw new DTypeError(`${operation}: expected a dtype, got ${describe(value)}`, {
    hint: `use one of ${DTYPES.join(", ")}`,
  });
}

function describe(value: unknown): string {
  if (typeof value === "function") return `the function ${value.name || "(anonymous)"}`;
  if (value === null || typeof value !== "object") return String(value);
  return `a value of type ${value.constructor?.name ?? "object"}`;
}

/** The least and the greatest value of an integer type; [0, 1] for bool. */
export function integerRange(dtype: DType): readonly [bigint, bigint] {
  if (dtype === "bool") return [0n, 1n];
  const bits = BigInt(itemsize(dtype) * 8);
  return kindOf(dtype) === "uint" ? [0n, (1n << bits) - 1n] : [-(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n];
}
