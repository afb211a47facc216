// npm run bench [-- PART...] [--kernels FILTER] [--gib SIZE] [--folder FOLDER]
// Parts: limits, kernels, graph, optimizer, engine, latency; these when none is named. And files and out-of-core, which write
// a file of SIZE into FOLDER.
import { cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";

const PARTS: Record<string, () => unknown> = {
  limits: async () => (await import("./kernels/kernels.js")).limits(),
  kernels: async () => (await import("./kernels/kernels.js")).kernels(values.kernels),
  graph: async () => (await import("./graph/graph.js")).graph(),
  optimizer: async () => (await import("./optimize/optimize.js")).optimizer(),
  engine: async () => (await import("./engine/engine.js")).engine(),
  latency: async () => (await import("./latency/latency.js")).latency(),
  files: async () => (await import("./files/files.js")).files(Number(values.gib), values.folder),
  "out-of-core": async () => (await import("./engine/out-of-core.js")).outOfCore(Number(values.gib), values.folder),
};
const { values, positionals } = parseArgs({ allowPositionals: true, options: { kernels: { type: "string", default: "float64" }, gib: { type: "string", default: "8" }, folder: { type: "string" } } });
const unknown = positionals.find((part) => !(part in PARTS));
if (unknown !== undefined) throw new Error(`no part ${unknown}; there are ${Object.keys(PARTS).join(", ")}`);

console.log(`${cpus()[0]!.model}, ${cpus().length} CPUs, Node ${process.versions.node}; load before: ${loadavg()[0]!.toFixed(2)}`);
for (const part of positionals.length > 0 ? positionals : Object.keys(PARTS).filter((part) => !["files", "out-of-core"].includes(part))) {
  console.log(`\n## ${part}`);
  await PARTS[part]!();
}
console.log(`\nload after: ${loadavg()[0]!.toFixed(2)}`);
