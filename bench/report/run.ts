// npm run bench:report: measures what is not measured yet, and writes docs/report. It may be stopped and goes on where it was.
//   -- [--workloads W1,W4] [--sets compute,tasks,chunks,memory] [--peers dask,numba]     measure only these; all that is known is shown
//      [--again dask,numba]    measure these peers again      [--fresh]    forget everything first      [--render]    measure nothing
//      [--repeats 15] [--budget 3] [--timeout 300] [--threads 2]
// A workload of which anything is measured has ndloom measured before and after it: only times of one hour are compared.
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { measureLimits } from "../kernels/kernels.js";
import { duration, minimum } from "../measure.js";
import { choose, choosePeers, configurations, measure, type Result, WORKLOADS } from "../peers/measure.js";
import { type Config, type Peer, PEERS } from "../peers/protocol.js";
import { dropNpyInput } from "../peers/npy-input.js";
import { peerPython } from "../peers/python.js";
import { currentCommit, keepBetter, openRecord, save } from "./record.js";
import { writeReport } from "./write.js";

const { values: options } = parseArgs({
  options: {
    workloads: { type: "string" },
    sets: { type: "string" },
    peers: { type: "string" },
    again: { type: "string" },
    fresh: { type: "boolean", default: false },
    render: { type: "boolean", default: false },
    repeats: { type: "string", default: "15" },
    budget: { type: "string", default: "3" },
    timeout: { type: "string", default: "300" },
    threads: { type: "string", default: String(availableParallelism()) },
  },
});
const sets = choose(options.sets, ["compute", "tasks", "chunks", "memory"] as const, "set");
const workloads = choose(options.workloads, Object.keys(WORKLOADS), "workload").filter((name) => sets.includes(WORKLOADS[name]!.set));
const peers = choosePeers(options.peers);
const again = options.again === undefined ? [] : choosePeers(options.again);
const record = openRecord(Number(options.threads), options.fresh);
// what workloads.json asks for no more does not count
record.results = record.results.filter(({ workload, peer, config }) =>
  WORKLOADS[workload] && configurations(WORKLOADS[workload], peer).some((one) => JSON.stringify(one) === JSON.stringify(config)));

if (!options.render) await measureAll();
if (record.results.length === 0) throw new Error("nothing has been measured yet: leave out --render");
writeReport(record);

async function measureAll(): Promise<void> {
  record.commit = currentCommit();
  const measuring = {
    repeats: Number(options.repeats), budgetSeconds: Number(options.budget), threads: Number(options.threads), timeoutSeconds: Number(options.timeout),
    python: peers.some((peer) => peer !== "ndloom") ? peerPython() : "",
  };
  const keepLimits = (): void => {
    record.limits = keepBetter(again.length > 0 ? [] : record.limits, measureLimits());
    save(record);
  };
  const run = async (name: string, peer: Peer, config: Config): Promise<Result> => {
    const result = await measure(name, peer, config, measuring);
    const { answer } = result;
    console.log(`${name.padEnd(14)} ${peer.padEnd(8)} ${JSON.stringify(config)} ${answer ? duration(minimum(answer.seconds)) : result.trouble}`);
    return result;
  };
  keepLimits();
  for (const name of workloads) {
    const missing = PEERS.filter((peer) => peers.includes(peer)).flatMap((peer) =>
      configurations(WORKLOADS[name]!, peer).filter((config) => again.includes(peer) || !find(name, peer, config)).map((config) => ({ peer, config })));
    if (missing.length === 0) continue;
    const own = configurations(WORKLOADS[name]!, "ndloom")[0];
    const before = own && (await run(name, "ndloom", own));
    for (const { peer, config } of missing) if (peer !== "ndloom") put(await run(name, peer, config));
    if (own) put(together(before!, await run(name, "ndloom", own)));
  }
  for (const name of workloads) if (WORKLOADS[name]!.file) await dropNpyInput(WORKLOADS[name]!);
  keepLimits();
}

function find(name: string, peer: Peer, config: Config): number {
  return record.results.findIndex((one) => one.workload === name && one.peer === peer && JSON.stringify(one.config) === JSON.stringify(config)) + 1;
}

function put(result: Result): void {
  const at = find(result.workload, result.peer, result.config);
  record.results.splice(at ? at - 1 : record.results.length, at ? 1 : 0, result);
  save(record);
}

/** Two measurements of the same as one. */
function together(a: Result, b: Result): Result {
  if (!a.answer || !b.answer) return b.answer ? b : a;
  const [first, second] = [a.answer.byChunkBytes, b.answer.byChunkBytes];
  return {
    ...b,
    answer: {
      ...b.answer,
      seconds: [...a.answer.seconds, ...b.answer.seconds],
      cpuSeconds: [...a.answer.cpuSeconds, ...b.answer.cpuSeconds],
      ...(b.answer.readSeconds && { readSeconds: [...(a.answer.readSeconds ?? []), ...b.answer.readSeconds] }),
      peakBytes: Math.max(a.answer.peakBytes, b.answer.peakBytes),
      ...(first && second && { byChunkBytes: Object.fromEntries(Object.entries(second).map(([k, s]) => [k, Math.min(s, first[k] ?? s)])) }),
    },
  };
}
