// The start of a worker_thread that runs TypeScript: `workerData.script` is the module.
import { workerData } from "node:worker_threads";
import { register } from "tsx/esm/api";

register();
await import(workerData.script);
