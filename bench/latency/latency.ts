import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import * as nd from "ndloom";
import { duration, minimum, table } from "../measure.js";

/** How free the event loop is while eight computes take all cores, by the workers' niceness, and what a short compute waits for among long ones. */
export async function latency(): Promise<void> {
  const rows = [["niceness", "delay p50", "p99", "max", "setImmediate p50", "p99", "max"]];
  for (let round = 0; round < 2; round++) {
    rows.push(["nothing computes", ...(await delays(() => sleep(2000)))]);
    for (const niceness of [0, 5, 10, 19]) {
      await using client = await clientOf(niceness);
      await client.compute([work(1, 200)]);
      rows.push([String(niceness), ...(await delays(() => eightAtOnce(client, 3000)))]);
    }
  }
  console.log(table(rows));

  const shares = [["a short compute", "time", "of its fair share"]];
  await using client = await clientOf(nd.config.get("niceness"));
  const short = (): Promise<number> => timed(() => client.compute([work(99, 10_000)]));
  await short();
  const alone = minimum([await short(), await short(), await short()]);
  shares.push(["alone", duration(alone), ""]);
  for (const others of [1, 3, 8]) {
    const times: number[] = [];
    for (let i = 0; i < 3; i++) {
      const abort = new AbortController();
      const long = Array.from({ length: others }, (_, j) => client.compute([work(j, 200_000)], { signal: abort.signal }).catch(() => undefined));
      await sleep(100);
      times.push(await short());
      abort.abort();
      await Promise.all(long);
    }
    const best = minimum(times);
    shares.push([`beside ${others} long ones`, duration(best), (best / (alone * (others + 1))).toFixed(2)]);
  }
  console.log(`\n${table(shares)}`);
}

async function clientOf(niceness: number): Promise<nd.Client> {
  nd.config.set({ niceness });
  try {
    return await nd.Client.create({ dashboard: false });
  } finally {
    nd.config.set({ niceness: undefined });
  }
}

/** Element-wise work, a running sum that is stored, and a fold: tasks of several kinds, of thousands of rows. */
function work(seed: number, rows: number): nd.ChunkedArray {
  const x = nd.random.defaultRng(seed).normal(0, 1, { size: [rows, 1000], chunks: [500, 1000] }) as nd.ChunkedArray;
  return nd.cumsum(nd.sin(x).mul(nd.exp(nd.negative(x.mul(x)))), { axis: 1 }).mean({ axis: 0 });
}

/** Computes again and again for so many milliseconds, eight at any time. */
async function eightAtOnce(client: nd.Client, ms: number): Promise<void> {
  const end = performance.now() + ms;
  const again = async (seed: number): Promise<void> => {
    while (performance.now() < end) await client.compute([work(seed, 8000)]);
  };
  await Promise.all(Array.from({ length: 8 }, (_, i) => again(i)));
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return (performance.now() - start) / 1000;
}

/** The event loop's delay while something runs: as Node's own timer sees it, and how long a setImmediate waits for its turn. */
async function delays(run: () => Promise<unknown>): Promise<string[]> {
  const histogram = monitorEventLoopDelay({ resolution: 1 });
  const waits: number[] = [];
  const timer = setInterval(() => {
    const asked = performance.now();
    setImmediate(() => waits.push((performance.now() - asked) / 1000));
  }, 2);
  histogram.enable();
  await run();
  histogram.disable();
  clearInterval(timer);
  const sorted = waits.sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
  const past = (ns: number): number => Math.max(0, ns / 1e9 - 1e-3); // the histogram holds the times between ticks of 1 ms
  return [past(histogram.percentile(50)), past(histogram.percentile(99)), past(histogram.max), at(0.5), at(0.99), at(1)].map(duration);
}
