import { monitorEventLoopDelay } from "node:perf_hooks";
import * as nd from "ndloom";
import { hashed } from "../inputs.js";
import { duration, median, minimum, repeat, table } from "../measure.js";

/** What running costs: small computes, streams of memory, and how free the event loop stays meanwhile. */
export async function engine(): Promise<void> {
  const n = 100_000_000;
  const [x, y] = [1, 2].map((seed) => nd.fromArray(hashed(new Float64Array(n), seed), { chunks: "auto" })) as [nd.ChunkedArray, nd.ChunkedArray];
  const square = nd.fromArray(hashed(new Float64Array(8000 * 8000), 3), { shape: [8000, 8000], chunks: [1000, 1000] });
  const small = nd.fromArray(Float64Array.of(1, 2, 3, 4));

  // name, work, bytes read or written
  const cases: [string, () => Promise<unknown>, number][] = [
    ["a sum of 4 numbers, to its result", () => small.sum().compute(), 0],
    ["100 of them at once", () => Promise.all(Array.from({ length: 100 }, (_, i) => small.add(i).sum().compute())), 0],
    ["x.sum(), 1e8", () => x.sum().compute(), 8 * n],
    ["(x+y).sum(), 1e8", () => x.add(y).sum().compute(), 16 * n],
    ["x+y, stored, 1e8", () => x.add(y).compute(), 24 * n],
    ["sin(x), stored, 1e8", () => nd.sin(x).compute(), 16 * n],
    ["x.mean(0), 8000²", () => square.mean({ axis: 0 }).compute(), 8 * 8000 * 8000],
    ["x.std(1), 8000²", () => square.std({ axis: 1 }).compute(), 8 * 8000 * 8000],
    ["x.T, stored, 8000²", () => square.T.compute(), 16 * 8000 * 8000],
    ["(x+x.T).mean(), 8000²", () => square.add(square.T).mean().compute(), 16 * 8000 * 8000],
    ["random, stored, 1e8", () => nd.random.random(n, { seed: 1 }).compute(), 8 * n],
    ["normal().sum(), 1e8", () => nd.random.normal(0, 1, { size: n, seed: 1 }).sum().compute(), 0],
  ];
  const rows = [["computing", "min", "median", "GB/s", "event loop's worst wait"]];
  for (const [name, work, bytes] of cases) {
    await work();
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    const { seconds } = await repeat(work, { repeats: 7, budgetSeconds: 6 });
    delay.disable();
    const best = minimum(seconds);
    rows.push([name, duration(best), duration(median(seconds)), bytes ? (bytes / best / 1e9).toFixed(1) : "", duration(delay.max / 1e9)]);
  }
  console.log(table(rows));
}
