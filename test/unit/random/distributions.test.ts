import { describe, expect, test } from "vitest";
import * as nd from "../../../lib/index.js";
import { DISTRIBUTIONS, STANDARD } from "../../../lib/api/random/distributions.js";
import { layersOf } from "../../../lib/graph/graph-node.js";

type R = ReturnType<typeof nd.random.defaultRng>;
const N = 100_000;
const EULER = 0.5772156649015329;

// Name, draw, mean, variance.
const MOMENTS: readonly [string, (r: R, size: number) => nd.AnyArray, number, number][] = [
  ["random", (r, size) => r.random(size), 1 / 2, 1 / 12],
  ["random of float32", (r, size) => r.random(size, { dtype: "float32" }), 1 / 2, 1 / 12],
  ["uniform", (r, size) => r.uniform(-1, 3, { size }), 1, 16 / 12],
  ["normal", (r, size) => r.normal(10, 0.1, { size }), 10, 0.01],
  ["normal of float32", (r, size) => r.normal(1, 2, { size, dtype: "float32" }), 1, 4],
  ["normal of arrays", (r, size) => r.normal(new Float64Array(size).fill(1), nd.full(size, 2, { dtype: "float64" })), 1, 4],
  ["standardNormal", (r, size) => r.standardNormal(size), 0, 1],
  ["lognormal", (r, size) => r.lognormal(0, 0.25, { size }), Math.exp(1 / 32), Math.expm1(1 / 16) * Math.exp(1 / 16)],
  ["exponential", (r, size) => r.exponential(2, { size }), 2, 4],
  ["standardExponential", (r, size) => r.standardExponential(size, { dtype: "float32" }), 1, 1],
  ["laplace", (r, size) => r.laplace(1, 2, { size }), 1, 8],
  ["logistic", (r, size) => r.logistic(1, 2, { size }), 1, (4 * Math.PI ** 2) / 3],
  ["gumbel", (r, size) => r.gumbel(1, 2, { size }), 1 + 2 * EULER, (4 * Math.PI ** 2) / 6],
  ["rayleigh", (r, size) => r.rayleigh(2, { size }), 2 * Math.sqrt(Math.PI / 2), 2 * (4 - Math.PI)],
  ["weibull", (r, size) => r.weibull(2, { size }), Math.sqrt(Math.PI) / 2, 1 - Math.PI / 4],
  ["pareto", (r, size) => r.pareto(6, { size }), 1 / 5, 6 / (25 * 4)],
  ["power", (r, size) => r.power(3, { size }), 3 / 4, 3 / 80],
  ["triangular", (r, size) => r.triangular(0, 1, 4, { size }), 5 / 3, 13 / 18],
  ["triangular of arrays", (r, size) => r.triangular([0], 1, 4, { size }), 5 / 3, 13 / 18],
  ["wald", (r, size) => r.wald(1, 2, { size }), 1, 1 / 2],
  ["gamma", (r, size) => r.gamma(3, 2, { size }), 6, 12],
  ["gamma below 1", (r, size) => r.standardGamma(0.3, { size }), 0.3, 0.3],
  ["gamma of an array", (r, size) => r.gamma([3], 2, { size }), 6, 12],
  ["chisquare", (r, size) => r.chisquare(3, { size }), 3, 6],
  ["f", (r, size) => r.f(5, 20, { size }), 20 / 18, (2 * 400 * 23) / (5 * 18 ** 2 * 16)],
  ["standardT", (r, size) => r.standardT(10, { size }), 0, 10 / 8],
  ["beta", (r, size) => r.beta(2, 3, { size }), 0.4, 0.04],
  ["beta of arrays", (r, size) => r.beta([2], 3, { size }), 0.4, 0.04],
  ["noncentralChisquare", (r, size) => r.noncentralChisquare(3, 2, { size }), 5, 14],
  ["noncentralF", (r, size) => r.noncentralF(5, 20, 3, { size }), (20 * 8) / (5 * 18), (2 * (64 + 11 * 18)) / (18 ** 2 * 16) * 16],
  ["vonmises", (r, size) => r.vonmises(0, 0, { size }), 0, Math.PI ** 2 / 3],
  ["poisson", (r, size) => r.poisson(4, { size }), 4, 4],
  ["poisson of an array", (r, size) => r.poisson([40], { size }), 40, 40],
  ["binomial", (r, size) => r.binomial(10, 0.3, { size }), 3, 2.1],
  ["binomial of an array", (r, size) => r.binomial(100, [0.3], { size }), 30, 21],
  ["geometric", (r, size) => r.geometric(0.3, { size }), 1 / 0.3, 0.7 / 0.09],
  ["negativeBinomial", (r, size) => r.negativeBinomial(5, 0.4, { size }), 7.5, 7.5 / 0.4],
  ["hypergeometric", (r, size) => r.hypergeometric(10, 20, 6, { size }), 2, (6 * 2 * 24) / (9 * 29)],
  ["logseries", (r, size) => r.logseries(0.5, { size }), 1 / Math.LN2, (0.5 * (Math.LN2 - 0.5)) / (0.25 * Math.LN2 ** 2)],
  ["integers", (r, size) => r.integers(10, { size }), 4.5, 99 / 12],
  ["integers of uint8", (r, size) => r.integers(1, 6, { size, endpoint: true, dtype: "uint8" }), 3.5, 35 / 12],
  ["integers of bool", (r, size) => r.integers(0, 2, { size, dtype: "bool" }), 0.5, 0.25],
];

