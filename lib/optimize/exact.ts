import { type DType, isInexact, isInteger, itemsize } from "../core/dtype.js";
import { promoteTypes } from "../core/promotion.js";
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

/** Tells whether every value of one dtype is one of the other, so that a cast to it changes none. */
export const isLossless = (from: DType, to: DType): boolean =>
  promoteTypes(from, to) === to && !(isInteger(from) && itemsize(from) === 8 && isInexact(to));
