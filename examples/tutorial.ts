// Dask's tutorial of its arrays (https://tutorial.dask.org/02_array.html), cell by cell. Run it by `npm start`. What the notebook shows is
// checked: the script ends with code 1 where a shape, a chunk or a number differs. An argument says where its files go.
import { fork } from "node:child_process";
import { once } from "node:events";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import * as nd from "ndloom";
import { type AnyArray, Client, formatBytes } from "ndloom";
import type { EagerResult } from "./tutorial/eager.js";
import { Notebook, type Shown } from "./tutorial/notebook.js";

const started = performance.now();
const output = process.argv[2] ?? fileURLToPath(new URL("../tutorial-output", import.meta.url));
const book = new Notebook(fileURLToPath(import.meta.url), "Dask Array's tutorial, in ndloom", output);
const graphOf = (x: AnyArray): string => /Dask graph\s+(.*)/.exec(x.toTable())![1]!;
const milliseconds = (ms: number): string => (ms < 1000 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(2)} s`);

book.section("Start the client");

// In [1]
const client = await Client.create({ nWorkers: 4 });
book.out(1, client);
book.check("workers", client.nWorkers, 4);
book.check("the dashboard answers", (await fetch(client.dashboardLink!)).status, 200);

book.section("Blocked algorithms in a nutshell");

// In [2]
// import * as nd from "ndloom"; (at the top)
book.out(2);

// In [3]
const a = new Float64Array(10).fill(1);
book.out(3, a);

// In [4]
const sum = (block: Float64Array): number => block.reduce((total, x) => total + x, 0);
const aSum = sum(a.subarray(0, 5)) + sum(a.subarray(5));
book.out(4, aSum);
book.check("sum", aSum, 10);

// In [5]
const aDa = nd.ones(10, { chunks: 5 });
book.out(5, aDa);
book.check("chunks", aDa.chunks, [[5, 5]]);
book.check("bytes", [aDa.nbytes, aDa.chunksize[0]! * aDa.itemsize], [80, 40]);
book.check("graph", graphOf(aDa), "2 chunks in 1 graph layer");

// In [6]
const aDaSum = aDa.sum();
book.out(6, aDaSum);
book.check("shape", aDaSum.shape, []);
book.check("graph", graphOf(aDaSum), "1 chunks in 3 graph layers");

book.section("Task graphs");

// In [7]
await aDaSum.visualize({ engine: "cytoscape", filename: `${output}/sum-graph.html` });
book.out(7, await picture(aDaSum, "sum-graph"));

// In [8]
const ten: number = await aDaSum.compute();
book.out(8, ten);
book.check("sum", ten, 10);

book.section("Performance comparison: normal numbers, 20,000 × 20,000, and their mean along an axis");

// In [9]
// A fifth of the rows, in plain JavaScript: fill a Float64Array, then loop over it.
const eager = await eagerly(4_000, 20_000);
book.out(9, `4,000 × 20,000 on one thread: ${eager.seconds.toFixed(2)} s, ${formatBytes(eager.peakBytes)} of memory at most
20,000 × 20,000 would be 5 times that: ${(5 * eager.seconds).toFixed(1)} s, and more than 2.98 GiB`);

// In [10]
let xd = nd.random.normal(10, 0.1, { size: [20_000, 20_000], chunks: [2000, 2000] });
book.out(10, xd);
book.check("chunks", [xd.numblocks, xd.chunksize], [[10, 10], [2000, 2000]]);
book.check("bytes", formatBytes(xd.nbytes), "2.98 GiB");
book.check("graph", graphOf(xd), "100 chunks in 1 graph layer");

// In [11]
const gigabytes = xd.nbytes / 1e9; // of input, made while it is read
book.out(11, gigabytes);
book.check("gigabytes", gigabytes, 3.2);

// In [12]
let yd = xd.mean({ axis: 0 });
book.out(12, yd);
book.check("shape", yd.shape, [20_000]);
book.check("chunks", yd.chunks, [Array.from({ length: 10 }, () => 2000)]);
book.check("bytes", formatBytes(yd.nbytes), "156.25 kiB");
book.check("graph", graphOf(yd), "10 chunks in 4 graph layers");

// In [13]
xd = nd.random.normal(10, 0.1, { size: [20_000, 20_000], chunks: [2000, 2000] });
yd = xd.mean({ axis: 0 });
const [y, took] = await timed(() => yd.compute());
book.out(13, took.text, y);
book.check("shape", y.shape, [20_000]);
// Standard error 0.1 / √20,000 = 0.0007; none of 20,000 means is 7 of those away.
book.check("every mean is near 10", y.data.every((mean) => Math.abs(mean - 10) < 0.005), true);
const scaled = 5 * eager.seconds * 1000;
book.note(`${(scaled / took.ms).toFixed(1)} times as fast as the plain loop would be, and the array was never in memory.`);

// In [14]
await yd.visualize({ engine: "cytoscape", filename: `${output}/mean-graph.html` });
book.out(14, await picture(yd, "mean-graph"));

book.section("Choosing good chunk sizes");

// In [15]
let darr: AnyArray = nd.random.random([1000, 1000, 1000]); // chunks: "auto"
book.out(15, darr);
book.check("bytes", formatBytes(darr.nbytes), "7.45 GiB");
book.check("graph", graphOf(darr), "64 chunks in 1 graph layer");

// In [16]
const chunksize = darr.chunksize;
book.out(16, chunksize);
book.check("chunksize", chunksize, [255, 255, 255]);

// In [17]
const chunks = darr.chunks;
book.out(17, chunks);
book.check("chunks", chunks, Array.from({ length: 3 }, () => [255, 255, 255, 235]));

// In [18]
darr = darr.rechunk({ 0: -1, 1: 100, 2: "auto" }); // -1: one chunk along that axis
book.out(18);

// In [19]
book.out(19, darr);
book.check("graph", graphOf(darr), "60 chunks in 2 graph layers");

// In [20]
book.out(20, darr.chunksize);
book.check("chunksize", darr.chunksize, [1000, 100, 167]);

// In [21]
book.out(21, darr.chunks);
book.check("chunks", darr.chunks, [[1000], Array.from({ length: 10 }, () => 100), [167, 167, 167, 167, 167, 165]]);

book.section("Chunks should not be too small, nor too large: measured");

// In [21a]
const advice: string[] = [];
const tasks: number[] = [];
const stages = new Set<string>();
for (const size of [[20, 20], [2000, 2000], [20_000, 20_000]]) {
  const mean = nd.random.normal(10, 0.1, { size: [20_000, 20_000], chunks: size, seed: 42 }).mean({ axis: 0 });
  const [result, { ms }] = await timed(() => mean.compute());
  const plan = mean.explain();
  advice.push(`chunks of ${size.join(" × ")}: ${plan.tasks} tasks in the graph, ${plan.planTasks} run, ${milliseconds(ms)}, ${formatBytes(plan.peakBytes)} at once, first mean ${result.item(0)}`);
  tasks.push(plan.tasks);
  stages.add(`${JSON.stringify(plan.stages)} ${result.data.join()}`);
}
book.out("21a", advice.join("\n"));
book.check("the chunks change neither what runs nor a bit of the result", stages.size, 1);
book.note(
  `A scheduler that takes a millisecond for each task, as Dask's does, would be busy for ${Math.round(tasks[0]! / 60_000)} minutes with the smallest chunks, and ` +
  "the largest one has to fit in a worker. Here chunks are what you see and how blocks are handed out; " +
  "what runs are cells, cut by shape and cost and computed in pieces that stay in cache. explain() tells them:",
);

