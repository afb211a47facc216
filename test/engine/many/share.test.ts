import { afterAll, beforeEach, describe, expect, test } from "vitest";
import type { AnyArray } from "../../../lib/array/chunked-array.js";
import * as nd from "../../../lib/index.js";
import { computeExprs, type Computed, type ComputeOptions } from "../../../lib/runtime/compute.js";
import { Engine } from "../../../lib/runtime/engine.js";
import { runsOf } from "../../../lib/runtime/runs.js";

const engine = new Engine({ threads: 2, memoryLimitBytes: 2 ** 28 });
afterAll(() => engine.close());
const compute = (x: AnyArray, options: ComputeOptions = {}): Promise<Computed[]> => computeExprs([x.expr], options, engine);
const work = (seed: number, rows = 20_000): AnyArray => nd.random.normal(0, 1, { size: [rows, 1000], seed }).sin().sum({ axis: 0 });
const ended = { done: 0, cancelled: 0 };
beforeEach(() => Object.assign(ended, runsOf(engine).ended));
const runs = (): { done: number; cancelled: number } => {
  const now = runsOf(engine).ended;
  return { done: now.done - ended.done, cancelled: now.cancelled - ended.cancelled };
};
async function idle(): Promise<void> {
  while (engine.stats().runs > 0) await new Promise((resolve) => setTimeout(resolve, 2));
}

describe("equal computes in flight", () => {
  test("run once, and each caller has memory of its own", async () => {
    const all = await Promise.all(Array.from({ length: 5 }, () => compute(work(1)))); // described anew each time
    expect(runs()).toEqual({ done: 1, cancelled: 0 });
    expect(new Set(all.map(([r]) => r!.data.buffer)).size).toBe(5);
    for (const [r] of all) expect(r!.data).toEqual(all[0]![0]!.data);
    await compute(work(1));
    expect(runs().done).toBe(2); // nothing is remembered
  });
  test("are not those that differ, in options that matter or in what they compute", async () => {
    await Promise.all([compute(work(1)), compute(work(2)), compute(work(1), { memoryLimit: "100 MiB" }), compute(work(1), { label: "same" })]);
    await idle();
    expect(runs().done).toBe(3);
  });
  test("run with the highest priority that one asks for, also when it comes later", async () => {
    const first = compute(work(7, 40_000), { priority: -1 });
    const between = compute(work(8, 400_000));
    while (engine.stats().tasksRunning === 0) await new Promise((resolve) => setImmediate(resolve));
    const ends: string[] = [];
    void between.then(() => ends.push("between"));
    await compute(work(7, 40_000), { priority: "interactive" }).then(() => ends.push("raised"));
    await Promise.all([first, between]);
    expect(ends).toEqual(["raised", "between"]);
    expect(runs()).toEqual({ done: 2, cancelled: 0 });
    const low = compute(work(9));
    await expect(compute(work(9), { priority: NaN })).rejects.toMatchObject({ code: "ERR_OPTION" });
    await low;
  });
  test("run by themselves when the result is large", async () => {
    const large = (): AnyArray => nd.ones(400_000).add(1);
    const [a, b] = await Promise.all([compute(large()), compute(large())]);
    await idle();
    expect(runs().done).toBe(2);
    expect(a![0]!.data).toEqual(b![0]!.data);
  });
  test("end for those who leave only, until nobody waits", async () => {
    const abort = new AbortController();
    const long = (): AnyArray => work(3, 100_000);
    const leaving = compute(long(), { signal: abort.signal });
    const impatient = compute(long(), { timeoutMs: 5 });
    const staying = compute(work(4), { timeoutMs: 60_000 });
    setTimeout(() => abort.abort(), 10);
    await expect(impatient).rejects.toMatchObject({ code: "ERR_TIMEOUT" });
    await expect(leaving).rejects.toMatchObject({ code: "ERR_CANCELLED" });
    await staying;
    await idle();
    expect(runs()).toEqual({ done: 1, cancelled: 1 });
    const [one, two] = [compute(work(5), { timeoutMs: 0 }), compute(work(5))];
    await expect(one).rejects.toMatchObject({ code: "ERR_TIMEOUT" });
    expect((await two)[0]!.shape).toEqual([1000]);
    expect(engine.stats()).toMatchObject({ runs: 0, slots: 0, bytesInUse: 0 });
  });
  test("tell everybody's onProgress", async () => {
    const seen = [0, 0];
    await Promise.all(seen.map((_, i) => compute(work(6, 20_000), { onProgress: ({ done, total }) => (seen[i] = done / total) })));
    expect(seen).toEqual([1, 1]);
  });
  test("fail together", async () => {
    const bad = (): AnyArray => nd.arange(10).get(nd.arange(3).mul(20));
    const ends = await Promise.allSettled([compute(bad()), compute(bad())]);
    expect(ends.map((e) => e.status)).toEqual(["rejected", "rejected"]);
  });
});
