import { allocate, viewAs } from "../core/dtype.js";
import type { Expr } from "../expr/expr.js";
import { optimize, spareSelections } from "../optimize/pipeline.js";
import { lower } from "../plan/lower.js";
import { BeginAgain } from "./admission.js";
import { Call } from "./call.js";
import type { Computed } from "./computed.js";
import { currentEngine, type Engine } from "./engine.js";
import type { ComputeOptions } from "./options.js";
import { planAndRun } from "./plan-and-run.js";
import { computeShared } from "./share.js";
import { resolveSelections } from "./selections.js";
import { unhurried } from "./turns.js";

export type { Computed } from "./computed.js";
export type { ComputeOptions, Progress } from "./options.js";

/** Computes expressions together; those that are being computed already, and small, are computed once. */
export async function computeExprs(exprs: readonly Expr[], options: ComputeOptions = {}, engine: Engine = currentEngine()): Promise<Computed[]> {
  engine.checkOpen();
  return computeShared(exprs, options, engine, computeAlone);
}

/** Select what masks select, optimise, lower, run, gather. */
function computeAlone(exprs: readonly Expr[], options: ComputeOptions, engine: Engine): Promise<Computed[]> {
  return prepared(exprs, options, engine, async (ready, call) => {
    return planAndRun(ready.filter((x) => x.size > 0), call, (roots) => lower(roots), (plan) => {
      const outputs = plan.outputs[Symbol.iterator]();
      return ready.map((x) => {
        const shape = [...x.shape];
        if (x.size === 0) return { data: allocate(x.dtype, 0), shape };
        const { slot } = outputs.next().value!;
        return { data: viewAs(x.dtype, engine.native.exportSlot(slot.id), 0, x.size), shape };
      });
    });
  });
}

/** Does something with expressions whose sizes are all known and that are optimised; what masks have selected is there until it is done. */
export async function prepared<T>(
  exprs: readonly Expr[], options: ComputeOptions, engine: Engine, use: (ready: readonly Expr[], call: Call) => Promise<T>,
): Promise<T> {
  using call = new Call(options, engine);
  call.check();
  const fully = options.optimizeGraph !== false;
  const spared = fully ? await unhurried(spareSelections(exprs), call) : exprs;
  for (;;) {
    try {
      const known = await resolveSelections(spared, call);
      const result = await use(await unhurried(optimize(known, fully), call), call);
      call.succeeded = true;
      return result;
    } catch (error) {
      if (!(error instanceof BeginAgain)) throw error;
      call.letGo();
    }
  }
}
