// npx tsx --tsconfig tsconfig.build.json test/stress/soak.ts [MINUTES]
// Computes of all kinds, many at once, for minutes: some end, some are cancelled, run out of time, fail or are shared. Ends with 1 when a result is
// wrong, when native bytes are left at the end, or when the process keeps growing.
import { tmpdir } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import * as nd from "ndloom";
import { randomMoments } from "../support/random-moments.js";

const minutes = Number(process.argv[2] ?? 1);
if (!(minutes > 0)) throw new Error(`expected minutes > 0, got ${process.argv[2]}`);
const LANES = 8;
/** What the process may grow by between the first and the last tenth of the time. */
const GROWTH_BYTES = 64 * 2 ** 20;

const client = await nd.Client.create({ dashboard: false, memoryLimit: "192 MiB", spill: { directory: tmpdir(), limit: "2 GiB" } });
const n = 2000;
const ones = nd.ones([n, 1000], { chunks: [100, 1000] });
const check = (ok: boolean, what: string): void => {
  if (!ok) throw new Error(`wrong: ${what}`);
};

// i makes them differ, so that only what is meant to be shared is.
const kinds: readonly ((i: number, options: nd.ComputeOptions) => Promise<void>)[] = [
  async (i, options) => check((await client.compute([ones.mul(i).sum()], options))[0] === n * 1000 * i, "a sum"),
  async (_, options) => check((await client.compute([ones.mean()], options))[0] === 1, "a mean that is shared"),
  async (i, options) => {
    const [r] = await client.compute([nd.cumsum(ones.mul(i), { axis: 0 })], options);
    check(r.item(n - 1, 5) === n * i, "a running sum");
  },
  async (i, options) => {
    const x = nd.arange(500_000, { dtype: "float64" }).add(i);
    check((await client.compute([nd.cumsum(x.get(x.mod(2).eq(0))).max()], options))[0]! > 0, "a selection");
  },
  async (i, options) => {
    const [r] = await client.compute([nd.matmul(ones.mul(i), ones.T)], options);
    check(r.item(3, 7) === 1000 * i, "a product");
  },
  async (i, options) => {
    const [kept] = await client.persist([ones.mul(i)], options);
    try {
      check((await client.compute([kept.sum()], options))[0] === n * 1000 * i, "what is kept");
    } finally {
      await kept[Symbol.asyncDispose]();
    }
  },
  async (i, options) => {
    // More than fits: it spills.
    const x = nd.random.normal(0, 1, { size: [5000, 4000], seed: i, chunks: [500, 4000] });
    const [r] = await client.compute([x.sub(x.mean({ axis: 0 })).mean()], options);
    check(Math.abs(r as number) < 1e-9, "what was standardised");
  },
  async (_, options) => {
    const error: unknown = await client.compute([nd.arange(10).get(nd.arange(3).mul(20))], options).catch((e: unknown) => e);
    check(error instanceof nd.NdloomError, "an error");
    if ((error as nd.NdloomError).code === "ERR_CANCELLED" || (error as nd.NdloomError).code === "ERR_TIMEOUT") throw error;
  },
];

const moments = randomMoments(11, 1 << 16, 1);
const end = performance.now() + minutes * 60_000;
const counts: Record<string, number> = { done: 0, cancelled: 0, timeout: 0 };
let next = 0;
async function lane(): Promise<void> {
  while (performance.now() < end) {
    const i = ++next;
    const moment = moments[i % moments.length]!;
    const abort = new AbortController();
    const options: nd.ComputeOptions = { signal: abort.signal, priority: i % 3 === 0 ? "interactive" : "batch" };
    if (i % 5 === 0) options.timeoutMs = moment * 100;
    const timer = i % 3 === 1 ? setTimeout(() => abort.abort(), moment * 60) : undefined;
    try {
      await kinds[Math.floor(moments[(i * 7) % moments.length]! * kinds.length)]!(1 + (i % 1000), options);
      counts.done!++;
    } catch (error) {
      const code = (error as nd.NdloomError).code;
      if (code === "ERR_CANCELLED") counts.cancelled!++;
      else if (code === "ERR_TIMEOUT") counts.timeout!++;
      else throw error;
    }
    clearTimeout(timer);
  }
}

const sizes: number[] = [];
const watch = setInterval(() => sizes.push(process.memoryUsage.rss()), 500).unref();
const report = setInterval(() => {
  const { bytesInMemory, queued } = client.health();
  console.log(`${((end - performance.now()) / 60_000).toFixed(1)} minutes left: ${JSON.stringify(counts)}, ${nd.formatBytes(bytesInMemory)} in blocks, ${nd.formatBytes(process.memoryUsage.rss())} resident, ${queued} waiting`);
}, 15_000).unref();
await Promise.all(Array.from({ length: LANES }, lane));
clearInterval(watch);
clearInterval(report);
await sleep(100);

const left = client.health();
const tenth = Math.max(1, Math.floor(sizes.length / 10));
const most = (part: readonly number[]): number => Math.max(...part);
const grown = most(sizes.slice(-tenth)) - most(sizes.slice(tenth, Math.max(tenth + 1, Math.floor(sizes.length / 2))));
console.log(`${JSON.stringify(counts)}; left: ${left.bytesInMemory} bytes in blocks, ${left.queued} waiting; grown by ${nd.formatBytes(Math.max(0, grown))}`);
await client.shutdown();
if (left.bytesInMemory !== 0 || left.queued !== 0 || grown > GROWTH_BYTES) process.exitCode = 1;
