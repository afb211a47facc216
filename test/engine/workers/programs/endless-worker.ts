// In a worker_thread: computes without end.
import { parentPort } from "node:worker_threads";
import * as nd from "../../../../lib/index.js";

parentPort!.postMessage("ready");
for (;;) await nd.random.defaultRng(1).normal(0, 1, { size: [4000, 1000], chunks: [500, 1000] }).sum().compute();
