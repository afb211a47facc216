import { describe, expect, test } from "vitest";
import * as nd from "../../../../lib/index.js";

const v = nd.arange(10, { chunks: 4 });
const a = nd.arange(24, { chunks: 24 }).reshape([4, 6]).rechunk([2, 4]);

describe("computeChunkSizes tells what masks left", () => {
  test("of a 1-d array, through element-wise operations", async () => {
    const x = await v.get(v.gt(3)).mul(2).computeChunkSizes();
    expect(x.chunks).toEqual([[0, 4, 2]]);
    expect((await x.get("1:3").compute() as nd.NDArray).toNested()).toEqual([10n, 12n]);
  });

  test("of one axis of several", async () => {
    const x = await a.get(a.get(":", 0).gt(5)).T.computeChunkSizes();
    expect(x.shape).toEqual([6, 3]);
    expect(x.chunks).toEqual([[4, 2], [1, 2]]);
    expect((await x.reshape(-1).sum().compute())).toBe(261n);
  });

  test("an array of known lengths is returned as it is", async () => {
    expect(await v.computeChunkSizes()).toBe(v);
  });

  test("a mask on a mask cannot be told, and says so", async () => {
    const once = v.get(v.gt(3));
    await expect(once.get(once.gt(5)).computeChunkSizes()).rejects.toThrow("computeChunkSizes: the lengths of 3 chunks of \"getitem\" follow from no mask");
  });
});
