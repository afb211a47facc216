import { formatBytes } from "../config/index.js";
import { escapeHtml } from "../display/html.js";

/** What is told of a client, in the order of Dask's panel. */
export interface SchedulerInfo {
  readonly id: string;
  /** Where the threads are: in this process. */
  readonly type: "threads";
  readonly status: "running" | "closing" | "closed";
  readonly dashboardLink: string | null;
  readonly started: Date;
  readonly totalThreads: number;
  /** Bytes. */
  readonly totalMemory: number;
  readonly workers: readonly WorkerInfo[];
}

/** A worker: a group of the client's threads, and its share of the memory. */
export interface WorkerInfo {
  readonly name: number;
  readonly threads: number;
  /** Bytes. */
  readonly memoryLimit: number;
}

type Row = readonly [name: string, value: string];

const rowsOf = (info: SchedulerInfo): Row[] => [
  ["Connection method", "In this process"],
  ["Cluster type", "Threads"],
  ["Dashboard", info.dashboardLink ?? "none"],
  ["Workers", String(info.workers.length)],
  ["Total threads", String(info.totalThreads)],
  ["Total memory", formatBytes(info.totalMemory)],
  ["Started", info.started.toISOString()],
  ["Status", info.status],
  ["Using processes", "False"],
];
const workerText = ({ threads, memoryLimit }: WorkerInfo): string => `${threads} thread${threads === 1 ? "" : "s"}, ${formatBytes(memoryLimit)}`;

/** The panel as text, for terminals. */
export function panelText(info: SchedulerInfo): string {
  const rows: Row[] = [...rowsOf(info), ...info.workers.map((w): Row => [`Worker ${w.name}`, workerText(w)])];
  const width = Math.max(...rows.map(([name]) => name.length));
  return [`Client ${info.id}`, ...rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`)].join("\n");
}

const STYLE = `.ndloom-client{font:inherit;color:inherit}
.ndloom-client h3,.ndloom-client summary{font-size:1.1em;font-weight:600;margin:.2em 0}
.ndloom-client table{border-collapse:collapse;font-variant-numeric:tabular-nums}
.ndloom-client th,.ndloom-client td{padding:.25em .8em;text-align:left;border-bottom:1px solid color-mix(in srgb,currentColor 20%,transparent)}
.ndloom-client th{font-weight:600}`;

/** The panel as HTML, in the page's own colours. */
export function panelHtml(info: SchedulerInfo): string {
  const row = (name: string, html: string): string => `<tr><th scope="row">${escapeHtml(name)}</th><td>${html}</td></tr>`;
  const value = ([name, text]: Row): string => {
    const shown = escapeHtml(text);
    return row(name, text === info.dashboardLink ? `<a href="${shown}">${shown}</a>` : shown);
  };
  return `<div class="ndloom-client"><style>${STYLE}</style><h3>Client</h3><p>${escapeHtml(info.id)}</p>
<table><tbody>
${rowsOf(info).map(value).join("\n")}
</tbody></table>
<details><summary>Workers</summary><table><tbody>
${info.workers.map((w) => row(`Worker ${w.name}`, escapeHtml(workerText(w)))).join("\n")}
</tbody></table></details></div>`;
}
