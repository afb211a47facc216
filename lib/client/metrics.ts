import type { Monitor } from "./monitor.js";

/** A client's figures in Prometheus' text format. */
export function metricsText(monitor: Monitor): string {
  const stats = monitor.stats;
  return [
    gauge("memory_bytes", "Bytes of blocks that are held.", stats.bytesInUse),
    gauge("memory_peak_bytes", "The most that was held at once.", stats.bytesPeak),
    gauge("memory_pooled_bytes", "Bytes of idle blocks kept for reuse.", stats.bytesPooled),
    gauge("memory_exported_bytes", "Bytes of results that JavaScript has not collected.", stats.bytesExported),
    gauge("memory_limit_bytes", "Bytes of blocks that may be held.", monitor.plan.memoryLimitBytes),
    gauge("spilled_bytes", "Bytes in spill files.", stats.bytesSpilled),
    gauge("threads", "Threads that compute.", stats.threads),
    gauge("computes_running", "Computes in flight.", monitor.running),
    gauge("computes_queued", "Computes of those that wait for memory.", monitor.queued),
    gauge("memory_granted_bytes", "Bytes that the computes that run may hold.", monitor.engine.admission.grantedBytes),
    gauge("tasks_ready", "Tasks that could run and wait for a thread or for memory.", stats.tasksReady),
    gauge("tasks_running", "Tasks that run.", stats.tasksRunning),
    gauge("event_loop_delay_seconds", "99th percentile of the event loop's delay, lately.", monitor.eventLoopDelayMs / 1000),
    family("computes_total", "counter", "Computes that have ended.", Object.entries(monitor.ended).map(([state, n]) => [`{state="${state}"}`, n])),
    family("tasks_total", "counter", "Tasks that have run.", [["", stats.tasksRun]]),
    family("spilled_bytes_total", "counter", "Bytes that were written to spill files.", [["", stats.bytesSpilledTotal]]),
    family("file_bytes_total", "counter", "Bytes that tasks read from files and wrote to them.", [['{direction="read"}', stats.bytesRead], ['{direction="written"}', stats.bytesWritten]]),
    family("busy_seconds_total", "counter", "Time that a worker's threads spent on tasks.", busySeconds(monitor).map((seconds, worker) => [`{worker="${worker}"}`, seconds])),
  ].join("");
}

/** By worker, which is a group of threads. */
function busySeconds({ plan, stats }: Monitor): number[] {
  const seconds = Array.from({ length: plan.nWorkers }, () => 0);
  stats.workerBusyNs.forEach((ns, thread) => (seconds[Math.floor(thread / plan.threadsPerWorker)]! += ns / 1e9));
  return seconds;
}

const gauge = (name: string, help: string, value: number): string => family(name, "gauge", help, [["", value]]);

const family = (name: string, type: "gauge" | "counter", help: string, rows: readonly (readonly [labels: string, value: number])[]): string =>
  `# HELP ndloom_${name} ${help}\n# TYPE ndloom_${name} ${type}\n${rows.map(([labels, value]) => `ndloom_${name}${labels} ${value}\n`).join("")}`;
