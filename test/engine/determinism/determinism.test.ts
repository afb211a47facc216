import { afterAll, describe, expect, test } from "vitest";
import type { AnyArray } from "../../../lib/array/chunked-array.js";
import * as nd from "../../../lib/index.js";
import { loadAddon } from "../../../lib/native/load.js";
import { computeExprs } from "../../../lib/runtime/compute.js";
import { Engine } from "../../../lib/runtime/engine.js";
import { runScript } from "../../support/child.js";
import { hashOf } from "../../support/hash.js";
import { draws } from "./draws.js";

const engines = [1, 2, 4].map((threads) => new Engine({ threads }));
afterAll(() => engines.forEach((engine) => engine.close()));

const bits = async (x: AnyArray, engine: Engine): Promise<string> => hashOf((await computeExprs([x.expr], {}, engine))[0]!.data);
const normal = (size: number[], chunks: number[]): AnyArray => nd.random.defaultRng(42).normal(10, 0.1, { size, chunks });

describe("threads", () => {
  const made: Readonly<Record<string, () => AnyArray>> = {
    "mean over rows": () => normal([3000, 1100], [500, 500]).mean({ axis: 0 }),
    "mean of all": () => normal([3000, 1100], [500, 500]).mean(),
    "var over columns": () => normal([1100, 3000], [300, 1000]).var({ axis: 1 }),
    "cumsum": () => normal([400_000, 2], [1000, 2]).cumsum({ axis: 0 }),
    "matmul": () => nd.matmul(normal([300, 400], [100, 100]), normal([400, 200], [100, 100])),
    "a fused chain": () => nd.sin(normal([2000, 500], [100, 500])).mul(2).sum({ axis: 0 }),
    "elements chosen by a mask": () => normal([900, 700], [100, 700]).get(normal([900, 700], [100, 700]).gt(10)).sum(),
  };
  test.each(Object.keys(made))("%s: the same bits for 1, 2 and 4 threads and each time", async (name) => {
    const found = new Set<string>();
    for (const engine of engines) {
      found.add(await bits(made[name]!(), engine));
      found.add(await bits(made[name]!(), engine));
    }
    expect(found.size).toBe(1);
  });
});

describe("chunks", () => {
  const CUTS = [[500, 500], [2000, 2000], [20_000, 1000]];
  test("random elements are the same bits however the array is cut", async () => {
    const found = await Promise.all(CUTS.map((chunks) => bits(normal([20_000, 120], chunks), engines[1]!)));
    expect(new Set(found).size).toBe(1);
  });
  test("and so are slices of an array of 20000 × 20000", async () => {
    const found = await Promise.all(CUTS.map((chunks) => bits(normal([20_000, 20_000], chunks).get("7:19000:997", "3:20000:1501"), engines[1]!)));
    expect(new Set(found).size).toBe(1);
    const whole = await bits(normal([20_000, 20_000], [500, 500]).get("19990:", "-5:"), engines[0]!);
    expect(await bits(normal([20_000, 20_000], [20_000, 1000]).get("19990:").get(":", "-5:"), engines[2]!)).toBe(whole);
  });
  test.each(Object.keys(draws({ size: [2, 2] })))("%s: an element does not know its chunk", async (name) => {
    const cuts = [[-1, -1], [7, 5], [50, 1]];
    const found = await Promise.all(cuts.map((chunks) => bits(draws({ size: [150, 31], chunks })[name]!, engines[1]!)));
    expect(new Set(found).size).toBe(1);
  });
  test("sums agree between chunks to 1e-14", async () => {
    const sums = await Promise.all(CUTS.map(async (chunks) => Number(await normal([20_000, 120], chunks).sum().compute())));
    for (const sum of sums) expect(Math.abs(sum - sums[0]!) / sums[0]!).toBeLessThanOrEqual(1e-14);
  });
});

/** Made of others by exp or power, whose last place is the instruction set's. */
const FORMULAS = ["lognormal", "weibull"];

describe("instruction sets", () => {
  const { addon, directory } = loadAddon();
  const isas = addon.isas(directory);
  test(`random numbers, sums and means are the same bits on ${isas.join(", ")}`, async () => {
    const results = [];
    for (const isa of isas) {
      const { code, stdout, stderr } = await runScript(new URL("hashes.ts", import.meta.url), [], { NDLOOM_ISA: isa });
      expect(code, stderr).toBe(0);
      const result = JSON.parse(stdout) as { isa: string; hashes: Record<string, string> };
      expect(result.isa).toBe(isa);
      FORMULAS.forEach((name) => delete result.hashes[name]);
      results.push(result.hashes);
    }
    for (const hashes of results) expect(hashes).toEqual(results[0]);
  });
});
