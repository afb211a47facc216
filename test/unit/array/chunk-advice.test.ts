import { expect, test } from "vitest";
import * as nd from "../../../lib/index.js";

test("chunks that cost nothing worth a word get none", () => {
  expect(nd.ones([1000, 1000], { chunks: 100 }).explain().advice).toEqual([]);
});

test("long lists of chunks are told with what they cost and what would help", () => {
  const { advice } = nd.ones(100_000, { chunks: 1 }).explain();
  expect(advice).toHaveLength(2);
  expect(advice[0]).toBe("100000 chunks along the axes of an array of 1 axis: describing an operation on it takes about 15 ms and 9.54 MiB; rechunk (\"auto\" gives blocks of 128 MiB) or leave chunks out");
  expect(String(nd.ones(100_000, { chunks: 1 }).explain())).toContain(`chunks: ${advice[0]}`);
});

test("a million blocks of two axes are two short lists: only taking them one by one costs", () => {
  expect(nd.ones([4000, 4000], { chunks: 4 }).explain().advice).toEqual([expect.stringMatching(/^1000000 blocks: taking them one by one with blocks\(\) costs about \d+\.\d s/)]);
});

test("a compute warns once in a process, and not where the log-level is lower", async () => {
  const warnings: { code?: string; message: string }[] = [];
  const listen = (warning: Error): unknown => warnings.push(warning as never);
  process.on("warning", listen);
  try {
    const x = nd.ones(700_000, { chunks: 1 }).max();
    const many = nd.ones(700_000, { chunks: 1 });
    const heard = async (): Promise<number> => {
      await new Promise((resolve) => setImmediate(resolve));
      return warnings.filter(({ code }) => code === "NDLOOM_CHUNKS").length;
    };
    await x.compute(); // one chunk
    expect(await heard()).toBe(0);
    await nd.config.with({ "log-level": "error" }, () => many.compute());
    expect(await heard()).toBe(0);
    await many.compute();
    expect(await heard()).toBe(1);
    expect(warnings.find(({ code }) => code === "NDLOOM_CHUNKS")!.message).toContain("compute: 700000 chunks along the axes");
    await many.compute();
    expect(await heard()).toBe(1);
  } finally {
    process.off("warning", listen);
  }
});
