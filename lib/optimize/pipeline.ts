import { config } from "../config/index.js";
import type { Steps } from "../core/steps.js";
import type { Expr } from "../expr/expr.js";
import { dropEmpty } from "./drop-empty.js";
import { foldConstants } from "./fold-constants.js";
import { foldSelections } from "./fold-selections.js";
import { pairAngles } from "./pair-angles.js";
import { everywhere, type Pass } from "./rewrite.js";
import { sinkReshapes } from "./sink-reshapes.js";
import { sinkViews } from "./sink-views.js";
import { smallProducts } from "./small-products.js";
import { verify } from "./verify.js";

/** Every pass by its name (docs/optimizer.md); one may stand in the order below more than once. */
export const PASSES = {
  dropEmpty: everywhere(dropEmpty),
  smallProducts: everywhere(smallProducts),
  sinkViews,
  sinkReshapes,
  foldConstants: everywhere(foldConstants),
  pairAngles,
} as const satisfies Record<string, Pass>;
export type PassName = keyof typeof PASSES;

/** What plans rely on. */
const NEEDED: readonly PassName[] = ["dropEmpty"];
export const ORDER: readonly PassName[] = ["dropEmpty", "smallProducts", "sinkViews", "sinkReshapes", "sinkViews", "foldConstants", "pairAngles"];

/** What can be had without selecting by a mask first. The one pass that runs before all sizes are known. */
export const spareSelections: Pass = everywhere(foldSelections);

/** Expressions of the same values that are cheaper to run; `fully` false does only what plans rely on. All sizes must be known. */
export const optimize = (roots: readonly Expr[], fully = true): Steps<Expr[]> => runPasses(roots, fully ? ORDER : NEEDED);

/** Runs some of the passes, one after the other. */
export function* runPasses(roots: readonly Expr[], names: readonly PassName[], checked = config.get("debug") || config.get("log-level") === "debug"): Steps<Expr[]> {
  let current = [...roots];
  if (checked) yield* verify("the call", current, current);
  const settled = new Map<PassName, string>();
  for (const name of names) {
    const before = current.map((x) => x.token).join();
    if (settled.get(name) === before) continue; // nothing has changed since it ran
    const next = yield* PASSES[name](current);
    if (checked) yield* verify(name, current, next);
    current = next;
    settled.set(name, current.map((x) => x.token).join());
  }
  return current;
}
