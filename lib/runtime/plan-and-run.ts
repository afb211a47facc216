import type { Steps } from "../core/steps.js";
import type { Expr } from "../expr/expr.js";
import { Rows } from "../expr/rows.js";
import { rewrite } from "../optimize/rewrite.js";
import type { Plan } from "../plan/plan.js";
import type { Call } from "./call.js";
import { run, SampleMissed } from "./run.js";
import { unhurried } from "./turns.js";

/** Plans expressions, runs the plan and takes what it has left in the engine; again without sampling where that misled. */
export async function planAndRun<E extends Expr, T>(
  exprs: readonly E[], call: Call, lower: (exprs: readonly E[]) => Steps<Plan>, take: (plan: Plan) => T,
): Promise<T> {
  const attempt = async (roots: readonly E[]): Promise<T> => {
    const plan = await unhurried(lower(roots), call);
    return run(plan, call, () => take(plan));
  };
  try {
    return await attempt(exprs);
  } catch (error) {
    if (!(error instanceof SampleMissed)) throw error;
    const whole = rewrite(exprs, (node) => (node.kind === "rows" ? new Rows(node.kernel, node.inputs[0]!, node.values, false) : node));
    return attempt((await unhurried(whole, call)) as E[]);
  }
}