// In [21b]
const explained = yd.explain().toString();
book.out("21b", explained);

book.section("Close the client");

// In [22]
await client.shutdown();
book.out(22, client.status);
book.check("status", client.status, "closed");

const page = book.save("tutorial.html");
console.log(`\nAll facts of the notebook hold. ${((performance.now() - started) / 1000).toFixed(1)} s. As a page: ${relative(process.cwd(), page)}`);

/** Shows where the page of an array's graph is, and the graph as a picture, drawn to a file beside it. */
async function picture(x: AnyArray, name: string): Promise<Shown> {
  await x.visualize({ filename: `${output}/${name}.svg` });
  return {
    text: ["html", "svg"].map((ending) => relative(process.cwd(), `${output}/${name}.${ending}`)).join("\n"),
    html: `<figure><img src="${name}.svg" alt="A task graph"><figcaption><a href="${name}.html">To pan and zoom</a></figcaption></figure>`,
  };
}

/** Runs something and tells what it took. */
async function timed<T>(work: () => Promise<T>): Promise<[T, { ms: number; text: string }]> {
  let peak = 0;
  const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 10);
  const cpu = process.cpuUsage();
  const start = performance.now();
  const result = await work();
  const ms = performance.now() - start;
  clearInterval(watch);
  const { user, system } = process.cpuUsage(cpu);
  return [result, {
    ms,
    text: `CPU time ${milliseconds((user + system) / 1000)}, wall time ${milliseconds(ms)}; ${(xd.nbytes / 1e6 / ms).toFixed(2)} GB/s; process at most ${formatBytes(peak)}`,
  }];
}

/** The same in plain JavaScript, in a process of its own. */
async function eagerly(rows: number, columns: number): Promise<EagerResult> {
  const child = fork(fileURLToPath(new URL("./tutorial/eager.ts", import.meta.url)), [String(rows), String(columns)]);
  const [result] = (await Promise.race([once(child, "message"), once(child, "exit").then(([code]) => { throw new Error(`the plain loop ended with code ${code}`); })])) as [EagerResult];
  return result;
}
