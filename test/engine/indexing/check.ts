// Indices of every kind against plain lists: Python's rules for slices, NumPy's for the rest.
import { describe, expect, test } from "vitest";
import type { AnyArray } from "../../../lib/array/chunked-array.js";
import { NDArray } from "../../../lib/array/nd-array.js";
import * as nd from "../../../lib/index.js";

/** The places that Python's slice(start, stop, step) names on an axis of length n. */
function placesOf(start: number | null, stop: number | null, step: number, n: number): number[] {
  const clamp = (v: number): number => Math.max(step < 0 ? -1 : 0, Math.min(step < 0 ? n - 1 : n, v < 0 ? v + n : v));
  const first = start === null ? (step < 0 ? n - 1 : 0) : clamp(start);
  const end = stop === null ? (step < 0 ? -1 : n) : clamp(stop);
  const places: number[] = [];
  for (let i = first; step < 0 ? i > end : i < end; i += step) places.push(i);
  return places;
}

const cube = Array.from({ length: 4 }, (_, i) => Array.from({ length: 5 }, (_, j) => Array.from({ length: 6 }, (_, k) => 100 * i + 10 * j + k)));
const flatCube = Float64Array.from(cube.flat(2));
const CUTS: readonly (number | number[])[] = [-1, [2, 3, 4], [1, 2, 1]];
const cubes = (): AnyArray[] => [
  ...CUTS.map((chunks) => nd.fromArray(flatCube, { shape: [4, 5, 6], chunks })),
  nd.arange(120, { dtype: "float64", chunks: 7 }).reshape([4, 5, 6]).rechunk([2, 2, 2]).mul(1).add(nd.fromArray(flatCube.map((v, i) => v - i), { shape: [4, 5, 6] })),
];

const nested = (x: unknown): unknown => (x instanceof NDArray ? x.toNested() : x);
interface Case {
  readonly name: string;
  readonly array: AnyArray;
  readonly expected: unknown;
}
async function check(cases: readonly Case[]): Promise<void> {
  const faults: string[] = [];
  for (const optimizeGraph of [true, false]) {
    const results = await nd.compute(cases.map((c) => c.array), { optimizeGraph });
    cases.forEach((c, i) => {
      const [got, want] = [JSON.stringify(nested(results[i]), bigints), JSON.stringify(c.expected, bigints)];
      if (got !== want) faults.push(`${c.name}, optimised ${optimizeGraph}: ${got}, expected ${want}`);
    });
  }
  expect(faults.slice(0, 8), `${faults.length} faults`).toEqual([]);
}
const bigints = (_: string, v: unknown): unknown => (typeof v === "bigint" ? Number(v) : v);
const text = (v: number | null): string => (v === null ? "" : String(v));

