// npm run bench:peers: ndloom beside Dask, NumPy, numexpr, Numba, Polars and JAX, on the same inputs, in one run.
//   -- [--workloads W1,W4] [--peers ndloom,dask] [--repeats 5] [--budget 20] [--threads 2] [--timeout 300] [--json FILE]
// Every configuration runs in a process of its own. Of a peer's configurations the one with the least minimum counts.
import { writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { duration, median, minimum, table } from "../measure.js";
import { agrees, best, choose, choosePeers, configurations, measure, type Result, WORKLOADS } from "./measure.js";
import { dropNpyInput } from "./npy-input.js";
import { peerPython } from "./python.js";

const { values: options } = parseArgs({
  options: {
    workloads: { type: "string" },
    peers: { type: "string" },
    repeats: { type: "string", default: "5" },
    budget: { type: "string", default: "20" },
    threads: { type: "string", default: String(availableParallelism()) },
    timeout: { type: "string", default: "300" },
    json: { type: "string" },
  },
});
const chosen = choose(options.workloads, Object.keys(WORKLOADS), "workload");
const peers = choosePeers(options.peers);
const python = peers.some((peer) => peer !== "ndloom") ? peerPython() : "";
const measuring = {
  repeats: Number(options.repeats), budgetSeconds: Number(options.budget), threads: Number(options.threads), timeoutSeconds: Number(options.timeout), python,
};

console.log(`${cpus()[0]!.model}, ${options.threads} threads, Node ${process.versions.node}; load before: ${loadavg()[0]!.toFixed(2)}`);
const results: Result[] = [];
for (const workload of chosen) {
  for (const peer of peers) {
    for (const config of configurations(WORKLOADS[workload]!, peer)) {
      const result = await measure(workload, peer, config, measuring);
      results.push(result);
      const { answer } = result;
      const what = answer ? `${duration(minimum(answer.seconds))} min, ${duration(median(answer.seconds))} median, ${answer.seconds.length} runs` : result.trouble;
      console.log(`  ${workload.padEnd(8)} ${peer.padEnd(8)} ${JSON.stringify(config)} ${what}`);
    }
  }
}
for (const name of chosen) if (WORKLOADS[name]!.file) await dropNpyInput(WORKLOADS[name]!);
console.log(`\n${report()}\n\nload after: ${loadavg()[0]!.toFixed(2)}`);
if (options.json) writeFileSync(options.json, JSON.stringify(results, null, 1));
process.exitCode = results.some((result) => result.peer === "ndloom" && result.answer === null) ? 1 : 0;

/** One row a workload: each peer's best minimum, and how many times longer than ndloom it took. */
function report(): string {
  const others = peers.filter((peer) => peer !== "ndloom");
  const rows = chosen.map((workload) => {
    const own = best(results, workload, "ndloom", null);
    const cells = others.map((peer) => {
      const answer = best(results, workload, peer, own);
      if (!answer) return "";
      const seconds = minimum(answer.seconds);
      if (!own) return duration(seconds);
      return `${duration(seconds)} (${ratio(seconds / minimum(own.seconds))}×)${agrees(workload, answer, own) ? "" : " DIFFERS"}`;
    });
    return [workload, WORKLOADS[workload]!.title, own ? duration(minimum(own.seconds)) : "", own ? duration(median(own.seconds)) : "", ...cells];
  });
  return table([["", "workload", "ndloom min", "median", ...others], ...rows]);
}

function ratio(times: number): string {
  return times < 10 ? times.toFixed(1) : times.toFixed(0);
}
