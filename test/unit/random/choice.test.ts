import { describe, expect, test } from "vitest";
import * as nd from "../../../lib/index.js";

const rng = (seed = 1): ReturnType<typeof nd.random.defaultRng> => nd.random.defaultRng(seed);
const numbers = async (x: nd.AnyArray): Promise<number[]> => Array.from(((await x.compute()) as nd.NDArray<"int64">).data, Number);

function counts(values: readonly number[], n: number): number[] {
  const result = new Array<number>(n).fill(0);
  for (const v of values) result[v]!++;
  return result;
}
/** How far counts are from what is expected, in standard deviations of chi-square. */
function deviation(got: readonly number[], expected: readonly number[]): number {
  const used = expected.map((e, i) => [e, got[i]!] as const).filter(([e]) => e > 0);
  const chi = used.reduce((sum, [e, g]) => sum + (g - e) ** 2 / e, 0);
  return (chi - (used.length - 1)) / Math.sqrt(2 * (used.length - 1));
}

describe("choice", () => {
  test("all numbers below n are equally likely", async () => {
    const got = counts(await numbers(rng().choice(10, { size: 50_000 })), 10);
    expect(deviation(got, new Array(10).fill(5000))).toBeLessThan(4);
  });

  test.each([[3], [32], [33], [500]])("probabilities of %i outcomes are met, and none is never chosen", async (n) => {
    const weights = Array.from({ length: n }, (_, i) => (i % 7 === 1 ? 0 : i + 1));
    const total = weights.reduce((a, b) => a + b);
    const got = counts(await numbers(rng(3).choice(n, { size: 200_000, p: weights.map((w) => w / total) })), n);
    expect(deviation(got, weights.map((w) => (200_000 * w) / total))).toBeLessThan(4);
    weights.forEach((w, i) => w === 0 && expect(got[i]).toBe(0));
  });

  test("of an array, elements come with its dtype", async () => {
    const a = nd.fromArray(new Float32Array([1.5, 2.5, 3.5]), { chunks: 1 });
    const x = rng().choice(a, { size: [40, 5], chunks: 10 });
    expect([x.dtype, x.shape, x.numblocks, x.name.split("-")[0]]).toEqual(["float32", [40, 5], [4, 1], "da.random.choice"]);
    expect(new Set(await numbers(x))).toEqual(new Set([1.5, 2.5, 3.5]));
  });

  test.each([[20, 20], [1000, 5], [100_000, 1000]])("of %i without replacement, %i are different", async (n, size) => {
    const got = await numbers(rng().choice(n, { size, replace: false }));
    expect(new Set(got).size).toBe(size);
    expect(got.every((v) => v >= 0 && v < n)).toBe(true);
  });

  test("weighted without replacement: first places by weight, none without", async () => {
    const p = [0.5, 0.3, 0.2, 0];
    const first = new Array<number>(4).fill(0);
    for (let seed = 0; seed < 2000; seed++) {
      const got = await numbers(rng(seed).choice(4, { size: 3, replace: false, p }));
      expect([...got].sort()).toEqual([0, 1, 2]);
      first[got[0]!]!++;
    }
    expect(deviation(first, p.map((w) => 2000 * w))).toBeLessThan(4);
  });

  test("one element has no axes", async () => {
    expect(await rng().choice(1).compute()).toBe(0n);
    expect(await rng().choice(5, { size: 0 }).compute()).toMatchObject({ shape: [0] });
  });

  test.each<[string, () => unknown, string]>([
    ["too many", () => rng().choice(3, { size: 4, replace: false }), "choice: expected a size of at most 3 without replacement, got 4; use replace: true."],
    ["nothing to choose from", () => rng().choice(0, { size: 1 }), "choice: expected something to choose from, got nothing."],
    ["two axes", () => rng().choice(nd.ones([2, 2])), "choice: expected a 1-d array of known length, got shape (2, 2); ravel it first."],
    ["too few probabilities", () => rng().choice(3, { p: [0.5, 0.5] }), "choice: expected 3 probabilities, got 2."],
    ["probabilities that do not add up", () => rng().choice(2, { p: [0.5, 0.4] }), "choice: expected probabilities that add up to 1, got 0.9."],
    ["a negative probability", () => rng().choice(2, { p: [1.5, -0.5] }), "choice: expected probabilities from 0 to 1, got 1.5 at 0."],
    ["a fraction", () => rng().choice(2.5), "choice: expected a whole number ≥ 0 or a 1-d array, got 2.5."],
    ["another axis", () => rng().choice(3, { axis: 1 as never }), "choice: expected axis 0, as a has one axis, got 1."],
  ])("%s is refused", (_, call, message) => {
    try {
      call();
    } catch (error) {
      expect(error).toBeInstanceOf(nd.NdloomError);
      return expect((error as Error).message).toBe(message);
    }
    throw new Error("nothing was thrown");
  });
});

