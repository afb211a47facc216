import { describe, expect, test, vi } from "vitest";

// Operands "too large for one piece" are made block by block; sizes are small here.
vi.mock("../../../lib/plan/sizes.js", () => import("../../support/small-cells.js"));
const nd = await import("../../../lib/index.js");

const dtypes = ["float64", "float32", "float16", "complex128", "complex64", "int64", "int8", "bool"] as const;

describe.each(dtypes)("products of large computed operands, %s", (dtype) => {
  const matrix = (shape: [number, number], by: number): ReturnType<typeof nd.ones> =>
    nd.arange(shape[0] * shape[1], { dtype: "float64" }).mod(by).reshape(shape).astype(dtype) as never;

  test.each([[30, 26, 23], [9, 100, 11], [100, 7, 90], [200, 30, 3]])("[%d, %d] × [.., %d] are those of the same in memory", async (m, k, n) => {
    const [a, b] = [matrix([m, k], 5), matrix([k, n], 3)];
    const [ma, mb] = [await a.persist(), await b.persist()];
    const got = await nd.matmul(a, b).compute();
    const want = await nd.matmul(ma, mb).compute();
    expect(got.shape).toEqual([m, n]);
    expect(got.dtype).toBe(dtype);
    expect([...got.data as Iterable<unknown>]).toEqual([...want.data as Iterable<unknown>]);
    expect((await nd.matmul(a, b).sum().compute()) as unknown).toEqual((await nd.matmul(ma, mb).sum().compute()) as unknown);
    expect(nd.matmul(a, b).explain().stages.some((s) => s.name === "matmul" && s.cells > 1)).toBe(true);
  });
});

test("stacks of them too, and one factor may be in memory", async () => {
  const a = nd.arange(3 * 20 * 30, { dtype: "float64" }).mod(7).reshape([3, 20, 30]);
  const b = nd.arange(30 * 25, { dtype: "float64" }).mod(4).reshape([30, 25]);
  const kept = await b.persist();
  const want = await nd.matmul(await a.persist(), kept).compute();
  for (const product of [nd.matmul(a, b), nd.matmul(a, kept)]) {
    expect([...(await product.compute()).data]).toEqual([...want.data]);
    expect(await product.mul(2).sum().compute()).toBe([...want.data as Float64Array].reduce((x, y) => x + 2 * y, 0));
  }
});
