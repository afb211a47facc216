import { afterAll, describe, expect, test } from "vitest";
import type { AnyArray } from "../../../lib/array/chunked-array.js";
import * as nd from "../../../lib/index.js";
import { computeExprs, type ComputeOptions } from "../../../lib/runtime/compute.js";
import { exprsOf } from "../../../lib/array/compute.js";
import { Engine } from "../../../lib/runtime/engine.js";

const engine = new Engine({ threads: 2, memoryLimitBytes: 2 ** 27, spill: false });
afterAll(() => engine.close());

async function refused(x: AnyArray, options: ComputeOptions = { memoryLimit: "64 KiB" }): Promise<nd.MemoryPlanError> {
  const error = (await computeExprs(exprsOf([x]), options, engine).then(() => undefined, (e: unknown) => e)) as nd.MemoryPlanError;
  expect(error).toBeInstanceOf(nd.MemoryPlanError);
  expect(engine.stats()).toMatchObject({ runs: 0, slots: 0, bytesInUse: 0 });
  return error;
}

const x = nd.random.random([3000, 400], { chunks: 500, seed: 1 }) as AnyArray;

describe("a plan that cannot fit names the layer as the graph shows it", () => {
  const cases: [string, AnyArray, string, number][] = [
    ["a source", x, "random_sample-", 3000 * 400 * 8],
    ["a rechunk, which moves nothing", x.rechunk([3000, 100]), "rechunk-merge-", 3000 * 400 * 8],
    ["a fused chain", x.add(1).sqrt().astype("float32"), "astype-", 3000 * 400 * 4],
    ["a composed function", x.mean({ axis: 0 }), "mean_agg-aggregate-", 0],
    ["an array in the middle", nd.cumsum(x, { axis: 0 }).sum(), "cumsum-", 0],
    ["an operand that the optimiser has changed", nd.matmul(x.add(0).mul(1).T.get(nd.slice(0, 300)), x).max(), "", 0],
  ];
  test.each(cases)("%s", async (_, array, name, bytes) => {
    const error = await refused(array, { memoryLimit: 2048 });
    expect(error.layer).toMatch(new RegExp(`^${name}[a-z_0-9-]*[0-9a-f]{32}$`));
    if (bytes > 0) expect([error.layer, error.largestBytes]).toEqual([array.name, bytes]);
    expect(error.message).toContain(`most for the layer ${error.layer}, `);
    expect(error.message).toContain("Nothing was started");
    expect(error.neededBytes).toBeGreaterThan(error.limitBytes);
    expect(error.largestBytes).toBeLessThanOrEqual(error.neededBytes);
  });
  test("and the stage that makes it, as explain() shows it", async () => {
    const array = x.add(1).sqrt();
    const { stage, layer } = await refused(array);
    expect(array.explain().stages.map((s) => s.name)).toContain(stage);
    expect(stage).not.toBe(layer);
  });
  test("what a mask selects, and why that is not spilled", async () => {
    const error = await refused(x.get(x.greater(0.5)));
    expect(error.layer).toMatch(/^getitem-/);
    expect(error.message).toContain("what a mask selects is not spilled");
  });
});

describe("the ways out", () => {
  const hintOf = async (array: AnyArray): Promise<string> => (await refused(array)).message.split("Options: ")[1]!;
  test("of a result", async () => {
    expect(await hintOf(x)).toMatch(/^raise memoryLimit to 10.00 MiB or more; take the result in pieces with blocks\(\), or write it with toNpy\(\); .*let it spill/);
  });
  test("of what is in the middle", async () => {
    const hint = await hintOf(nd.cumsum(x, { axis: 0 }).sum());
    expect(hint).toContain("compute parts of it");
    expect(hint).not.toContain("blocks()");
  });
  test("are enough", async () => {
    const { neededBytes } = await refused(x);
    await expect(computeExprs([x.expr], { memoryLimit: neededBytes }, engine)).resolves.toHaveLength(1);
  });
});
