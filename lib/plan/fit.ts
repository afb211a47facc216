import type { Steps } from "../core/steps.js";
import { peakOf } from "./bound.js";
import { sweepTogether } from "./order.js";
import type { Plan, Task } from "./plan.js";
import { spill, TooLarge } from "./spill.js";

/** Shares of the limit that a plan with spilling is made for: what is left lets tasks run side by side and blocks be read ahead. */
const SHARES = [0.5, 0.75, 1];

/**
 * Makes a plan hold `limitBytes` at most: in another order when that is enough, else with tasks that write blocks to a spill file and read them back.
 * A plan that cannot be made to fit comes back as it is, or in a better order.
 */
export function* fit(plan: Plan, limitBytes: number, maySpill: boolean): Steps<Plan> {
  if (plan.peakBytes <= limitBytes) return plan;
  const swept = yield* reordered(plan);
  if (swept.peakBytes <= limitBytes || !maySpill) return swept;
  for (const share of SHARES) {
    const spilled = yield* spill(swept.tasks, limitBytes * share, plan.words.length);
    if (spilled instanceof TooLarge) continue;
    const words = new Float64Array(plan.words.length + spilled.words.length);
    words.set(plan.words);
    words.set(spilled.words, plan.words.length);
    return { ...(yield* withTasks(swept, spilled.tasks)), slots: [...plan.slots, ...spilled.slots], words, spillBytes: spilled.fileBytes };
  }
  return swept;
}

function* reordered(plan: Plan): Steps<Plan> {
  const swept = yield* withTasks(plan, yield* sweepTogether(plan.tasks));
  return swept.peakBytes < plan.peakBytes ? swept : plan;
}

function* withTasks(plan: Plan, tasks: readonly Task[]): Steps<Plan> {
  const peak = yield* peakOf(tasks);
  return { ...plan, tasks, peakBytes: peak.bytes, taskBytes: peak.taskBytes, largest: peak.largest };
}
