import type { Expr } from "../expr/expr.js";
import type { Node } from "../expr/node.js";
import { dropEmpty } from "./drop-empty.js";
import { foldConstants } from "./fold-constants.js";
import { foldSelections } from "./fold-selections.js";
import { pairAngles } from "./pair-angles.js";
import { rewrite } from "./rewrite.js";
import { sinkReshapes } from "./sink-reshapes.js";
import { sinkViews } from "./sink-views.js";
import { smallProducts } from "./small-products.js";

type Rule = (node: Node) => Expr;
/** Looks at all there is, and gives a rule for one node whose inputs have been through it. */
type Pass = (roots: readonly Expr[]) => Rule;

const rule = (apply: Rule): Pass => () => apply;
/** What plans rely on. */
const NEEDED: readonly Pass[] = [rule(dropEmpty)];
/** The passes in order. */
const PASSES: readonly Pass[] = [rule(dropEmpty), rule(smallProducts), sinkViews, sinkReshapes, sinkViews, rule(foldConstants), pairAngles];

/** What can be had without selecting by a mask first. The one pass that runs before all sizes are known. */
export const spareSelections = (roots: readonly Expr[]): Expr[] => rewrite(roots, foldSelections);

/** Expressions of the same values that are cheaper to run; `fully` false does only what plans rely on. All sizes must be known. */
export function optimize(roots: readonly Expr[], fully = true): Expr[] {
  return (fully ? PASSES : NEEDED).reduce<readonly Expr[]>((exprs, pass) => rewrite(exprs, pass(exprs)), roots) as Expr[];
}
