import type { Expr } from "../expr/expr.js";
import type { Node } from "../expr/node.js";
import { dropEmpty } from "./drop-empty.js";
import { foldConstants } from "./fold-constants.js";
import { rewrite } from "./rewrite.js";
import { sinkReshapes } from "./sink-reshapes.js";
import { sinkViews } from "./sink-views.js";
import { smallProducts } from "./small-products.js";

/** The passes in order. Each is a rule over one node whose inputs have been through it. */
const PASSES: readonly ((node: Node) => Expr)[] = [dropEmpty, smallProducts, sinkReshapes, sinkViews, foldConstants];

/** Expressions of the same values that are cheaper to run. All sizes must be known. */
export function optimize(roots: readonly Expr[]): Expr[] {
  return PASSES.reduce<readonly Expr[]>((exprs, pass) => rewrite(exprs, pass), roots) as Expr[];
}
