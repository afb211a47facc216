// Several worker_threads and the main thread compute at once.
import { Worker } from "node:worker_threads";
import * as nd from "../../../../lib/index.js";

const COUNT = 400_000;
const jobs = Array.from({ length: 4 }, () => new Promise<number[]>((resolve, reject) => {
  const worker = new Worker(new URL("typescript-worker.mjs", import.meta.url), { workerData: { script: new URL("worker.ts", import.meta.url).href, n: COUNT } });
  let posted: number[] = [];
  worker.on("message", (sums: number[]) => (posted = sums)).on("error", reject).on("exit", (code) => (code === 0 ? resolve(posted) : reject(new Error(`exit code ${code}`))));
}));
const own = Number(await nd.sqrt(nd.arange(COUNT, { dtype: "float64", chunks: 10_000 }).mul(2)).sum().compute());
const all = [...(await Promise.all(jobs)).flat(), own];
process.stdout.write(`${all.length} ${new Set(all).size}`);
