import type { Steps } from "../core/steps.js";
import type { Expr } from "../expr/expr.js";
import type { NativeOp } from "../expr/generated/native-ops.js";
import { rewrite, type Rule } from "./rewrite.js";

/** Operations that have the same bits when their inputs change places (but those of a NaN). Not extremes: of 0 and −0 they take one by its place. */
const COMMUTES = new Set<NativeOp>([
  "add", "multiply", "equal", "not_equal", "logical_and", "logical_or", "logical_xor", "bitwise_and", "bitwise_or", "bitwise_xor",
]);
/** Operations that are others with their inputs in each other's place. */
const MIRRORED: Partial<Record<NativeOp, NativeOp>> = { greater: "less", greater_equal: "less_equal" };

/**
 * `a + b` and `b + a` are one node, whichever came first. Only where both are there: an order of our own making could change how plans walk, and
 * with it how sums round.
 */
export function mergingCommuted(): Rule {
  const first = new Map<string, Expr>();
  return (node) => {
    if (node.kind !== "map" || node.inputs.length !== 2) return node;
    const [a, b] = node.inputs as [Expr, Expr];
    const mirrored = MIRRORED[node.op];
    const [op, x, y] = mirrored === undefined ? [node.op, a, b] : [mirrored, b, a];
    if (!COMMUTES.has(op) && op !== "less" && op !== "less_equal") return node;
    const [low, high] = COMMUTES.has(op) && y.token < x.token ? [y, x] : [x, y];
    const key = `${op} ${node.loop} ${low.token} ${high.token}`;
    const found = first.get(key);
    if (found === undefined) first.set(key, node);
    return found ?? node;
  };
}

export const mergeCommuted = (roots: readonly Expr[]): Steps<Expr[]> => rewrite(roots, mergingCommuted());
