import { expectTypeOf, test } from "vitest";
import * as nd from "ndloom";

const rng = nd.random.defaultRng(1);

test("draws know dtype and number of axes", () => {
  expectTypeOf(rng.normal(0, 1, { size: [2, 3] })).toEqualTypeOf<nd.ChunkedArray<"float64", [number, number]>>();
  expectTypeOf(rng.normal({ loc: 1, size: 5, dtype: "float32" })).toEqualTypeOf<nd.ChunkedArray<"float32", [number]>>();
  expectTypeOf(rng.normal()).toEqualTypeOf<nd.ChunkedArray<"float64", []>>();
  expectTypeOf(rng.random([2, 3, 4])).toEqualTypeOf<nd.ChunkedArray<"float64", [number, number, number]>>();
  expectTypeOf(rng.poisson(3, { size: 4 })).toEqualTypeOf<nd.ChunkedArray<"int64", [number]>>();
  expectTypeOf(rng.integers(10, { size: 3, dtype: "uint8" })).toEqualTypeOf<nd.ChunkedArray<"uint8", [number]>>();
  expectTypeOf(rng.integers(0, 10, { size: 3 })).toEqualTypeOf<nd.ChunkedArray<"int64", [number]>>();
  expectTypeOf(rng.choice(10, { size: [2, 2] })).toEqualTypeOf<nd.ChunkedArray<"int64", [number, number]>>();
  expectTypeOf(rng.choice(nd.ones(3), { size: 2 }).dtype).toEqualTypeOf<"float64">();
  expectTypeOf(rng.permutation(nd.ones([3, 2]))).toEqualTypeOf<nd.ChunkedArray<"float64", [number, number]>>();
  expectTypeOf(rng.permutation(5)).toEqualTypeOf<nd.ChunkedArray<"int64", [number]>>();
  expectTypeOf(rng.normal(nd.ones(3), 1).dtype).toEqualTypeOf<"float64">();
});

test("only draws of the module take a seed", () => {
  nd.random.normal(0, 1, { size: 3, seed: 42 });
  nd.random.random(3, { seed: [1, 2n] });
  // @ts-expect-error a generator has a seed of its own
  rng.normal(0, 1, { size: 3, seed: 42 });
  // @ts-expect-error a bad dtype
  rng.normal(0, 1, { size: 3, dtype: "int8" });
  // @ts-expect-error a misspelt option
  rng.normal(0, 1, { sise: 3 });
});
