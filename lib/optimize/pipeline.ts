import { config } from "../config/index.js";
import type { Steps } from "../core/steps.js";
import type { Expr } from "../expr/expr.js";
import type { Node } from "../expr/node.js";
import { dropEmpty } from "./drop-empty.js";
import { foldConstants } from "./fold-constants.js";
import { foldSelections } from "./fold-selections.js";
import { hoistRepeats } from "./hoist-repeats.js";
import { joinSlices } from "./join-slices.js";
import { joinSums } from "./join-sums.js";
import { mergeCommuted, mergingCommuted } from "./merge-commuted.js";
import { pairAngles } from "./pair-angles.js";
import { everywhere, type Pass, rewrite, type Rule } from "./rewrite.js";
import { simplifyCasts } from "./simplify-casts.js";
import { simplifyFolds } from "./simplify-folds.js";
import { simplifyMaps } from "./simplify-maps.js";
import { sinkReshapes } from "./sink-reshapes.js";
import { sinkTakes } from "./sink-takes.js";
import { sinkViews } from "./sink-views.js";
import { smallProducts } from "./small-products.js";
import { takeSlices } from "./take-slices.js";
import { verify } from "./verify.js";

/** Rules that look at a node and a little of what is below it. */
const LOCAL = { dropEmpty, foldConstants, simplifyCasts, simplifyMaps, simplifyFolds, joinSlices, takeSlices, sinkTakes, hoistRepeats } as const satisfies Record<string, Rule>;
/** A rule may make room for another, but not for ever. */
const MOST_ROUNDS = 8;

/** The local rules in one walk, each node until none has anything to do. */
const simplify: Pass = (roots) => {
  const rules = [...Object.values(LOCAL), mergingCommuted()];
  return rewrite(roots, (node, original) => {
    let current: Node = node;
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const before = current;
      for (const rule of rules) current = rule(current, original) as Node;
      if (current === before) break;
    }
    return current;
  });
};

/** Every pass by its name (docs/optimizer.md); one may stand in the order below more than once. */
export const PASSES = {
  dropEmpty: everywhere(dropEmpty),
  foldConstants: everywhere(foldConstants),
  simplifyCasts: everywhere(simplifyCasts),
  simplifyMaps: everywhere(simplifyMaps),
  simplifyFolds: everywhere(simplifyFolds),
  joinSlices: everywhere(joinSlices),
  takeSlices: everywhere(takeSlices),
  sinkTakes: everywhere(sinkTakes),
  hoistRepeats: everywhere(hoistRepeats),
  mergeCommuted,
  simplify,
  smallProducts: everywhere(smallProducts),
  sinkViews,
  sinkReshapes,
  pairAngles,
  joinSums,
} as const satisfies Record<string, Pass>;
export type PassName = keyof typeof PASSES;

/** What plans rely on. */
const NEEDED: readonly PassName[] = ["dropEmpty"];
export const ORDER: readonly PassName[] = ["simplify", "sinkViews", "smallProducts", "sinkReshapes", "sinkViews", "simplify", "sinkViews", "pairAngles", "joinSums"];

/** What can be had without selecting by a mask first. The one pass that runs before all sizes are known. */
export const spareSelections: Pass = everywhere(foldSelections);

/** Expressions of the same values that are cheaper to run; `fully` false does only what plans rely on. All sizes must be known. */
export const optimize = (roots: readonly Expr[], fully = true): Steps<Expr[]> => runPasses(roots, fully ? ORDER : NEEDED);

/** Runs some of the passes, one after the other. */
export function* runPasses(roots: readonly Expr[], names: readonly PassName[], checked = config.get("debug") || config.get("log-level") === "debug"): Steps<Expr[]> {
  let current = [...roots];
  if (checked) yield* verify("the call", current, current);
  const left = new Map<PassName, readonly Expr[]>();
  for (const name of names) {
    if (left.get(name)?.every((x, i) => x === current[i])) continue; // nothing has changed since it ran
    const next = yield* PASSES[name](current);
    if (checked) yield* verify(name, current, next);
    next.forEach((x, i) => (x.origin ??= current[i]!.origin));
    current = next;
    left.set(name, current);
  }
  return current;
}
