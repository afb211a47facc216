import type { Expr } from "../expr/expr.js";
import type { Node } from "../expr/node.js";
import { dropEmpty } from "./drop-empty.js";
import { foldConstants } from "./fold-constants.js";
import { rewrite } from "./rewrite.js";
import { sinkReshapes } from "./sink-reshapes.js";
import { sinkViews } from "./sink-views.js";
import { smallProducts } from "./small-products.js";

type Rule = (node: Node) => Expr;

const rule = (apply: Rule) => (): Rule => apply;
/** What plans rely on. */
const NEEDED: readonly (() => Rule)[] = [rule(dropEmpty)];
/** The passes in order. Each is a rule over one node whose inputs have been through it; some remember what they did during a pass. */
const PASSES: readonly (() => Rule)[] = [rule(dropEmpty), rule(smallProducts), sinkViews, sinkReshapes, sinkViews, rule(foldConstants)];

/** Expressions of the same values that are cheaper to run; `fully` false does only what plans rely on. All sizes must be known. */
export function optimize(roots: readonly Expr[], fully = true): Expr[] {
  return (fully ? PASSES : NEEDED).reduce<readonly Expr[]>((exprs, pass) => rewrite(exprs, pass()), roots) as Expr[];
}
