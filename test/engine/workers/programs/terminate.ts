// Workers are terminated, and one is left running, while they compute.
import { Worker } from "node:worker_threads";

const start = (): Promise<Worker> => new Promise((resolve, reject) => {
  const worker = new Worker(new URL("typescript-worker.mjs", import.meta.url), { workerData: { script: new URL("endless-worker.ts", import.meta.url).href } });
  worker.once("message", () => setTimeout(() => resolve(worker), 40)).once("error", reject);
});
for (let i = 0; i < 2; i++) await (await start()).terminate();
await start();
process.stdout.write("terminated");
process.exit(0);
