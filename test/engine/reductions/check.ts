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
  sum: 4, nansum: 4, mean: 4, nanmean: 4, prod: 32, nanprod: 32, var: 8, nanvar: 8, std: 8, nanstd: 8, ptp: 0, median: 1, nanmedian: 1,
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
  readonly bound: number;
  readonly scale: number;
}

const axisOf = (text: string): number | number[] | undefined => (text === "all" ? undefined : text.length === 1 ? Number(text) : [...text].map(Number));
/** The results that there are of an operation. */
const keysOf = (name: string, dtype: DType): string[][] =>
  [...fixture.keys, ...Object.keys(fixture.facts)].map((key) => key.split("/")).filter(([op, , d]) => op === name && d === dtype);

/** Declares the tests of all reductions and scans, on those inputs that `kinds` allows. */
export function checkReductions(title: string, kinds: (kind: string) => boolean): void {
  describe.each(fixture.facts["reductions"] as string[])(`%s, ${title}`, (name) => {
    test.each(DTYPES)("of %s has NumPy's elements along every axis, in every layout", async (dtype) => {
      const keys = keysOf(name, dtype).filter(([, kind]) => kinds(kind!) && !byOrder(name, kind!, dtype));
      expect(keys.length, "results to compare with").toBeGreaterThan(0);
      if (refusesComplex(name, dtype)) return expect(() => functions[name]!(nd.ones(3, { dtype }), {})).toThrow(nd.DTypeError);
      const cases: Case[] = [];
      const faults: string[] = [];
      for (const [, kind, , axis] of keys) {
        const error = fixture.facts[`${name}/${kind}/${dtype}/${axis}`];
        if (error === undefined) cases.push(...reductionCases(name, kind!, dtype, axis!));
        else faults.push(...(await refusals(name, kind!, dtype, axis!)).map((f) => `${f}, NumPy raises ${String(error)}`));
      }
      faults.push(...(await faultsOf(cases)));
      expect(faults.slice(0, 10), `${faults.length} faults`).toEqual([]);
    });
  });
  describe.each(fixture.facts["scans"] as string[])(`%s, ${title}`, (name) => {
    test.each(DTYPES)("of %s has NumPy's elements along every axis, in every layout", async (dtype) => {
      const keys = keysOf(name, dtype).filter(([, kind]) => kinds(kind!) && !byOrder(name, kind!, dtype));
      expect(keys.length, "results to compare with").toBeGreaterThan(0);
      const faults = await faultsOf(keys.flatMap(([, kind, , axis]) => scanCases(name, kind!, dtype, axis!)));
      expect(faults.slice(0, 10), `${faults.length} faults`).toEqual([]);
    });
  });
}

function reductionCases(name: string, kind: string, dtype: DType, axisText: string): Case[] {
  const input = fixture.get(`in/${kind}/${dtype}`);
  const expected = fixture.get(`${name}/${kind}/${dtype}/${axisText}`);
  const axis = axisOf(axisText);
  const options = axis === undefined ? {} : { axis };
  const negative = axis === undefined ? options : { axis: Array.isArray(axis) ? axis.map((a) => a - input.shape.length) : axis - input.shape.length };
  const kept = input.shape.map((n, i) => (axis === undefined || [axis].flat().includes(i) ? 1 : n));
  const make = (what: string, array: AnyArray, shape = expected.shape): Case => ({
    name: `${kind}, axis ${axisText}, ${what}`, array, expected: { ...expected, shape }, bound: boundOf(name, expected.dtype, kind), scale: scaleOf(name, input),
  });
  return [
    ...SOURCES.map((source) => make(source.name, functions[name]!(source.make(input), options))),
    make("keepdims", functions[name]!(SOURCES[1]!.make(input), { ...options, keepdims: true }), kept),
    make("negative axis", functions[name]!(SOURCES[1]!.make(input), negative)),
  ];
}

function scanCases(name: string, kind: string, dtype: DType, axisText: string): Case[] {
  const input = fixture.get(`in/${kind}/${dtype}`);
  const expected = fixture.get(`${name}/${kind}/${dtype}/${axisText}`);
  const axis = axisOf(axisText);
  return SOURCES.map((source) => ({
    name: `${kind}, axis ${axisText}, ${source.name}`, array: functions[name]!(source.make(input), axis === undefined ? {} : { axis }), expected,
    bound: boundOf(name, expected.dtype, kind), scale: scaleOf(name, input),
  }));
}

async function faultsOf(cases: readonly Case[]): Promise<string[]> {
  const results = await nd.compute(cases.map((c) => c.array));
  return cases.flatMap((c, i) => {
    const found = fault(c.array, results[i], c.expected, c.bound, { anyInfinity: true, anyZero: true, scale: c.scale });
    return found === undefined ? [] : [`${c.name}: ${found}`];
  });
}

async function refusals(name: string, kind: string, dtype: DType, axisText: string): Promise<string[]> {
  const axis = axisOf(axisText);
  const label = `${kind}, axis ${axisText}`;
  try {
    await functions[name]!(SOURCES[0]!.make(fixture.get(`in/${kind}/${dtype}`)), axis === undefined ? {} : { axis }).compute();
  } catch (error) {
    return error instanceof nd.NdloomError ? [] : [`${label}: throws ${String(error)}`];
  }
  return [`${label}: does not throw`];
}
