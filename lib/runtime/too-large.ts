import { formatBytes } from "../core/bytes.js";
import { MemoryPlanError } from "../errors/index.js";
import type { NativeFailure } from "../native/index.js";
import type { Plan } from "../plan/plan.js";
import type { Call } from "./call.js";

/** What needs most of a plan's memory: the array's name in its graph, the stage that makes it, and the largest block of it. */
export interface Largest {
  readonly layer: string;
  readonly stage: string;
  readonly largestBytes: number;
}

export function largestOf(plan: Plan, layer = plan.largest?.layer ?? 0): Largest {
  const stage = plan.layers[layer]?.name ?? "";
  return { layer: plan.arrayOf(layer) ?? stage, stage, largestBytes: plan.largest?.bytes ?? 0 };
}

export const describe = ({ layer, stage, largestBytes }: Largest): string =>
  `most for the layer ${layer}, ${formatBytes(largestBytes)} in one piece${stage === layer ? "" : `, made by "${stage}"`}`;

/** @throws {MemoryPlanError} when a plan cannot hold its limit. */
export function refuseTooLarge(plan: Plan, { limitBytes, engine }: Call): void {
  const spillLimit = engine.spill?.limitBytes ?? 0;
  if (plan.spillBytes > spillLimit) {
    const largest = largestOf(plan);
    throw new MemoryPlanError(
      `compute: to hold ${formatBytes(limitBytes)} at once (${describe(largest)}) this has to spill ${formatBytes(plan.spillBytes)} but spilling is limited to ${formatBytes(spillLimit)}. Nothing was started`,
      { neededBytes: plan.spillBytes, limitBytes, ...largest, hint: "Options: raise spill.limit; raise memoryLimit" },
    );
  }
  if (plan.peakBytes <= limitBytes) return;
  const largest = largestOf(plan);
  throw new MemoryPlanError(
    `compute: this needs at least ${formatBytes(plan.peakBytes)} at once (${describe(largest)}) but the limit is ${formatBytes(limitBytes)}. Nothing was started`,
    { neededBytes: plan.peakBytes, limitBytes, ...largest, hint: `Options: ${waysOut(plan, engine.spill === undefined).join("; ")}` },
  );
}

function waysOut(plan: Plan, noSpill: boolean): string[] {
  const isResult = plan.outputs.some(({ slot }) => slot === plan.largest);
  const isSelected = plan.selections.length > 0;
  return [
    `raise memoryLimit to ${formatBytes(plan.peakBytes)} or more`,
    ...(isResult ? ["take the result in pieces with blocks(), or write it with toNpy()", "reduce before you compute"] : []),
    ...(isSelected ? ["select from parts of the array, one after the other: what a mask selects is not spilled, since it outlives the run that selects"] : []),
    ...(isResult || isSelected ? [] : ["compute parts of it, sliced, one after the other"]),
    ...(noSpill ? ["let it spill"] : []),
  ];
}

/** What a run found that needed more than its bound, as scratch memory may. */
export function outOfMemory(failure: NativeFailure, plan: Plan): MemoryPlanError {
  const largest = largestOf(plan, failure.layer < 0 ? undefined : failure.layer);
  return new MemoryPlanError(`compute: out of memory (${describe(largest)}): ${failure.message}`, { neededBytes: plan.peakBytes, limitBytes: plan.peakBytes, ...largest, hint: "Raise memoryLimit" });
}
