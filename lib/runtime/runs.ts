import type { Layer } from "../plan/plan.js";
import type { Engine } from "./engine.js";

/** A compute in flight, as dashboards show it. */
export interface RunState {
  readonly id: number;
  readonly label: string;
  readonly layers: readonly Layer[];
  done: readonly number[];
  readonly startedMs: number;
  state: "running" | "done" | "failed" | "cancelled";
}

const byEngine = new WeakMap<Engine, Set<RunState>>();

/** The computes that an engine is running. */
export function runs(engine: Engine): Set<RunState> {
  let set = byEngine.get(engine);
  if (set === undefined) byEngine.set(engine, (set = new Set()));
  return set;
}
