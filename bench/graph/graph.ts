import * as nd from "ndloom";
import { duration, median, minimum, repeat, table } from "../measure.js";

/** What describing costs, before anything runs: building expressions, the graph view, and the plan. */
export async function graph(): Promise<void> {
  const big = { chunks: 8 };
  const cases: [string, () => unknown][] = [
    ["ones(10)", () => nd.ones(10)],
    ["ones, 1e6 chunks", () => nd.ones(8_000_000, big)],
    ["(ones + 1).sum(), 1e6 chunks", () => nd.ones(8_000_000, big).add(1).sum()],
    ["(x + x.T).mean(0), 100 chunks", transposed],
    ["its plan", () => transposed().explain()],
    ["plan of (ones + 1).sum(), 1e6 chunks", () => nd.ones(8_000_000, big).add(1).sum().explain()],
    ["rechunk 1e4 → 1e2 chunks", () => nd.ones([10_000, 10_000], { chunks: [100, 100] }).rechunk([1000, 1000])],
    ["a chain of 1000 additions", () => Array.from({ length: 1000 }).reduce<nd.ChunkedArray>((x) => x.add(1), nd.ones(1000, { chunks: 100 }))],
    ["1000 slices", () => Array.from({ length: 1000 }, (_, i) => nd.ones([1000, 1000], { chunks: 100 }).get(i))],
  ];
  const rows = [["describing", "min", "median"]];
  for (const [name, work] of cases) {
    work(); // the first call compiles
    const { seconds } = await repeat(work, { repeats: 15, budgetSeconds: 5 });
    rows.push([name, duration(minimum(seconds)), duration(median(seconds))]);
  }
  console.log(table(rows));
}

function transposed() {
  const x = nd.random.random([20_000, 20_000], { chunks: [2_000, 2_000], seed: 1 });
  return x.add(x.T).mean({ axis: 0 });
}
