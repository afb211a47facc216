import { type DType, isInteger } from "../core/dtype.js";
import type { ReducerKind } from "../expr/reduce.js";

/** Tells whether a fold gives the same bits whatever is folded first. */
export function isOrderless(reducer: ReducerKind, dtype: DType): boolean {
  switch (reducer) {
    case "sum":
    case "prod":
      return isInteger(dtype);
    case "moments2":
    case "moments4":
    case "nanMoments2":
    case "nanMoments4":
      return false;
    default:
      return true;
  }
}
