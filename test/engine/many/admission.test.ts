import { afterAll, describe, expect, test } from "vitest";
import type { AnyArray } from "../../../lib/array/chunked-array.js";
import * as nd from "../../../lib/index.js";
import { computeExprs, type Computed, type ComputeOptions } from "../../../lib/runtime/compute.js";
import { Engine } from "../../../lib/runtime/engine.js";

const LIMIT = 48 * 2 ** 20;
const engine = new Engine({ threads: 2, memoryLimitBytes: LIMIT, spill: false });
afterAll(() => engine.close());
const compute = (x: AnyArray, options: ComputeOptions = {}): Promise<Computed[]> => computeExprs([x.expr], options, engine);
const first = async (computed: Promise<Computed[]>): Promise<unknown> => (await computed)[0]!.data[0];

/** Needs 16 MB and some at once. */
const large = (seed: number): AnyArray => nd.cumsum(nd.ones(2_000_000).mul(seed));
const idle = (): unknown => ({ runs: engine.stats().runs, slots: engine.stats().slots, bytesInUse: engine.stats().bytesInUse, granted: engine.admission.grantedBytes, waiting: engine.admission.waiting });
const IDLE = { runs: 0, slots: 0, bytesInUse: 0, granted: 0, waiting: 0 };

describe("more computes than there is memory for", () => {
  test("wait for each other, and all are right", async () => {
    const all = Array.from({ length: 12 }, (_, i) => compute(large(i)));
    await new Promise((resolve) => setTimeout(resolve, 20));
    const results = await Promise.all(all);
    results.forEach(([r], i) => expect(r!.data[1_999_999]).toBe(2_000_000 * i));
    expect(engine.stats().bytesPeak).toBeLessThanOrEqual(LIMIT);
    expect(idle()).toEqual(IDLE);
  });
  test("what masks select does not lock them", async () => {
    const x = nd.arange(1_500_000, { dtype: "float64" });
    const all = Array.from({ length: 8 }, (_, i) => first(compute(nd.cumsum(x.get(x.mod(2).eq(0)).add(i)).max())));
    const sum = (750_000 * 749_999) as number;
    (await Promise.all(all)).forEach((r, i) => expect(r).toBe(sum + 750_000 * i));
    expect(engine.stats().bytesPeak).toBeLessThanOrEqual(LIMIT);
    expect(idle()).toEqual(IDLE);
  });
  test("one may be cancelled while it waits", async () => {
    const running = [compute(large(1)), compute(large(2))];
    const abort = new AbortController();
    const waiting = [compute(large(3), { signal: abort.signal }), compute(large(4), { timeoutMs: 1 })];
    setTimeout(() => abort.abort(), 2);
    const ends = await Promise.allSettled([...waiting, ...running]);
    expect(ends.slice(0, 2).map((e) => (e as PromiseRejectedResult).reason?.code as string)).toEqual(["ERR_CANCELLED", "ERR_TIMEOUT"]);
    expect(ends.slice(2).map((e) => e.status)).toEqual(["fulfilled", "fulfilled"]);
    expect(idle()).toEqual(IDLE);
  });
});

describe("just the memory that a plan says it needs", () => {
  const square = (n: number): AnyArray => nd.random.random([n, n], { seed: 1 });
  const big = nd.random.random(1_000_000, { seed: 2 });
  test.each<[string, () => AnyArray]>([
    ["an element-wise operation", () => nd.sin(big)],
    ["a fold", () => square(1000).sum({ axis: 0 })],
    ["folds of several fields", () => square(1000).std({ axis: 1 })],
    ["a running sum", () => nd.cumsum(square(1000), { axis: 0 })],
    ["a product", () => nd.matmul(square(700), square(700).T)],
    ["a product that is not BLAS's", () => nd.matmul(square(300).astype("int64"), square(300).T.astype("int64"))],
    ["the largest", () => nd.topk(big, 1000)],
    ["quantiles", () => nd.quantile(square(1000), [0.1, 0.5], { axis: 1 })],
  ])("is enough for %s", async (_, make) => {
    const x = make();
    const [tight] = await compute(x, { memoryLimit: nd.explain([x]).peakBytes }).catch((error: nd.MemoryPlanError) => {
      // Scratch of kernels is beyond the bound: it is said, not run into.
      expect(error).toBeInstanceOf(nd.MemoryPlanError);
      return compute(x);
    });
    const [roomy] = await compute(x);
    expect(Buffer.compare(new Uint8Array(tight!.data.buffer), new Uint8Array(roomy!.data.buffer))).toBe(0);
  });
});
