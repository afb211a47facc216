import type { DType } from "../core/dtype.js";
import type { Shape } from "../core/shape.js";

/** NumPy 2's promotion of two dtypes, as a table of types; lib/core/promotion.ts is its twin at run time. */
interface Promotions {
  bool: { bool: "bool"; int8: "int8"; int16: "int16"; int32: "int32"; int64: "int64"; uint8: "uint8"; uint16: "uint16"; uint32: "uint32"; uint64: "uint64"; float16: "float16"; float32: "float32"; float64: "float64"; complex64: "complex64"; complex128: "complex128" };
  int8: { bool: "int8"; int8: "int8"; int16: "int16"; int32: "int32"; int64: "int64"; uint8: "int16"; uint16: "int32"; uint32: "int64"; uint64: "float64"; float16: "float16"; float32: "float32"; float64: "float64"; complex64: "complex64"; complex128: "complex128" };
  int16: { bool: "int16"; int8: "int16"; int16: "int16"; int32: "int32"; int64: "int64"; uint8: "int16"; uint16: "int32"; uint32: "int64"; uint64: "float64"; float16: "float32"; float32: "float32"; float64: "float64"; complex64: "complex64"; complex128: "complex128" };
  int32: { bool: "int32"; int8: "int32"; int16: "int32"; int32: "int32"; int64: "int64"; uint8: "int32"; uint16: "int32"; uint32: "int64"; uint64: "float64"; float16: "float64"; float32: "float64"; float64: "float64"; complex64: "complex128"; complex128: "complex128" };
  int64: { bool: "int64"; int8: "int64"; int16: "int64"; int32: "int64"; int64: "int64"; uint8: "int64"; uint16: "int64"; uint32: "int64"; uint64: "float64"; float16: "float64"; float32: "float64"; float64: "float64"; complex64: "complex128"; complex128: "complex128" };
  uint8: { bool: "uint8"; int8: "int16"; int16: "int16"; int32: "int32"; int64: "int64"; uint8: "uint8"; uint16: "uint16"; uint32: "uint32"; uint64: "uint64"; float16: "float16"; float32: "float32"; float64: "float64"; complex64: "complex64"; complex128: "complex128" };
  uint16: { bool: "uint16"; int8: "int32"; int16: "int32"; int32: "int32"; int64: "int64"; uint8: "uint16"; uint16: "uint16"; uint32: "uint32"; uint64: "uint64"; float16: "float32"; float32: "float32"; float64: "float64"; complex64: "complex64"; complex128: "complex128" };
  uint32: { bool: "uint32"; int8: "int64"; int16: "int64"; int32: "int64"; int64: "int64"; uint8: "uint32"; uint16: "uint32"; uint32: "uint32"; uint64: "uint64"; float16: "float64"; float32: "float64"; float64: "float64"; complex64: "complex128"; complex128: "complex128" };
  uint64: { bool: "uint64"; int8: "float64"; int16: "float64"; int32: "float64"; int64: "float64"; uint8: "uint64"; uint16: "uint64"; uint32: "uint64"; uint64: "uint64"; float16: "float64"; float32: "float64"; float64: "float64"; complex64: "complex128"; complex128: "complex128" };
  float16: { bool: "float16"; int8: "float16"; int16: "float32"; int32: "float64"; int64: "float64"; uint8: "float16"; uint16: "float32"; uint32: "float64"; uint64: "float64"; float16: "float16"; float32: "float32"; float64: "float64"; complex64: "complex64"; complex128: "complex128" };
  float32: { bool: "float32"; int8: "float32"; int16: "float32"; int32: "float64"; int64: "float64"; uint8: "float32"; uint16: "float32"; uint32: "float64"; uint64: "float64"; float16: "float32"; float32: "float32"; float64: "float64"; complex64: "complex64"; complex128: "complex128" };
  float64: { bool: "float64"; int8: "float64"; int16: "float64"; int32: "float64"; int64: "float64"; uint8: "float64"; uint16: "float64"; uint32: "float64"; uint64: "float64"; float16: "float64"; float32: "float64"; float64: "float64"; complex64: "complex128"; complex128: "complex128" };
  complex64: { bool: "complex64"; int8: "complex64"; int16: "complex64"; int32: "complex128"; int64: "complex128"; uint8: "complex64"; uint16: "complex64"; uint32: "complex128"; uint64: "complex128"; float16: "complex64"; float32: "complex64"; float64: "complex128"; complex64: "complex64"; complex128: "complex128" };
  complex128: { bool: "complex128"; int8: "complex128"; int16: "complex128"; int32: "complex128"; int64: "complex128"; uint8: "complex128"; uint16: "complex128"; uint32: "complex128"; uint64: "complex128"; float16: "complex128"; float32: "complex128"; float64: "complex128"; complex64: "complex128"; complex128: "complex128" };
}

/** The dtype that holds both. @see numpy.promote_types */
export type Promote<A extends DType, B extends DType> = DType extends A ? DType : DType extends B ? DType : Promotions[A][B];

type SmallInt = "bool" | "int8" | "uint8";
type Int = "int8" | "int16" | "int32" | "int64" | "uint8" | "uint16" | "uint32" | "uint64";

/** What sqrt, sin... give: a float as wide as needed; floats and complex stay. */
export type InexactOf<D extends DType> = DType extends D ? DType
  : D extends SmallInt ? "float16" : D extends "int16" | "uint16" ? "float32" : D extends Int ? "float64" : D;
/** What division and means give: float64 for integers and bool; floats and complex stay. */
export type FloatOf<D extends DType> = DType extends D ? DType : D extends Int | "bool" ? "float64" : D;
/** The float of a complex dtype's parts; others stay. */
export type RealOf<D extends DType> = DType extends D ? DType : D extends "complex64" ? "float32" : D extends "complex128" ? "float64" : D;
/** What sums, products and running sums give: 64 bits for integers. */
export type SumOf<D extends DType> = DType extends D ? DType
  : D extends "bool" | "int8" | "int16" | "int32" | "int64" ? "int64" : D extends "uint8" | "uint16" | "uint32" | "uint64" ? "uint64" : D;
/** Bool as int8, for the operations that have no bool loop. */
export type NoBool<D extends DType> = DType extends D ? DType : D extends "bool" ? "int8" : D;

/** The shape of two broadcast together, by number of axes. */
export type Broadcast<A extends Shape, B extends Shape> = A extends readonly [] ? B : B extends readonly [] ? A
  : number extends A["length"] | B["length"] ? number[]
  : Axes<A> extends [...Axes<B>, ...number[]] ? Axes<A> : Axes<B>;
/** A tuple of plain numbers as long as a shape. */
export type Axes<S extends Shape> = number extends S["length"] ? number[] : { -readonly [K in keyof S]: number };
/** A shape without one axis, by number of axes. */
export type DropAxis<S extends Shape> = number extends S["length"] ? number[] : S extends readonly [unknown, ...infer T extends Shape] ? Axes<T> : number[];
/** The shape that a user's shape argument names. */
export type ShapeOf<S extends number | Shape> = S extends number ? [number] : S extends Shape ? Axes<S> : number[];
