import { expect, test } from "vitest";
import * as nd from "../../../lib/index.js";
import type { AnyArray } from "../../../lib/array/chunked-array.js";
import { drain } from "../../../lib/core/steps.js";
import { ChunkError, OptionError, ShapeError, UnsupportedError } from "../../../lib/errors/index.js";
import { optimize } from "../../../lib/optimize/pipeline.js";
import { lower } from "../../../lib/plan/lower.js";
import { checkOverlap } from "./check.js";

checkOverlap("as users run it");

const mean = (p: AnyArray): AnyArray =>
  [":-2", "1:-1", "2:"].flatMap((r) => [":-2", "1:-1", "2:"].map((c) => p.get(r, c))).reduce((a: AnyArray, b: AnyArray) => a.add(b)).divide(9);

test("a stencil and the fold of it are one pass: nothing is stored", () => {
  const x = nd.fromArray(new Float64Array(3000 * 4000), { shape: [3000, 4000], chunks: 500 }) as AnyArray;
  const y = x.mapOverlap(mean, { depth: 1, boundary: "nearest" });
  const plan = drain(lower(drain(optimize([y.multiply(y).sum().expr]))));
  expect(plan.layers.map((l) => l.name)).toEqual(["add_add, divide, square → sum", "merge sum"]);
  expect(plan.programs.length).toBeLessThanOrEqual(10);
  expect(plan.peakBytes).toBeLessThan(10_000);
});

test("drawn as Dask draws it, with the function's name", () => {
  const x = nd.ones([100, 100], { chunks: 50 }) as AnyArray;
  expect(x.mapOverlap(mean, { depth: 1, boundary: "reflect" }).graph.inputs[0]!.label).toBe("mean");
});

test("what cannot be", () => {
  const x = nd.arange(10, { chunks: 4 }) as AnyArray;
  const same = (p: AnyArray): AnyArray => p;
  expect(() => x.mapOverlap(same, { depth: 11, boundary: "reflect" })).toThrow(ChunkError);
  expect(() => x.mapOverlap(same, { depth: 3, allowRechunk: false })).toThrow(ChunkError);
  expect(() => x.mapOverlap(same, { depth: -1 })).toThrow(OptionError);
  expect(() => x.mapOverlap(same, { depth: [1, 2] })).toThrow(OptionError);
  expect(() => x.mapOverlap(same, { depth: 1, boundary: "mirror" as "none" })).toThrow(OptionError);
  expect(() => x.mapOverlap(same, { depth: { 0: [1, 2] }, boundary: "nearest" })).toThrow(UnsupportedError);
  expect(() => x.mapOverlap(() => 1 as never, { depth: 1 })).toThrow(OptionError);
  expect(() => x.mapOverlap((p: AnyArray) => p.get("3:"), { depth: 1 })).toThrow(ShapeError);
});
