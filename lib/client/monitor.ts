import type { EngineStats } from "../native/index.js";
import type { Engine } from "../runtime/engine.js";
import { type RunState, runsOf } from "../runtime/runs.js";
import type { ClientPlan } from "./client-options.js";
import { LoopDelay } from "./loop-delay.js";
import { TaskStream } from "./task-stream.js";

export interface LayerProgress {
  readonly name: string;
  readonly done: number;
  readonly total: number;
}

/** How a client is, in one glance: "ok", "paused" when computes wait for memory, or "closing" when it takes no more work. */
export interface Health {
  readonly status: "ok" | "paused" | "closing";
  readonly bytesInMemory: number;
  /** Computes that wait until there is memory for them. */
  readonly queued: number;
}

/** A compute, as the status page shows it. */
export interface ComputeView {
  readonly id: number;
  readonly label: string;
  readonly state: RunState["state"];
  readonly elapsedMs: number;
  readonly layers: readonly LayerProgress[];
}

/** Everything that the status page shows at one moment. */
export interface Snapshot {
  readonly nowMs: number;
  readonly workers: readonly { readonly threads: number; readonly bytes: number; readonly limitBytes: number; readonly busy: number }[];
  readonly memory: { readonly bytes: number; readonly peakBytes: number; readonly pooledBytes: number; readonly limitBytes: number; readonly spilledBytes: number };
  readonly computes: readonly ComputeView[];
  readonly ended: Readonly<Record<"done" | "failed" | "cancelled", number>>;
  /** Cores that the process kept busy lately. */
  readonly cores: number;
  readonly eventLoopDelayMs: number;
}

/** Computes that have ended, and layers of a compute, that are shown. */
const ENDED_COMPUTES = 6;
const MOST_LAYERS = 40;
/** How far back "lately" goes. */
const LATELY_MS = 1000;

/** Watches an engine for the dashboard. It looks at the tasks only when somebody asks. */
export class Monitor {
  readonly stream = new TaskStream();
  readonly #delay = new LoopDelay();
  readonly #ended: ComputeView[] = [];
  #cpu = { atMs: performance.now(), usage: process.cpuUsage(), cores: 0 };

  constructor(readonly engine: Engine, readonly plan: ClientPlan) {
    runsOf(engine).listener = (run) => {
      this.#ended.push(viewOf(run));
      if (this.#ended.length > ENDED_COMPUTES) this.#ended.shift();
    };
  }

  get closed(): boolean {
    return this.engine.closed;
  }
  get stats(): EngineStats {
    return this.engine.stats();
  }
  get running(): number {
    return runsOf(this.engine).inFlight.size;
  }
  /** Computes that wait for memory. */
  get queued(): number {
    return this.engine.admission.waiting;
  }
  /** How many computes have ended, by how. */
  get ended(): Readonly<Record<"done" | "failed" | "cancelled", number>> {
    return runsOf(this.engine).ended;
  }
  get eventLoopDelayMs(): number {
    return this.#delay.p99Ms;
  }

  /** What is running and what is held. */
  health(): Health {
    if (this.closed) return { status: "closing", bytesInMemory: 0, queued: 0 };
    const queued = this.queued;
    return { status: this.engine.draining ? "closing" : queued > 0 ? "paused" : "ok", bytesInMemory: this.stats.bytesInUse, queued };
  }

  snapshot(): Snapshot {
    this.stream.add(this.engine.native.takeTrace());
    const { bytesInUse, bytesPeak, bytesPooled, bytesSpilled } = this.stats;
    const nowMs = performance.now();
    return {
      nowMs,
      workers: this.#workers(bytesInUse, nowMs),
      memory: { bytes: bytesInUse, peakBytes: bytesPeak, pooledBytes: bytesPooled, limitBytes: this.plan.memoryLimitBytes, spilledBytes: bytesSpilled },
      computes: [...this.#ended, ...[...runsOf(this.engine).inFlight].map(viewOf)],
      ended: this.ended,
      cores: this.#cores(nowMs),
      eventLoopDelayMs: this.eventLoopDelayMs,
    };
  }

  /** What each worker does. Blocks belong to the engine: a worker's bytes are its share of what was written lately. */
  #workers(bytesInUse: number, nowMs: number): Snapshot["workers"] {
    const { nWorkers, threadsPerWorker, memoryLimitBytes } = this.plan;
    const written = new Float64Array(nWorkers);
    const busyMs = new Float64Array(nWorkers);
    let all = 0;
    for (const span of this.stream.since(0)) {
      const worker = Math.min(nWorkers - 1, Math.floor(span.thread / threadsPerWorker));
      written[worker]! += span.bytes;
      all += span.bytes;
      busyMs[worker]! += Math.max(0, span.endMs - Math.max(span.startMs, nowMs - LATELY_MS));
    }
    return Array.from(written, (bytes, i) => ({
      threads: threadsPerWorker,
      bytes: Math.round(all === 0 ? bytesInUse / nWorkers : (bytesInUse * bytes) / all),
      limitBytes: Math.floor(memoryLimitBytes / nWorkers),
      busy: Math.min(1, busyMs[i]! / LATELY_MS / threadsPerWorker),
    }));
  }
  #cores(nowMs: number): number {
    const { atMs, usage, cores } = this.#cpu;
    if (nowMs - atMs < LATELY_MS / 2) return cores;
    const { user, system } = process.cpuUsage(usage);
    this.#cpu = { atMs: nowMs, usage: process.cpuUsage(), cores: (user + system) / 1000 / (nowMs - atMs) };
    return this.#cpu.cores;
  }

  close(): void {
    this.#delay.close();
    runsOf(this.engine).listener = undefined;
  }
}

function viewOf(run: RunState): ComputeView {
  const layers = run.layers.slice(0, MOST_LAYERS).map((layer, i) => ({ name: layer.name, done: run.done[i]!, total: layer.weight }));
  if (run.layers.length > MOST_LAYERS) {
    const rest = { name: `${run.layers.length - MOST_LAYERS} more`, done: 0, total: 0 };
    for (let i = MOST_LAYERS; i < run.layers.length; i++) {
      rest.done += run.done[i]!;
      rest.total += run.layers[i]!.weight;
    }
    layers.push(rest);
  }
  return { id: run.id, label: run.label, state: run.state, elapsedMs: performance.now() - run.startedMs, layers };
}

