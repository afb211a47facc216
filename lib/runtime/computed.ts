import type { TypedArray } from "../core/dtype.js";

/** An expression's elements in C order. */
export interface Computed {
  readonly data: TypedArray;
  readonly shape: number[];
}
