import { describe, expect, test } from "vitest";
import * as nd from "../../../lib/index.js";
import { Keys, partKey, type Seed } from "../../../lib/api/random/keys.js";

const values = async (x: nd.AnyArray): Promise<unknown> => ((await x.compute()) as nd.NDArray<"float64">).toNested();
const firstKey = (seed: Seed): bigint => new Keys("test", seed).next();

describe("seeds", () => {
  test("the same seed gives the same keys, different seeds give different ones", () => {
    const seeds: Seed[] = [0, 1, 2, 42, 2n ** 64n, 2n ** 64n + 1n, 2n ** 128n, [], [0], [0, 0], [1, 2], [2, 1], [1, 0, 2]];
    const keys = seeds.map(firstKey);
    expect(seeds.map(firstKey)).toEqual(keys);
    expect(new Set(keys).size).toBe(seeds.length - 1); // 0 and [0] are one
    expect(firstKey(0)).toBe(firstKey([0n]));
    for (const key of keys) expect(key >= 0n && key < 2n ** 64n).toBe(true);
  });

  test("the keys of a seed are frozen", () => {
    const keys = new Keys("test", 42);
    expect([keys.next(), keys.next()].map((k) => k.toString(16))).toEqual(FROZEN);
  });

  test("draws and their parts have keys of their own", () => {
    const keys = new Keys("test", 1);
    const seen = new Set<bigint>();
    for (let draw = 0; draw < 1000; draw++) {
      const key = keys.next();
      for (let part = 0; part < 4; part++) seen.add(partKey(key, part));
    }
    expect(seen.size).toBe(4000);
  });

  test.each([-1, 1.5, NaN, Infinity, 2 ** 53, -1n, "7", {}, [1, -1]])("%s is no seed", (seed) => {
    expect(() => nd.random.defaultRng(seed as never)).toThrow(nd.OptionError);
  });

  test("a generator is returned as it is", () => {
    const rng = nd.random.defaultRng(1);
    expect(nd.random.defaultRng(rng)).toBe(rng);
  });

  test("a draw of a module function with a seed is the first draw of a generator with it, and of a RandomState", async () => {
    const expected = await values(nd.random.defaultRng(7).normal(0, 1, { size: 5 }));
    expect(await values(nd.random.normal(0, 1, { size: 5, seed: 7 }))).toEqual(expected);
    expect(await values(new nd.random.RandomState(7).normal(0, 1, { size: 5 }))).toEqual(expected);
    const state = new nd.random.RandomState(3);
    state.normal();
    state.seed(7);
    expect(await values(state.normal({ size: 5 }))).toEqual(expected);
    nd.random.seed(7);
    expect(await values(nd.random.normal({ size: 5 }))).toEqual(expected);
    expect(await values(nd.random.normal({ size: 5 }))).not.toEqual(expected);
  });

  test("draws without a seed differ, in values and in name", async () => {
    const [a, b] = [nd.random.random(4), nd.random.random(4)];
    expect(a.name).not.toBe(b.name);
    expect(await values(a)).not.toEqual(await values(b));
    expect(await values(a)).toEqual(await values(a));
  });

  test("a refused draw takes no key", () => {
    const [a, b] = [nd.random.defaultRng(1), nd.random.defaultRng(1)];
    expect(() => a.normal(0, -1)).toThrow(nd.OptionError);
    expect(() => a.integers(3, 3)).toThrow(nd.OptionError);
    expect(() => a.random(3, { chunks: [2, 2] as never })).toThrow(nd.ChunkError);
    expect(a.random(3).name).toBe(b.random(3).name);
  });
});

describe("a number is a function of seed and place", () => {
  test.each([
    ["random", (r: R, chunks: number) => r.random([7, 11], { chunks })],
    ["float32", (r: R, chunks: number) => r.standardNormal([7, 11], { chunks, dtype: "float32" })],
    ["normal", (r: R, chunks: number) => r.normal(1, 2, { size: [7, 11], chunks })],
    ["beta", (r: R, chunks: number) => r.beta(2, 3, { size: [7, 11], chunks })],
    ["poisson of an array", (r: R, chunks: number) => r.poisson(nd.arange(11, { chunks: 3 }), { size: [7, 11], chunks })],
    ["multinomial", (r: R, chunks: number) => r.multinomial(9, [0.2, 0.3, 0.5], { size: [7, 11], chunks })],
    ["choice", (r: R, chunks: number) => r.choice(100, { size: [7, 11], chunks, replace: false })],
  ])("%s does not depend on the chunks", async (_, draw) => {
    const all = await values(draw(nd.random.defaultRng(5), 100));
    for (const chunks of [1, 2, 5]) expect(await values(draw(nd.random.defaultRng(5), chunks))).toEqual(all);
  });

  test("a part computed alone is the part of the whole", async () => {
    const x = nd.random.defaultRng(9).normal(0, 1, { size: [20, 30], chunks: 7 });
    const all = (await x.compute()) as nd.NDArray<"float64">;
    const part = (await x.get("3:19:4", "::-3").compute()) as nd.NDArray<"float64">;
    const expected = [3, 7, 11, 15].map((i) => Array.from({ length: 10 }, (_, j) => all.data[i * 30 + 29 - 3 * j]));
    expect(part.toNested()).toEqual(expected);
    const turned = (await x.T.get(4).compute()) as nd.NDArray<"float64">;
    expect(turned.toNested()).toEqual(Array.from({ length: 20 }, (_, i) => all.data[i * 30 + 4]));
  });
});

type R = ReturnType<typeof nd.random.defaultRng>;
const FROZEN = ["b46ec5e8f3ece91f", "878f377736444db9"];
