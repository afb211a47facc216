import { expect, test } from "vitest";
import type { AnyArray } from "../../../lib/array/chunked-array.js";
import * as nd from "../../../lib/index.js";
import { elementsOf } from "../../support/assert-array.js";

const SHAPE = [160, 130, 120] as const;
const AXES = [0, 1, 2, [0, 1], [1, 2], [0, 2], undefined] as const;

const values = Float64Array.from({ length: SHAPE[0] * SHAPE[1] * SHAPE[2] }, (_, i) => ((Math.imul(i, 0x9e3779b1) >>> 8) % 1000) / 8 - 60);
const inputs: Readonly<Record<string, () => AnyArray>> = {
  "an array": () => nd.fromArray(values, { shape: [...SHAPE] }),
  "an array transposed": () => nd.fromArray(values, { shape: [...SHAPE] }).transpose([2, 0, 1]),
  "an array backwards": () => nd.fromArray(values, { shape: [...SHAPE] }).get(nd.slice(null, null, -1), ":", nd.slice(null, null, -1)),
  "what is computed": () => nd.fromArray(values, { shape: [...SHAPE] }).add(nd.fromArray(values.subarray(0, SHAPE[2]))).multiply(0.5),
  "random numbers": () => nd.random.defaultRng(5).random([...SHAPE]),
};

test.each(Object.keys(inputs))("reductions of %s along all axes in one compute: as each by itself", async (name) => {
  const x = inputs[name]!();
  const made = AXES.flatMap((axis) => {
    const options = axis === undefined ? {} : { axis: axis as number | number[] };
    const places = typeof axis === "object" ? [] : [x.argmax(options as { axis?: number }), x.argmin(options as { axis?: number })];
    return [
      ...[x.sum(options), x.var(options)].map((array: AnyArray) => ({ array, tolerance: 1e-14 })), // perhaps added up in another order
      ...[x.max(options), ...places].map((array: AnyArray) => ({ array, tolerance: 0 })),
    ];
  });
  const together = await nd.compute(made.map(({ array }) => array));
  for (const [i, { array, tolerance }] of made.entries()) {
    const [got, alone] = [elementsOf(together[i]).map(Number), elementsOf(await array.compute()).map(Number)];
    expect(got.length).toBe(alone.length);
    const scale = alone.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
    const worst = got.reduce((most, v, k) => Math.max(most, Math.abs(v - alone[k]!)), 0);
    expect(worst, `result ${i}`).toBeLessThanOrEqual(tolerance * scale);
  }
});

test("three means that share two inputs: as each by itself", async () => {
  const rng = nd.random.defaultRng(7);
  const [x, y] = [rng.random([2000, 900]), rng.normal(0, 1, { size: [2000, 900] })];
  const made = [x.mean({ axis: 0 }), y.mean({ axis: 0 }), x.multiply(y).mean({ axis: 0 }), x.multiply(y).mean()];
  const together = await nd.compute(made);
  for (const [i, array] of made.entries()) {
    const alone = elementsOf(await array.compute()).map(Number);
    const worst = elementsOf(together[i]).reduce<number>((most, v, k) => Math.max(most, Math.abs(Number(v) - alone[k]!)), 0);
    expect(worst).toBeLessThan(1e-14);
  }
});
