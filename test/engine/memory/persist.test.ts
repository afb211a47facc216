import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, describe, expect, test } from "vitest";
import * as nd from "../../../lib/index.js";
import { keepExprs, computeExprs } from "../../../lib/runtime/compute.js";
import { Engine } from "../../../lib/runtime/engine.js";

const MIB = 2 ** 20;
const clients: nd.Client[] = [];
afterAll(() => Promise.all(clients.map((client) => client.shutdown())));
async function clientOf(memoryLimit: number): Promise<nd.Client> {
  const client = await nd.Client.create({ nWorkers: 1, threadsPerWorker: 2, memoryLimit, dashboard: false });
  clients.push(client);
  return client;
}

describe("persisted arrays", () => {
  test("are counted by their engine until they are disposed of, which frees them at once", async () => {
    const client = await clientOf(64 * MIB);
    const kept = await nd.arange(MIB, { dtype: "float64" }).add(1).persist();
    expect(client.health().bytesInMemory).toBeGreaterThanOrEqual(8 * MIB);
    expect(await kept.sum().compute()).toBe((MIB * (MIB + 1)) / 2);
    expect((await kept.get("2:4").compute()).data).toEqual(Float64Array.of(3, 4));
    await kept[Symbol.asyncDispose]();
    await kept[Symbol.asyncDispose]();
    expect(client.health().bytesInMemory).toBe(0);
    await expect(kept.sum().compute()).rejects.toMatchObject({ code: "ERR_DISPOSED" });
  });

  test("take from what others may have", async () => {
    await clientOf(32 * MIB);
    const kept = await nd.ones([3 * MIB], { chunks: MIB }).add(1).persist(); // 24 MiB
    const refused = nd.ones([2 * MIB]).add(2).compute({ timeoutMs: 5000 });
    await expect(refused).rejects.toMatchObject({ code: "ERR_PLAN_MEMORY", message: expect.stringContaining("kept") });
    await kept[Symbol.asyncDispose]();
    expect((await nd.ones([2 * MIB]).add(2).compute()).size).toBe(2 * MIB);
  });

  test("can be read by other engines, and when theirs is gone", async () => {
    const first = await clientOf(64 * MIB);
    const kept = await nd.arange(1000, { dtype: "float64" }).mul(2).persist();
    const other = new Engine({ threads: 1, memoryLimitBytes: 64 * MIB });
    const [there] = await computeExprs([kept.sum().expr], {}, other);
    expect(there!.data[0]).toBe(999_000);
    expect(await first.compute([kept.sum()])).toEqual([999_000]);
    await first.shutdown();
    expect(await kept.max().compute()).toBe(1998);
    other.close();
    await kept[Symbol.asyncDispose]();
    await expect(kept.max().compute()).rejects.toMatchObject({ code: "ERR_DISPOSED" });
  });

  test("of no elements, and of unknown length, are there too", async () => {
    await clientOf(64 * MIB);
    const x = nd.arange(10, { dtype: "float64" });
    await using none = await x.get("5:5").persist();
    expect((await none.compute()).data).toHaveLength(0);
    await using few = await x.get(x.gt(6)).persist();
    expect(few.shape).toEqual([3]);
    expect((await few.mul(1).compute()).data).toEqual(Float64Array.of(7, 8, 9));
  });

  test("that nobody holds any more are let go", async () => {
    const engine = new Engine({ threads: 1, memoryLimitBytes: 64 * MIB });
    const x = nd.ones([MIB]).add(1);
    await (async () => void (await keepExprs([x.expr], {}, engine)))();
    expect(engine.stats().bytesInUse).toBeGreaterThan(0);
    setFlagsFromString("--expose-gc");
    const gc = runInNewContext("gc") as () => void;
    for (let i = 0; i < 100 && engine.stats().bytesInUse > 0; i++) {
      gc();
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(engine.stats().bytesInUse).toBe(0);
    engine.close();
  });
});
