import type { Layer } from "../plan/plan.js";
import type { Engine } from "./engine.js";

/** A compute in flight, as dashboards show it. */
export interface RunState {
  readonly id: number;
  readonly label: string;
  readonly layers: readonly Layer[];
  /** Weight done, by layer. */
  done: readonly number[];
  readonly startedMs: number;
  state: "running" | "done" | "failed" | "cancelled";
}

/** The computes of an engine: those that run, and how those ended that do not. */
export class Runs {
  readonly running = new Set<RunState>();
  readonly ended = { done: 0, failed: 0, cancelled: 0 };
  /** Called with each compute when it starts and when it has ended. */
  listener: ((run: RunState) => void) | undefined;

  start(run: RunState): void {
    this.running.add(run);
    this.listener?.(run);
  }
  end(run: RunState): void {
    this.running.delete(run);
    if (run.state === "running") run.state = "failed"; // it never reached the engine
    this.ended[run.state]++;
    this.listener?.(run);
  }
}

const byEngine = new WeakMap<Engine, Runs>();

export function runsOf(engine: Engine): Runs {
  let runs = byEngine.get(engine);
  if (runs === undefined) byEngine.set(engine, (runs = new Runs()));
  return runs;
}
