import type { DType } from "../core/dtype.js";

/** The dtypes that a native operation has loops for, in the words of native/core/dtype.h. */
export const LOOP_SETS = {
  BOOL: ["bool"],
  INTEGER: ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"],
  FLOATING: ["float16", "float32", "float64"],
  COMPLEX: ["complex64", "complex128"],
  SINGLE_DOUBLE: ["float32", "float64"],
  DOUBLE: ["float64"],
  REAL: ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float16", "float32", "float64"],
  INEXACT: ["float16", "float32", "float64", "complex64", "complex128"],
  NUMERIC: ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float16", "float32", "float64", "complex64", "complex128"],
} as const satisfies Record<string, readonly DType[]>;

/** One set, or one and bool. */
export type Loops = keyof typeof LOOP_SETS | `${keyof typeof LOOP_SETS} | BOOL`;

/** Tells whether a set has a dtype. */
export function hasLoop(loops: Loops, dtype: DType): boolean {
  return loops.split(" | ").some((set) => (LOOP_SETS[set as keyof typeof LOOP_SETS] as readonly DType[]).includes(dtype));
}