describe("distributions have their mean and variance", () => {
  test.each(MOMENTS)("%s", async (_, draw, mean, variance) => {
    const x = draw(nd.random.defaultRng(2024), N).astype("float64");
    const [m, v] = (await nd.compute([x.mean(), x.var()])) as [number, number];
    expect(Math.abs(m - mean)).toBeLessThan(4.5 * Math.sqrt(variance / N));
    expect(Math.abs(v / variance - 1)).toBeLessThan(0.06);
  });
});

describe("draws look like Dask's", () => {
  const required: Record<string, readonly unknown[]> = {
    beta: [1, 2], binomial: [5, 0.5], chisquare: [2], f: [1, 2], gamma: [2], geometric: [0.5], hypergeometric: [3, 4, 2], logseries: [0.5],
    negativeBinomial: [3, 0.5], noncentralChisquare: [2, 1], noncentralF: [2, 3, 1], pareto: [2], power: [2], standardGamma: [2],
    standardT: [3], triangular: [0, 1, 2], vonmises: [0, 1], wald: [1, 1], weibull: [2], zipf: [2],
  };
  const whole = ["binomial", "geometric", "hypergeometric", "logseries", "negativeBinomial", "poisson", "zipf"];
  const rng = nd.random.defaultRng(1) as unknown as Record<string, (...args: unknown[]) => nd.AnyArray>;
  const snake = (name: string): string => name.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);

  test.each(Object.keys(DISTRIBUTIONS))("%s: one layer of its name, chunks as asked for", (name) => {
    const x = rng[name]!(...(required[name] ?? []), { size: [4, 6], chunks: [2, 3] });
    expect(x.name.startsWith(`${snake(name)}-`)).toBe(true);
    expect(layersOf([x.graph]).map((l) => [l.label, l.count])).toEqual([[snake(name), 4]]);
    expect([x.shape, x.chunks, x.dtype]).toEqual([[4, 6], [[2, 2], [3, 3]], whole.includes(name) ? "int64" : "float64"]);
    expect(rng[name]!(...(required[name] ?? [])).shape).toEqual([]);
  });

  test.each(Object.keys(STANDARD))("%s takes the size first", (name) => {
    const x = rng[name]!([4, 6], { chunks: [2, 3], dtype: "float32" });
    expect([x.shape, x.numblocks, x.dtype, x.name.split("-")[0]]).toEqual([[4, 6], [2, 2], "float32", snake(name)]);
  });

  test("the names that have another layer", () => {
    const [state, generator] = [new nd.random.RandomState(1), nd.random.defaultRng(1)];
    const labels = [
      nd.random.random(3), state.random(3), state.randomSample(3), generator.random(3), nd.random.randint(5), state.randomIntegers(5),
      generator.integers(5), state.tomaxint(3), generator.choice(5), generator.multinomial(3, [0.5, 0.5]),
    ].map((x) => x.name.split("-")[0]);
    expect(labels).toEqual([
      "random_sample", "random_sample", "random_sample", "random", "randint", "random_integers", "integers", "tomaxint", "da.random.choice", "multinomial",
    ]);
  });

  test("arrays as parameters are broadcast and cut alike", () => {
    const x = nd.random.defaultRng(1).normal(nd.ones(6, { chunks: 3 }), 1, { size: [4, 6], chunks: 2 });
    expect(layersOf([x.graph]).map((l) => l.label)).toEqual(["ones_like", "broadcast_to", "rechunk-merge", "normal"]);
    expect(nd.random.defaultRng(1).normal([1, 2, 3], 1).shape).toEqual([3]);
    expect(layersOf([nd.random.defaultRng(1).normal(new Float64Array(6), 1, { chunks: 2 }).graph]).at(-1)!.label).toBe("normal");
  });

  test("automatic chunks follow the dtype", () => {
    const shape = [1000, 1000, 1000];
    expect(nd.random.random(shape).chunks).toEqual([[255, 255, 255, 235], [255, 255, 255, 235], [255, 255, 255, 235]]);
    expect(nd.random.random(shape, { dtype: "float32" }).chunksize).toEqual([322, 322, 322]);
  });
});

