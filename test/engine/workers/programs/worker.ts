// In a worker_thread: computes and posts the sum.
import { parentPort, workerData } from "node:worker_threads";
import * as nd from "../../../../lib/index.js";

const { n } = workerData as { n: number };
const sums: number[] = [];
for (let i = 0; i < 5; i++) sums.push(Number(await nd.sqrt(nd.arange(n, { dtype: "float64", chunks: 10_000 }).mul(2)).sum().compute()));
parentPort!.postMessage(sums);
