import { allocate, viewAs } from "../core/dtype.js";
import type { Expr } from "../expr/expr.js";
import { optimize, spareSelections } from "../optimize/pipeline.js";
import { lower } from "../plan/lower.js";
import type { Slot } from "../plan/plan.js";
import { BeginAgain } from "./admission.js";
import { Call } from "./call.js";
import type { Computed } from "./computed.js";
import { currentEngine, type Engine } from "./engine.js";
import { KeptSlot } from "./kept-slot.js";
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

/** Takes the results as typed arrays. */
const computeAlone = (exprs: readonly Expr[], options: ComputeOptions, engine: Engine): Promise<Computed[]> =>
  computeAndTake(exprs, options, engine, ({ dtype, size, shape }, slot) => {
    const data = slot === undefined ? allocate(dtype, 0) : viewAs(dtype, engine.native.exportSlot(slot.id), 0, size);
    return { data, shape: [...shape] };
  });

/** An expression's elements where an engine keeps them; nothing where there are none. */
export interface KeptResult {
  readonly shape: number[];
  readonly slot: KeptSlot | undefined;
}

/** Computes expressions together and leaves the results in the engine. */
export function keepExprs(exprs: readonly Expr[], options: ComputeOptions = {}, engine: Engine = currentEngine()): Promise<KeptResult[]> {
  engine.checkOpen();
  return computeAndTake(exprs, options, engine, ({ dtype, size, shape }, slot) =>
    ({ shape: [...shape], slot: slot === undefined ? undefined : new KeptSlot(slot.id, dtype, size, engine) }));
}

/** Select what masks select, optimise, lower, run, gather. */
function computeAndTake<T>(exprs: readonly Expr[], options: ComputeOptions, engine: Engine, take: (x: Expr, slot: Slot | undefined) => T): Promise<T[]> {
  return prepared(exprs, options, engine, async (ready, call) => {
    return planAndRun(ready.filter((x) => x.size > 0), call, (roots) => lower(roots), (plan) => {
      const outputs = plan.outputs[Symbol.iterator]();
      return ready.map((x) => take(x, x.size === 0 ? undefined : outputs.next().value!.slot));
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
