import { describe, expect, test } from "vitest";
import type { AnyArray } from "../../../lib/array/chunked-array.js";
import { type DType, DTYPES, isComplex } from "../../../lib/core/dtype.js";
import * as nd from "../../../lib/index.js";
import { largest } from "../../support/closeness.js";
import { type Elements, readFixture } from "../../support/numpy-fixtures.js";
import { SOURCES } from "../../support/sources.js";
import { fault } from "../sweep/compare.js";

const fixture = readFixture("reductions");
type Options = { axis?: number | number[]; keepdims?: boolean };
type Reduction = (x: AnyArray, options: Options) => AnyArray;
const functions = nd as unknown as Readonly<Record<string, Reduction>>;

/** Units in the last place of the result, or where sums cancel of the largest element (its square for var). */
const ROUNDS: Readonly<Record<string, number>> = {
  sum: 4, nansum: 4, mean: 4, nanmean: 4, prod: 8, nanprod: 8, var: 8, nanvar: 8, std: 8, nanstd: 8, ptp: 0, median: 1, nanmedian: 1,
  cumsum: 8, nancumsum: 8, cumprod: 64, nancumprod: 64,
};
/** Products of complex numbers cancel in a part; the distance is in units of the larger one. */
const COMPLEX_FACTOR = 16;
const boundOf = (name: string, dtype: DType, kind: string): number =>
  (ROUNDS[name] ?? 0) * (isComplex(dtype) && name.includes("prod") ? COMPLEX_FACTOR : 1) * (kind === "long" ? 16 : 1);

const scaleOf = (name: string, input: Elements): number => (name.includes("prod") ? 0 : name.includes("var") ? largest(input) ** 2 : largest(input));

/** NumPy's complex products of infinities depend on their order. */
const byOrder = (name: string, kind: string, dtype: DType): boolean => name.includes("prod") && kind === "infinite" && isComplex(dtype);
/** Where this library differs on purpose. */
const refusesComplex = (name: string, dtype: DType): boolean => name.endsWith("median") && isComplex(dtype);

interface Case {
  readonly name: string;
  readonly array: AnyArray;
  readonly expected: Elements;
}

const axisOf = (text: string): number | number[] | undefined => (text === "all" ? undefined : text.length === 1 ? Number(text) : [...text].map(Number));
const keysOf = (name: string, dtype: DType): string[][] =>
  [...fixture.keys, ...Object.keys(fixture.facts)].map((key) => key.split("/")).filter(([op, , d]) => op === name && d === dtype);

describe.each(fixture.facts["reductions"] as string[])("%s", (name) => {
  test.each(DTYPES)("of %s has NumPy's elements along every axis, in every layout", async (dtype) => {
    const keys = keysOf(name, dtype);
    expect(keys.length, "results to compare with").toBeGreaterThan(0);
    if (refusesComplex(name, dtype)) return expect(() => functions[name]!(nd.ones(3, { dtype }), {})).toThrow(nd.DTypeError);
    const faults: string[] = [];
    for (const [, kind, , axis] of keys) {
      if (byOrder(name, kind!, dtype) ) continue;
      faults.push(...(await check(name, kind!, dtype, axis!)));
    }
    expect(faults.slice(0, 10), `${faults.length} faults`).toEqual([]);
  });
});

async function check(name: string, kind: string, dtype: DType, axisText: string): Promise<string[]> {
  const key = `${name}/${kind}/${dtype}/${axisText}`;
  const input = fixture.get(`in/${kind}/${dtype}`);
  const axis = axisOf(axisText);
  const options = axis === undefined ? {} : { axis };
  const error = fixture.facts[key];
  const label = `${kind}, axis ${axisText}`;
  if (error !== undefined) return (await refuses(() => functions[name]!(SOURCES[0]!.make(input), options))).map((f) => `${label}: ${f}, NumPy raises ${error}`);
  const expected = fixture.get(key);
  const kept = input.shape.map((n, i) => (axis === undefined || [axis].flat().includes(i) ? 1 : n));
  const negative = axis === undefined ? options : { axis: Array.isArray(axis) ? axis.map((a) => a - input.shape.length) : axis - input.shape.length };
  const cases: Case[] = [
    ...SOURCES.map((source) => ({ name: source.name, array: functions[name]!(source.make(input), options), expected })),
    { name: "keepdims", array: functions[name]!(SOURCES[1]!.make(input), { ...options, keepdims: true }), expected: { ...expected, shape: kept } },
    { name: "negative axis", array: functions[name]!(SOURCES[1]!.make(input), negative), expected },
  ];
  return faultsOf(cases, boundOf(name, expected.dtype, kind), label, scaleOf(name, input));
}

async function faultsOf(cases: readonly Case[], bound: number, label: string, scale: number): Promise<string[]> {
  const results = await nd.compute(cases.map((c) => c.array));
  return cases.flatMap((c, i) => {
    const found = fault(c.array, results[i], c.expected, bound, { anyInfinity: true, anyZero: true, scale });
    return found === undefined ? [] : [`${label}, ${c.name}: ${found}`];
  });
}

async function refuses(make: () => AnyArray): Promise<string[]> {
  try {
    await make().compute();
  } catch (error) {
    return error instanceof nd.NdloomError ? [] : [`throws ${String(error)}`];
  }
  return ["does not throw"];
}

describe.each(fixture.facts["scans"] as string[])("%s", (name) => {
  test.each(DTYPES)("of %s has NumPy's elements along every axis, in every layout", async (dtype) => {
    const faults: string[] = [];
    for (const [, kind, , axisText] of keysOf(name, dtype)) {
      if (byOrder(name, kind!, dtype)) continue;
      const input = fixture.get(`in/${kind}/${dtype}`);
      const axis = axisOf(axisText!);
      const options = axis === undefined ? {} : { axis };
      const expected = fixture.get(`${name}/${kind}/${dtype}/${axisText}`);
      const cases = SOURCES.map((source) => ({ name: source.name, array: functions[name]!(source.make(input), options), expected }));
      faults.push(...(await faultsOf(cases, boundOf(name, expected.dtype, kind!), `${kind}, axis ${axisText}`, scaleOf(name, input))));
    }
    expect(faults.slice(0, 10), `${faults.length} faults`).toEqual([]);
  });
});
