import { monitorEventLoopDelay } from "node:perf_hooks";
import type { EngineStats } from "../native/index.js";
import type { Engine } from "../runtime/engine.js";
import { type RunState, runsOf } from "../runtime/runs.js";
import type { ClientPlan } from "./client-options.js";

/** A task that ran: on which thread, for which compute and layer, when (ms since the client started) and how much it wrote. */
export interface TaskSpan {
  readonly thread: number;
  readonly run: number;
  readonly layer: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly bytes: number;
}

export interface LayerProgress {
  readonly name: string;
  readonly done: number;
  readonly total: number;
}

/** How a client is, in one glance: "ok", or "closing" when it takes no more work. */
export interface Health {
  readonly status: "ok" | "closing";
  readonly bytesInMemory: number;
  /** Tasks that wait for a thread or for memory. */
  readonly queued: number;
}

/** A compute, as the status page shows it. */
export interface ComputeView {
  readonly id: number;
  readonly label: string;
  readonly state: RunState["state"];
  readonly startedMs: number;
  readonly layers: readonly LayerProgress[];
}

/** Everything that the status page shows at one moment. */
export interface Snapshot {
  readonly nowMs: number;
  readonly workers: readonly { readonly threads: number; readonly bytes: number; readonly limitBytes: number; readonly busy: number }[];
  readonly memory: { readonly bytes: number; readonly peakBytes: number; readonly pooledBytes: number; readonly limitBytes: number; readonly spilledBytes: number };
  readonly computes: readonly ComputeView[];
  readonly ended: { readonly done: number; readonly failed: number; readonly cancelled: number };
  readonly spans: readonly TaskSpan[];
  readonly eventLoopDelayMs: number;
}

/** Seconds of the task stream, and how many computes that have ended, are remembered. */
const STREAM_MS = 15_000;
const ENDED_COMPUTES = 8;
const MOST_SPANS = 5_000;

/** Watches an engine for the dashboard: it looks only when somebody asks. */
export class Monitor {
  readonly #delay = monitorEventLoopDelay({ resolution: 10 });
  readonly #ended: ComputeView[] = [];
  #spans: TaskSpan[] = [];
  #originNs: number | undefined;

  constructor(readonly engine: Engine, readonly plan: ClientPlan) {
    this.#delay.enable();
    runsOf(engine).listener = (run) => {
      if (run.state === "running") return;
      this.#ended.push(viewOf(run));
      if (this.#ended.length > ENDED_COMPUTES) this.#ended.shift();
    };
  }

  get stats(): EngineStats {
    return this.engine.stats();
  }
  /** What is running and what is held. */
  health(): Health {
    if (this.engine.closed) return { status: "closing", bytesInMemory: 0, queued: 0 };
    const { bytesInUse, tasksReady } = this.stats;
    return { status: "ok", bytesInMemory: bytesInUse, queued: tasksReady };
  }

  snapshot(): Snapshot {
    this.#drain();
    const { nWorkers, threadsPerWorker, memoryLimitBytes } = this.plan;
    const stats = this.stats;
    const nowMs = this.#spans.length === 0 ? 0 : this.#spans[this.#spans.length - 1]!.endMs;
    // Blocks belong to the engine; a worker shows the share of what its threads wrote lately.
    const written = Array.from({ length: nWorkers }, () => 0);
    const busyMs = Array.from({ length: nWorkers }, () => 0);
    for (const span of this.#spans) {
      const worker = Math.min(nWorkers - 1, Math.floor(span.thread / threadsPerWorker));
      written[worker]! += span.bytes;
      if (span.endMs > nowMs - 1000) busyMs[worker]! += span.endMs - Math.max(span.startMs, nowMs - 1000);
    }
    const all = written.reduce((a, b) => a + b, 0);
    const idle = runsOf(this.engine).running.size === 0;
    return {
      nowMs,
      workers: written.map((bytes, i) => ({
        threads: threadsPerWorker,
        bytes: Math.round(all === 0 ? stats.bytesInUse / nWorkers : (stats.bytesInUse * bytes) / all),
        limitBytes: Math.floor(memoryLimitBytes / nWorkers),
        busy: idle ? 0 : Math.min(1, busyMs[i]! / 1000 / threadsPerWorker),
      })),
      memory: { bytes: stats.bytesInUse, peakBytes: stats.bytesPeak, pooledBytes: stats.bytesPooled, limitBytes: memoryLimitBytes, spilledBytes: 0 },
      computes: [...this.#ended, ...[...runsOf(this.engine).running].map(viewOf)],
      ended: runsOf(this.engine).ended,
      spans: this.#spans,
      eventLoopDelayMs: this.#delay.percentile(99) / 1e6,
    };
  }

  /** Prometheus' text format. */
  metrics(): string {
    const stats = this.stats;
    const { running, ended } = runsOf(this.engine);
    const gauge = (name: string, help: string, value: number): string => `# HELP ndloom_${name} ${help}\n# TYPE ndloom_${name} gauge\nndloom_${name} ${value}\n`;
    const counter = (name: string, help: string, rows: readonly (readonly [string, number])[]): string =>
      `# HELP ndloom_${name} ${help}\n# TYPE ndloom_${name} counter\n${rows.map(([labels, value]) => `ndloom_${name}${labels} ${value}\n`).join("")}`;
    return [
      gauge("memory_bytes", "Bytes of blocks that are held.", stats.bytesInUse),
      gauge("memory_peak_bytes", "The most that was held at once.", stats.bytesPeak),
      gauge("memory_pooled_bytes", "Bytes of idle blocks kept for reuse.", stats.bytesPooled),
      gauge("memory_limit_bytes", "Bytes of blocks that may be held.", this.plan.memoryLimitBytes),
      gauge("threads", "Threads that compute.", stats.threads),
      gauge("computes_running", "Computes in flight.", running.size),
      gauge("tasks_ready", "Tasks that could run and wait for a thread or for memory.", stats.tasksReady),
      gauge("tasks_running", "Tasks that run.", stats.tasksRunning),
      gauge("event_loop_delay_seconds", "99th percentile of the event loop's delay.", this.#delay.percentile(99) / 1e9),
      counter("computes_total", "Computes that have ended.", Object.entries(ended).map(([state, n]) => [`{state="${state}"}`, n])),
      counter("tasks_total", "Tasks that have run.", [["", stats.tasksRun]]),
      counter("busy_seconds_total", "Time that threads spent on tasks.", [["", stats.busyNs / 1e9]]),
    ].join("");
  }

  close(): void {
    this.#delay.disable();
    runsOf(this.engine).listener = undefined;
  }

  #drain(): void {
    const trace = this.engine.native.takeTrace();
    for (let at = 0; at + 5 < trace.length; at += 6) {
      const [thread, run, layer, start, end, bytes] = trace.subarray(at, at + 6) as unknown as [number, number, number, number, number, number];
      this.#originNs ??= start;
      this.#spans.push({ thread, run, layer, startMs: (start - this.#originNs) / 1e6, endMs: (end - this.#originNs) / 1e6, bytes });
    }
    this.#spans.sort((a, b) => a.endMs - b.endMs);
    const oldest = (this.#spans[this.#spans.length - 1]?.endMs ?? 0) - STREAM_MS;
    this.#spans = this.#spans.filter((s) => s.endMs >= oldest).slice(-MOST_SPANS);
  }
}

const viewOf = (run: RunState): ComputeView => ({
  id: run.id,
  label: run.label,
  state: run.state,
  startedMs: run.startedMs,
  layers: run.layers.map((layer, i) => ({ name: layer.name, done: run.done[i]!, total: layer.weight })),
});
