import { cast, full, map, reshape } from "../expr/build.js";
import type { Expr } from "../expr/expr.js";
import { Gather } from "../expr/gather.js";

/**
 * The integers of `x`, whose computing fails with `complaint` where `condition` is false: an index of −1 is looked up in a table of one zero, which the
 * runtime refuses, and a 0 is added.
 */
export function ensure(x: Expr, condition: Expr, complaint: string): Expr {
  const index = map("subtract", "int64", "int64", [cast(condition, "int64"), full([], "int64", 1)], x.shape);
  const flat = reshape(index, [x.size]);
  const zeros = new Gather(full([1], "int64", 0), flat, 0, complaint);
  return map("add", "int64", "int64", [x, reshape(zeros, x.shape)], x.shape);
}
