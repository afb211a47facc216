// npm run bench:peers: ndloom beside Dask, NumPy, numexpr and Numba, on the same inputs, in one run.
//   -- [--workloads W1,W4] [--peers ndloom,dask] [--repeats 5] [--budget 20] [--threads 2] [--timeout 300] [--json FILE]
// Every configuration runs in a process of its own. Of a peer's configurations the one with the least minimum counts.
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, freemem, loadavg } from "node:os";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { duration, median, minimum, table } from "../measure.js";
import type { Answer, Config, Request, Workload } from "./protocol.js";
import { peerPython } from "./python.js";

const PEERS = ["ndloom", "dask", "numpy", "numexpr", "numba"] as const;
type Peer = (typeof PEERS)[number];

interface Result {
  readonly workload: string;
  readonly peer: Peer;
  readonly config: Config;
  readonly answer: Answer | null;
  readonly trouble: string;
}

const { values: options } = parseArgs({
  options: {
    workloads: { type: "string" },
    peers: { type: "string", default: PEERS.join(",") },
    repeats: { type: "string", default: "5" },
    budget: { type: "string", default: "20" },
    threads: { type: "string", default: String(availableParallelism()) },
    timeout: { type: "string", default: "300" },
    json: { type: "string" },
  },
});
const all = JSON.parse(readFileSync(new URL("workloads.json", import.meta.url), "utf8")) as Record<string, Workload>;
const chosen = choose(options.workloads?.split(",") ?? Object.keys(all), Object.keys(all), "workload");
const peers = choose(options.peers.split(","), PEERS, "peer") as Peer[];
const python = peers.some((peer) => peer !== "ndloom") ? peerPython() : "";

console.log(`${cpus()[0]!.model}, ${options.threads} threads, Node ${process.versions.node}; load before: ${loadavg()[0]!.toFixed(2)}`);
const results: Result[] = [];
for (const workload of chosen) {
  for (const peer of peers) {
    for (const config of configurations(all[workload]!, peer)) {
      const result = await measure(workload, peer, config);
      results.push(result);
      const { answer } = result;
      const what = answer ? `${duration(minimum(answer.seconds))} min, ${duration(median(answer.seconds))} median, ${answer.seconds.length} runs` : result.trouble;
      console.log(`  ${workload.padEnd(8)} ${peer.padEnd(8)} ${JSON.stringify(config)} ${what}`);
    }
  }
}
console.log(`\n${report()}\n\nload after: ${loadavg()[0]!.toFixed(2)}`);
if (options.json) writeFileSync(options.json, JSON.stringify(results, null, 1));
process.exitCode = results.some((result) => result.peer === "ndloom" && result.answer === null) ? 1 : 0;

function choose(wanted: readonly string[], known: readonly string[], what: string): string[] {
  const unknown = wanted.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`no ${what} ${unknown}; there are ${known.join(", ")}`);
  return [...wanted];
}

function configurations(workload: Workload, peer: Peer): readonly Config[] {
  return peer === "ndloom" ? [{}] : (workload[peer] ?? []);
}

async function measure(name: string, peer: Peer, config: Config): Promise<Result> {
  const workload = all[name]!;
  const needed = peer === "numpy" ? (workload.numpyBytes ?? 0) : 0;
  const failed = (trouble: string): Result => ({ workload: name, peer, config, answer: null, trouble });
  if (needed > freemem()) return failed(`not run: needs ${(needed / 1e9).toFixed(1)} GB of memory`);
  const request: Request = {
    workload: name,
    config,
    repeats: workload.repeats ?? Number(options.repeats),
    budgetSeconds: Number(options.budget),
    threads: Number(options.threads),
  };
  const [command, ...args] = peer === "ndloom" ? ourCommand() : [python, fileURLToPath(new URL(`${peer}_peer.py`, import.meta.url))];
  // glibc gives freed blocks back to the system at once unless told not to; Dask then pays for every temporary again
  const kept = { MALLOC_ARENA_MAX: "1", MALLOC_MMAP_THRESHOLD_: "33554432", MALLOC_TRIM_THRESHOLD_: "17179869184", MALLOC_TOP_PAD_: "67108864" };
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: "1", ...(config.keepMemory ? kept : {}) };
  const { output, status } = await finished(command!, [...args, JSON.stringify(request)], env);
  try {
    if (status === 0) return { workload: name, peer, config, answer: JSON.parse(output.trimEnd().split("\n").at(-1)!) as Answer, trouble: "" };
  } catch {
    // said below, with what it printed
  }
  return failed(`ended with ${status}: ${output.trim().split("\n").slice(-3).join(" / ").slice(-300)}`);
}

function ourCommand(): string[] {
  const tsx = createRequire(import.meta.url).resolve("tsx/cli");
  const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
  return [process.execPath, tsx, "--tsconfig", file("../../tsconfig.build.json"), file("ndloom-peer.ts")];
}

function finished(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<{ output: string; status: number | string }> {
  return new Promise((done, fail) => {
    const child = spawn(command, args, { env, stdio: ["ignore", "pipe", "pipe"], timeout: Number(options.timeout) * 1000 });
    let [out, err] = ["", ""];
    child.stdout.on("data", (data) => (out += data));
    child.stderr.on("data", (data) => (err += data));
    child.on("error", fail);
    child.on("close", (code, signal) => done({ output: code === 0 ? out : err || out, status: code ?? (signal === "SIGTERM" ? "a timeout" : signal!) }));
  });
}

/** One row a workload: each peer's best minimum, and how many times longer than ndloom it took. */
function report(): string {
  const others = peers.filter((peer) => peer !== "ndloom");
  const rows = chosen.map((workload) => {
    const own = best(workload, "ndloom", null);
    const cells = others.map((peer) => {
      const answer = best(workload, peer, own);
      if (!answer) return "";
      const seconds = minimum(answer.seconds);
      if (!own) return duration(seconds);
      return `${duration(seconds)} (${ratio(seconds / minimum(own.seconds))}×)${agrees(workload, answer, own) ? "" : " DIFFERS"}`;
    });
    return [workload, all[workload]!.title, own ? duration(minimum(own.seconds)) : "", own ? duration(median(own.seconds)) : "", ...cells];
  });
  return table([["", "workload", "ndloom min", "median", ...others], ...rows]);
}

function ratio(times: number): string {
  return times < 10 ? times.toFixed(1) : times.toFixed(0);
}

/** The quickest answer of a peer among its configurations; one with ndloom's result goes before one without. */
function best(workload: string, peer: Peer, own: Answer | null): Answer | null {
  const answers = results.flatMap((result) => (result.workload === workload && result.peer === peer && result.answer ? [result.answer] : []));
  const right = answers.filter((answer) => own === null || agrees(workload, answer, own));
  const candidates = right.length > 0 ? right : answers;
  return candidates.reduce<Answer | null>((a, b) => (a && minimum(a.seconds) <= minimum(b.seconds) ? a : b), null);
}

function agrees(workload: string, a: Answer, b: Answer): boolean {
  return Math.abs(a.checksum - b.checksum) <= all[workload]!.tolerance * Math.max(Math.abs(a.checksum), Math.abs(b.checksum));
}
