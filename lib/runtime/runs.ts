import type { Layer } from "../plan/plan.js";
import type { Engine } from "./engine.js";

/** A compute, as dashboards show it. */
export interface RunState {
  /** Of the plan that runs, in the engine's trace; a compute that selects by masks runs several, one after the other. */
  id: number;
  readonly label: string;
  layers: readonly Layer[];
  /** Weight done, by layer. */
  done: readonly number[];
  readonly startedMs: number;
  state: "planning" | "queued" | "running" | "done" | "failed" | "cancelled";
}

/** The computes of an engine: those in flight, and how those ended that are not. */
export class Runs {
  readonly inFlight = new Set<RunState>();
  readonly ended = { done: 0, failed: 0, cancelled: 0 };
  /** Called with each compute that has ended. */
  listener: ((run: RunState) => void) | undefined;

  start(id: number, label: string): RunState {
    const run: RunState = { id, label, layers: [], done: [], startedMs: performance.now(), state: "planning" };
    this.inFlight.add(run);
    return run;
  }
  end(run: RunState, state: "done" | "failed" | "cancelled"): void {
    run.state = state;
    this.inFlight.delete(run);
    this.ended[state]++;
    this.listener?.(run);
  }
}

const byEngine = new WeakMap<Engine, Runs>();

export function runsOf(engine: Engine): Runs {
  let runs = byEngine.get(engine);
  if (runs === undefined) byEngine.set(engine, (runs = new Runs()));
  return runs;
}
