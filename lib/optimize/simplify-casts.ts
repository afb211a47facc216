import { isInexact, isInteger, itemsize } from "../core/dtype.js";
import { cast } from "../expr/build.js";
import type { Expr } from "../expr/expr.js";
import type { Node } from "../expr/node.js";
import { isLossless } from "./exact.js";

/**
 * A cast of a cast is one: what went through a dtype that holds all its values has them still, and integers that are cut twice are cut once,
 * as the lower bits are all that counts.
 */
export function simplifyCasts(node: Node): Expr {
  if (node.kind !== "cast") return node;
  const inner = node.inputs[0] as Node;
  if (inner.dtype === node.dtype) return inner;
  if (inner.kind !== "cast") return node;
  const x = inner.inputs[0]!;
  const cutTwice = [x, inner, node].every(({ dtype }) => isInteger(dtype)) && itemsize(node.dtype) <= itemsize(inner.dtype);
  // An integer too large is cut off, the same number as a float is none: between two integers, a float counts where the last holds less.
  const wraps = isInteger(x.dtype) && isInexact(inner.dtype) && isInteger(node.dtype) && !isLossless(x.dtype, node.dtype);
  return (isLossless(x.dtype, inner.dtype) && !wraps) || cutTwice ? cast(x, node.dtype) : node;
}
