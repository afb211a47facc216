import { describe, expect, test } from "vitest";
import * as nd from "../../../lib/index.js";

describe("a chunked array", () => {
  const x = nd.ones([4, 6], { chunks: [3, 2], dtype: "float32" });
  test("tells shape, chunks and bytes without running", () => {
    expect([x.shape, x.ndim, x.size, x.itemsize, x.nbytes]).toEqual([[4, 6], 2, 24, 4, 96]);
    expect([x.chunks, x.chunksize, x.numblocks, x.npartitions]).toEqual([[[3, 1], [2, 2, 2]], [3, 2], [2, 3], 6]);
  });
  test("has the same name when it is made the same way, and another when not", () => {
    expect(nd.ones([4, 6], { chunks: [3, 2], dtype: "float32" }).name).toBe(x.name);
    expect(nd.ones([4, 6], { chunks: [3, 3], dtype: "float32" }).name).not.toBe(x.name);
    expect(x.add(1).name).toBe(x.add(1).name);
    expect(x.add(1).name).not.toBe(x.add(2).name);
    expect(x.name).toMatch(/^ones_like-[0-9a-f]{32}$/);
  });
  test("shares work between results", async () => {
    const y = nd.arange(10, { chunks: 4, dtype: "float64" });
    expect(await nd.compute([y.sum(), y.max(), y])).toEqual([45, 9, expect.any(nd.NDArray)]);
    expect(await nd.compute([])).toEqual([]);
  });
  test("gives bare elements when it has no axes", async () => {
    expect(await nd.ones(10, { chunks: 5 }).sum().compute()).toBe(10);
    expect(await nd.ones(10, { dtype: "int32" }).sum().compute()).toBe(10n);
    expect(await nd.all([1, 0]).compute()).toBe(false);
    expect(await nd.full([], { re: 1, im: 2 }).compute()).toEqual({ re: 1, im: 2 });
    expect(await nd.full([], 1.5, { dtype: "float16" }).compute()).toBe(1.5);
  });
});

describe("persist", () => {
  test("keeps name, chunks and elements, until it is disposed of", async () => {
    const x = nd.arange(10, { chunks: 4 }).mul(2);
    const kept = await x.persist();
    expect([kept.dtype, kept.chunks, kept.graph.layers.length]).toEqual([x.dtype, x.chunks, 1]);
    expect(await kept.sum().compute()).toBe(90n);
    await kept[Symbol.asyncDispose]();
    await expect(kept.sum().compute()).rejects.toThrow(nd.DisposedError);
  });
  test("makes unknown sizes known", async () => {
    const x = nd.arange(10, { chunks: 4 });
    const some = x.get(x.gt(3));
    expect(some.shape).toEqual([NaN]);
    const kept = await some.persist();
    expect(kept.shape).toEqual([6]);
    expect(await kept.sum().compute()).toBe(39n);
  });
});

describe("blocks", () => {
  test("come in C order with their places", async () => {
    const x = nd.arange(12, { chunks: 12 }).reshape([3, 4]).rechunk([2, 3]);
    const seen: unknown[] = [];
    for await (const { index, offset, block } of x.blocks({ highWaterMark: 1 })) seen.push([index, offset, block.toNested()]);
    expect(seen).toEqual([
      [[0, 0], [0, 0], [[0n, 1n, 2n], [4n, 5n, 6n]]], [[0, 1], [0, 3], [[3n], [7n]]],
      [[1, 0], [2, 0], [[8n, 9n, 10n]]], [[1, 1], [2, 3], [[11n]]],
    ]);
  });
  test("end with the reader, when it leaves early", async () => {
    for await (const { block } of nd.ones(1000, { chunks: 1 }).blocks()) {
      expect(block.size).toBe(1);
      break;
    }
  });
  test("need known sizes", async () => {
    const x = nd.arange(4);
    await expect(x.get(x.gt(1)).blocks().next()).rejects.toThrow(nd.ChunkError);
  });
});

describe("explain", () => {
  test("tells what a limit makes of it: what is spilled, and whether it fits", () => {
    const sums = nd.random.standardNormal([4000, 4000]).cumsum({ axis: 0 });
    const x = sums.sub(sums.mean({ axis: 0 })).square().sum();
    const free = x.explain();
    expect(free).toMatchObject({ spillBytes: 0, fits: true });
    expect(free.peakBytes).toBeGreaterThan(100e6);
    const held = x.explain({ memoryLimit: "32MiB" });
    expect(held.fits).toBe(true);
    expect(held.peakBytes).toBeLessThanOrEqual(32 * 2 ** 20);
    expect(held.spillBytes).toBeGreaterThan(90e6);
    expect(String(held)).toMatch(/spills 1\d\d\.\d+ MiB|spills 9\d/);
    expect(x.explain({ memoryLimit: "1MiB" }).fits).toBe(false);
    expect(String(x.explain({ memoryLimit: "1MiB" }))).toContain("does not fit");
  });
  test("tells tasks of the graph and of the plan, and what memory it takes", () => {
    const plan = nd.fromArray(new Float64Array(1e6), { chunks: 1e5 }).add(1).mean().explain();
    expect([plan.layers, plan.tasks, plan.readBytes]).toEqual([5, 10 + 10 + 10 + 3 + 1, 8e6]);
    expect(plan.peakBytes).toBeLessThan(1e5);
    expect(String(plan)).toContain("34 tasks in 5 layers");
  });
  test("cannot tell what hangs on a mask", () => {
    const x = nd.arange(4);
    expect(() => x.get(x.gt(1)).sum().explain()).toThrow(nd.ChunkError);
  });
});
