import { countFolded } from "../reductions/reduce.js";
import { reshape, transpose } from "../../expr/build.js";
import type { Expr } from "../../expr/expr.js";

/** The folded axes made one, the last: what kernels over whole rows take. */
export function rowsOf(x: Expr, axes: readonly number[]): Expr {
  const kept = x.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const moved = transpose(x, [...kept, ...axes]);
  return axes.length === 1 ? moved : reshape(moved, [...kept.map((axis) => x.shape[axis]!), countFolded(x.shape, axes)]);
}