export function checkIndexing(title: string): void {
  describe(`indexing, ${title}`, () => {
    test.each([0, 1, 5, 9])("every slice of %i elements", async (n) => {
      const values = Float64Array.from({ length: n }, (_, i) => i + 0.5);
      const ends = [null, ...Array.from({ length: 2 * n + 5 }, (_, i) => i - n - 2)].filter((v, i) => n < 9 || v === null || i % 3 === 0);
      for (const step of [1, 2, 3, 7, -1, -2, -3, -7]) {
        const cases: Case[] = [];
        for (const start of ends) {
          for (const stop of ends) {
            const x = nd.fromArray(values, { chunks: n === 0 ? -1 : (cases.length % 4) + 1 });
            const index = cases.length % 2 === 0 ? `${text(start)}:${text(stop)}:${step}` : nd.slice(start, stop, step);
            cases.push({ name: `${text(start)}:${text(stop)}:${step}`, array: x.get(index), expected: placesOf(start, stop, step, n).map((i) => i + 0.5) });
          }
        }
        await check(cases);
      }
    });

    test("basic indices of three axes", async () => {
      const indices: readonly (readonly [string, (c: number[][][]) => unknown])[] = [
        ["2", (c) => c[2]], ["-1, 1", (c) => c[3]![1]], ["1, 2, 3", (c) => c[1]![2]![3]], ["'...', 0", (c) => c.map((r) => r.map((v) => v[0]))],
        ["':', 1, '::-2'", (c) => c.map((r) => [5, 3, 1].map((k) => r[1]![k]))], ["'::-1', '::-1', '::-1'", (c) => [...c].reverse().map((r) => [...r].reverse().map((v) => [...v].reverse()))],
        ["null, 0, null, '1:3'", (c) => [[[c[0]![1], c[0]![2]]]]], ["0, '...', null, 5", (c) => c[0]!.map((v) => [v[5]])], ["'1:1'", () => []], ["'5:', 0", () => []],
        ["'::3', '::2', '::5'", (c) => [0, 3].map((i) => [0, 2, 4].map((j) => [0, 5].map((k) => c[i]![j]![k])))],
      ];
      await check(indices.flatMap(([code, pick]) => cubes().map((x, i) => ({ name: `${code} of ${i}`, array: new Function("x", `return x.get(${code})`)(x) as AnyArray, expected: pick(cube) }))));
    });

    test("slices of slices, and of transposes", async () => {
      await check(cubes().flatMap((x, i) => [
        { name: `twice ${i}`, array: x.get("::-1", "1:", "::2").get("1:3", "::-2").get(0), expected: [4, 2].map((j) => [0, 2, 4].map((k) => cube[2]![j]![k])) },
        { name: `transposed ${i}`, array: nd.transpose(x, { axes: [2, 0, 1] }).get("1::3", -1, "::-1"), expected: [1, 4].map((k) => [4, 3, 2, 1, 0].map((j) => cube[3]![j]![k])) },
      ]));
    });

    const LISTS = [[0], [3, 0, 2], [-1, -4, 1, 1, 1], [], [2, 2, -2, 0, 3, 1, 0, 0, 0, 3]];
    test.each([0, 1, 2])("lists on axis %i, as lists, typed arrays and lazy arrays", async (axis) => {
      const pick = (list: number[]): unknown => {
        const at = <T>(row: readonly T[]): T[] => list.map((i) => row.at(i)!);
        return axis === 0 ? at(cube) : cube.map((r) => (axis === 1 ? at(r) : r.map((v) => at(v))));
      };
      await check(LISTS.flatMap((list) => cubes().flatMap((x, i) => {
        const forms = [list, nd.fromArray(BigInt64Array.from(list.map(BigInt)), { chunks: 2 }), nd.fromArray(Float64Array.from(list), { chunks: 3 }).astype("int64")];
        return [
          ...forms.map((form, f) => ({ name: `get [${list}] form ${f} of ${i}`, array: x.get(...Array<string>(axis).fill(":"), form), expected: pick(list) })),
          { name: `take [${list}] of ${i}`, array: nd.take(x, list, { axis }), expected: pick(list) },
        ];
      })));
    });

    test("a list between slices, integers and new axes", async () => {
      await check(cubes().flatMap((x, i) => [
        { name: `slice, list, slice of ${i}`, array: x.get("::-1", [4, 0], "1:3"), expected: [3, 2, 1, 0].map((a) => [4, 0].map((b) => [1, 2].map((c) => cube[a]![b]![c]))) },
        { name: `integer, list of ${i}`, array: x.get(1, [4, 0, 0]), expected: [4, 0, 0].map((b) => cube[1]![b]) },
        { name: `list, new axis, integer of ${i}`, array: x.get([0, -1], null, 2), expected: [0, 3].map((a) => [cube[a]![2]]) },
        { name: `a turned array, list of ${i}`, array: x.T.get("::-1").get([-2, 0, 5], "1:3"), expected: [1, 5, 0].map((c) => [1, 2].map((b) => [0, 1, 2, 3].map((a) => cube[a]![b]![c]))) },
      ]));
    });

    test("masks of one axis and of all", async () => {
      const rows = [true, false, false, true, true];
      await check(cubes().flatMap((x, i) => [
        { name: `mask list of ${i}`, array: x.get(":", rows), expected: cube.map((r) => r.filter((_, j) => rows[j])) },
        { name: `lazy mask of ${i}`, array: x.get(":", nd.fromArray(rows, { chunks: 2 })), expected: cube.map((r) => r.filter((_, j) => rows[j])) },
        { name: `own mask of ${i}`, array: x.get(x.gt(333)), expected: cube.flat(2).filter((v) => v > 333) },
        { name: `mask of none of ${i}`, array: x.get(x.lt(-1)), expected: [] },
        { name: `sum of chosen of ${i}`, array: x.get(x.mod(2).eq(0)).sum(), expected: cube.flat(2).filter((v) => v % 2 === 0).reduce((a, b) => a + b) },
      ]));
    });

    test("points, blocks and positions", async () => {
      await check(cubes().slice(0, 3).flatMap((x, i) => [
        { name: `vindex of ${i}`, array: x.vindex([0, 3, -1], [1, 0, 4], [5, 2, -6]), expected: [cube[0]![1]![5], cube[3]![0]![2], cube[3]![4]![0]] },
        { name: `vindex with a slice of ${i}`, array: x.vindex([0, 2], ":", [1, 1]), expected: [0, 2].map((a) => [0, 1, 2, 3, 4].map((b) => cube[a]![b]![1])) },
        { name: `argwhere of ${i}`, array: nd.argwhere(x.gt(342)), expected: [[3, 4, 3], [3, 4, 4], [3, 4, 5]] },
        { name: `flatnonzero of ${i}`, array: nd.flatnonzero(x.gt(342)), expected: [117, 118, 119] },
        { name: `compress of ${i}`, array: nd.compress([true, false, true], x, { axis: 2 }), expected: cube.map((r) => r.map((v) => [v[0], v[2]])) },
      ]));
    });
  });
}