describe("arguments", () => {
  const rng = nd.random.defaultRng(1);
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  const any = rng as any;

  test("parameters may stand in the options", async () => {
    const a = nd.random.normal(3, 2, { size: 5, seed: 1 });
    const b = nd.random.normal({ loc: 3, scale: 2, size: 5, seed: 1 });
    const c = nd.random.normal(3, { scale: 2, size: 5, seed: 1 } as never);
    expect([b.name, c.name]).toEqual([a.name, a.name]);
  });

  test.each<[string, () => unknown, string]>([
    ["a negative scale", () => rng.normal(0, -1), "normal: expected a number ≥ 0 as scale, got -1."],
    ["NaN", () => rng.normal(NaN), "normal: expected a number as loc, got NaN."],
    ["a word", () => any.normal("3"), 'normal: expected a number as loc, got "3".'],
    ["nothing where something is needed", () => any.gamma(), "gamma: expected a finite number ≥ 0 as shape, got undefined."],
    ["a misspelt option", () => any.normal({ sise: 3 }), "normal: there is no option sise. Did you mean size?"],
    ["a size by position", () => any.normal(0, 1, 3), "normal: expected at most 2 values before the options, got 3; size and other options go in an object: normal(loc, scale, { size })."],
    ["a parameter twice", () => any.normal(0, 1, { loc: 3 }), "normal: loc is given twice, by position and as an option."],
    ["a seed for a generator's draw", () => any.random(3, { seed: 1 }), "random: there is no option seed; it takes size, chunks, dtype."],
    ["bounds in the wrong order", () => rng.uniform(3, 1), "uniform: expected low ≤ high, both finite and not too far apart, got 3 and 1."],
    ["no number between", () => rng.integers(5, 5), "integers: expected low < high, got 5 and 5."],
    ["a bound beyond the dtype", () => rng.integers(300, { dtype: "uint8" }), "integers: expected bounds that uint8 holds (0 to 255), got 0 and 299; use a wider dtype."],
    ["a fraction as a bound", () => rng.integers(2.5), "integers: expected a whole number as low, got 2.5."],
    ["a probability above 1", () => rng.binomial(5, 1.5), "binomial: expected a number from 0 to 1 as p, got 1.5."],
    ["more than there is", () => rng.hypergeometric(5, 5, 11), "hypergeometric: expected nsample ≤ ngood + nbad = 10, got 11."],
    ["a mode outside", () => rng.triangular(0, 5, 4), "triangular: expected left ≤ mode ≤ right and left < right, got 0, 5 and 4."],
    ["a dtype that is not real", () => any.normal({ dtype: "int8" }), 'normal: expected float64 or float32, got int8; draw float64 and use astype("int8").'],
    ["shapes that do not fit", () => rng.normal([1, 2, 3], 1, { size: [2, 2] }), "normal: shapes (3,) and (2, 2) do not broadcast: axis -1 is 3 vs 2."],
    ["a size smaller than the parameters", () => rng.normal([1, 2, 3], 1, { size: 1 }), "normal: parameters of shape (3,) do not broadcast to size (1,)."],
    ["probabilities above 1 together", () => rng.multinomial(3, [0.9, 0.9, 0.1]), "multinomial: expected probabilities whose sum without the last is at most 1, got 1.8."],
  ])("%s is refused", (_, call, message) => {
    expect(call).toThrow(nd.NdloomError);
    try {
      call();
    } catch (error) {
      expect((error as Error).message).toBe(message);
    }
  });

  test("an element of an array outside the domain gives NaN, or 0", async () => {
    const x = (await rng.normal(0, [1, -1, NaN, 0]).compute()) as nd.NDArray<"float64">;
    expect(Array.from(x.data, Number.isNaN)).toEqual([false, true, true, false]);
    expect(Array.from(((await rng.gamma([-1, 2]).compute()) as nd.NDArray<"float64">).data, Number.isNaN)).toEqual([true, false]);
    expect(((await rng.poisson([-1, 0, NaN]).compute()) as nd.NDArray<"int64">).toNested()).toEqual([0n, 0n, 0n]);
  });

  test("numbers keep to their range", async () => {
    const n = 20_000;
    const range = async (x: nd.AnyArray): Promise<[unknown, unknown]> => nd.compute([x.min(), x.max()]) as never;
    expect(await range(rng.integers(-3, 4, { size: n }))).toEqual([-3n, 3n]);
    expect(await range(rng.integers(0, 255, { size: n, endpoint: true, dtype: "uint8" }))).toEqual([0, 255]);
    expect(await range(nd.random.randomIntegers(1, 3, { size: n }))).toEqual([1n, 3n]);
    const [low, high] = (await range(rng.integers(0n, 2n ** 64n, { size: n, dtype: "uint64" }))) as [bigint, bigint];
    expect(low < 2n ** 54n && high > 2n ** 64n - 2n ** 54n).toBe(true);
    for (const [x, a, b] of [[rng.random(n), 0, 1], [rng.uniform(2, 3, { size: n }), 2, 3], [rng.beta(0.1, 0.1, { size: n }), 0, 1],
      [rng.vonmises(3, 2, { size: n }), -Math.PI, Math.PI], [rng.power(0.5, { size: n }), 0, 1]] as [nd.AnyArray, number, number][]) {
      const [min, max] = (await range(x)) as [number, number];
      expect(min >= a && max <= b).toBe(true);
    }
  });

  test("parameters at the end of their domain", async () => {
    expect(await rng.normal(3, 0).compute()).toBe(3);
    expect(await rng.weibull(0).compute()).toBe(0);
    expect(await rng.gamma(0).compute()).toBe(0);
    expect(await rng.uniform(2, 2).compute()).toBe(2);
    expect(await rng.binomial(7, 1).compute()).toBe(7n);
    expect(await rng.poisson(0).compute()).toBe(0n);
    expect(((await rng.random([0, 3]).compute()) as nd.NDArray<"float64">).shape).toEqual([0, 3]);
  });
});