describe("permutation", () => {
  test.each([1, 2, 1000, 65_536, 65_537, 200_003])("of %i has each number once", async (n) => {
    const x = rng().permutation(n);
    expect([x.dtype, x.shape]).toEqual(["int64", [n]]);
    const got = await numbers(x);
    expect(new Set(got).size).toBe(n);
    expect(got.every((v) => v >= 0 && v < n)).toBe(true);
  });

  test("all orders of few elements are equally likely", async () => {
    const orders = new Map<string, number>();
    for (let seed = 0; seed < 2400; seed++) {
      const order = (await numbers(rng(seed).permutation(4))).join("");
      orders.set(order, (orders.get(order) ?? 0) + 1);
    }
    expect(orders.size).toBe(24);
    expect(deviation([...orders.values()], new Array(24).fill(100))).toBeLessThan(4);
  });

  test("of an array moves whole rows and keeps the chunks", async () => {
    const x = nd.arange(60).reshape([20, 3]).rechunk([6, 2]);
    const y = rng().permutation(x);
    expect([y.shape, y.chunks, y.dtype]).toEqual([x.shape, x.chunks, x.dtype]);
    const rows = ((await y.compute()) as nd.NDArray<"int64">).toNested() as bigint[][];
    for (const row of rows) expect(row).toEqual([row[0], row[0]! + 1n, row[0]! + 2n]);
    expect(rows.map((r) => Number(r[0]) / 3).sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i));
    expect(rows.map((r) => Number(r[0]) / 3)).not.toEqual(Array.from({ length: 20 }, (_, i) => i));
  });

  test("of nothing is nothing; scalars are refused", async () => {
    expect(rng().permutation(0).shape).toEqual([0]);
    expect(() => rng().permutation(-1)).toThrow(nd.OptionError);
    expect(() => rng().permutation(nd.asarray(3.5))).toThrow(nd.OptionError);
  });
});

describe("multinomial", () => {
  test("counts add up, and follow the probabilities", async () => {
    const x = rng().multinomial(50, [0.1, 0, 0.3, 0.6], { size: [300, 10], chunks: 100 });
    expect([x.shape, x.chunks]).toEqual([[300, 10, 4], [[100, 100, 100], [10], [4]]]);
    const [sums, means, variance] = (await nd.compute([x.sum({ axis: -1 }), x.mean({ axis: [0, 1] }), x.var({ axis: [0, 1] })])) as nd.NDArray<"float64">[];
    expect(new Set(sums!.data as unknown as Iterable<bigint>)).toEqual(new Set([50n]));
    [5, 0, 15, 30].forEach((mean, i) => expect(Math.abs(means!.data[i]! - mean)).toBeLessThan(0.4));
    [4.5, 0, 10.5, 12].forEach((v, i) => expect(Math.abs(variance!.data[i]! - v)).toBeLessThan(1));
  });

  test("of none and of one outcome", async () => {
    expect(((await rng().multinomial(0, [0.5, 0.5]).compute()) as nd.NDArray<"int64">).toNested()).toEqual([0n, 0n]);
    expect(((await rng().multinomial(7, [1]).compute()) as nd.NDArray<"int64">).toNested()).toEqual([7n]);
    expect(() => rng().multinomial(-1, [1])).toThrow(nd.OptionError);
  });
});
