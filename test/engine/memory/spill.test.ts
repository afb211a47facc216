import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as nd from "../../../lib/index.js";
import type { Expr } from "../../../lib/expr/expr.js";
import { computeExprs } from "../../../lib/runtime/compute.js";
import { Engine } from "../../../lib/runtime/engine.js";

const MIB = 2 ** 20;
let directory: string;
const engines: Engine[] = [];
beforeAll(async () => void (directory = await mkdtemp(join(tmpdir(), "spill-test-"))));
afterAll(async () => {
  engines.forEach((engine) => engine.close());
  await rm(directory, { recursive: true });
});
function engineOf(memoryLimitBytes: number, limitBytes = 2 ** 40, threads = 2): Engine {
  const engine = new Engine({ threads, memoryLimitBytes, spill: { directory, limitBytes } });
  engines.push(engine);
  return engine;
}

/** Needs all of a 32 MB array twice, and it is dear to make: running sums, less their mean. */
function needsItTwice(): nd.ChunkedArray {
  const sums = nd.random.defaultRng(3).standardNormal([2000, 2000], { chunks: 500 }).cumsum({ axis: 0 });
  return sums.sub(sums.mean({ axis: 0 })).square().sum();
}
const values = async (x: nd.ChunkedArray, engine: Engine): Promise<unknown[]> => {
  const [result] = await computeExprs([x.expr as Expr], {}, engine);
  return [...result!.data as Iterable<unknown>];
};

describe("a compute that needs more than its limit", () => {
  test("spills and has the same bits as one that does not", async () => {
    const roomy = engineOf(2 ** 30);
    const want = await values(needsItTwice(), roomy);
    expect(roomy.stats().bytesSpilledTotal).toBe(0);
    for (const [limit, threads] of [[12 * MIB, 1], [12 * MIB, 2], [24 * MIB, 4]] as const) {
      const tight = engineOf(limit, undefined, threads);
      expect(await values(needsItTwice(), tight)).toEqual(want);
      const stats = tight.stats();
      expect(stats.bytesSpilledTotal).toBeGreaterThan(10 * MIB);
      expect(stats.bytesPeak).toBeLessThanOrEqual(limit);
      expect([stats.bytesSpilled, stats.bytesInUse, stats.slots]).toEqual([0, 0, 0]);
      expect(await readdir(directory)).toEqual([]);
    }
  });

  test("is refused before it starts when it may not spill, or not so much, naming the layer and the ways out", async () => {
    const never = new Engine({ threads: 2, memoryLimitBytes: 12 * MIB, spill: false });
    engines.push(never);
    await expect(values(needsItTwice(), never)).rejects.toMatchObject({ code: "ERR_PLAN_MEMORY", limitBytes: 12 * MIB, layer: expect.stringContaining("cumsum"), hint: expect.stringMatching(/spill/) });
    await expect(values(needsItTwice(), engineOf(12 * MIB, 8 * MIB))).rejects.toMatchObject({ code: "ERR_PLAN_MEMORY", message: expect.stringMatching(/spill/) });
    expect(never.stats().tasksRun).toBe(0);
  });

  test("several at once keep to the limit of all", async () => {
    const engine = engineOf(32 * MIB);
    const want = await values(needsItTwice(), engineOf(2 ** 30));
    const shifted = Array.from({ length: 6 }, (_, i) => needsItTwice().add(i * 0));
    const got = await Promise.all(shifted.map((x) => values(x, engine)));
    for (const result of got) expect(result).toEqual(want);
    expect(engine.stats().bytesPeak).toBeLessThanOrEqual(32 * MIB);
    expect([engine.stats().bytesSpilled, engine.stats().bytesInUse]).toEqual([0, 0]);
  });

  test("leaves nothing behind when it is cancelled, whenever that is", async () => {
    const engine = engineOf(12 * MIB);
    for (let ms = 2; ms < 60; ms += 7) {
      const call = computeExprs([needsItTwice().expr as Expr], { signal: AbortSignal.timeout(ms) }, engine);
      await call.then(() => undefined, (error: unknown) => expect(error).toMatchObject({ code: "ERR_CANCELLED" }));
    }
    expect([engine.stats().bytesSpilled, engine.stats().bytesInUse, engine.stats().runs]).toEqual([0, 0, 0]);
    expect(await readdir(directory)).toEqual([]);
  });

  test("fails with a StorageError where the directory cannot be written, and the engine goes on", async () => {
    const engine = new Engine({ threads: 2, memoryLimitBytes: 12 * MIB, spill: { directory: join(directory, "missing"), limitBytes: 2 ** 40 } });
    engines.push(engine);
    await expect(values(needsItTwice(), engine)).rejects.toMatchObject({ code: "ERR_STORAGE", message: expect.stringContaining("missing") });
    expect(await values(nd.ones(3, { chunks: 1 }).sum(), engine)).toEqual([3]);
    expect(engine.stats().bytesInUse).toBe(0);
  });
});
