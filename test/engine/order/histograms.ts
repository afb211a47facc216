import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { AnyArray } from "../../../lib/array/chunked-array.js";
import type { DType } from "../../../lib/core/dtype.js";
import * as nd from "../../../lib/index.js";
import { decodeArray, decodeElement } from "../../support/numpy-values.js";

interface Case {
  readonly input: string;
  readonly bins: number | number[];
  readonly range?: [number, number];
  readonly error?: string;
  readonly edges: string[];
  readonly edgesDtype: DType;
  readonly counts: string[];
  readonly density: string[];
  readonly weighted: string[];
  readonly whole: string[];
}
interface Space {
  readonly bins: number | (number | number[])[];
  readonly range: [number, number][];
  readonly shape: number[];
  readonly counts: string[];
  readonly weighted: string[];
  readonly density: string[];
}
interface Fixture {
  readonly inputs: Record<string, { dtype: DType; shape: number[]; values: string[] }>;
  readonly cases: Case[];
  readonly points: { shape: number[]; values: string[] };
  readonly spaces: Space[];
}
const fixture = JSON.parse(readFileSync(new URL("../../fixtures/numpy-histograms.json", import.meta.url), "utf8")) as Fixture;

const inputOf = (name: string): nd.NDArray => {
  const { dtype, shape, values } = fixture.inputs[name]!;
  return decodeArray({ dtype, shape, values: dtype === "bool" ? values.map((v) => v === "True") : values });
};
/** The same elements in ways that plans treat differently. */
const FORMS: Readonly<Record<string, (x: nd.NDArray) => AnyArray>> = {
  memory: (x) => nd.fromArray(x, { chunks: 5 }) as AnyArray,
  turned: (x) => (x.ndim < 2 ? nd.fromArray(x) : nd.transpose(nd.fromArray(turned(x), { shape: x.shape.toReversed(), chunks: 3 }))) as AnyArray,
  computed: (x) => nd.negative(nd.negative(x.dtype === "bool" ? nd.logicalNot(nd.logicalNot(x)).astype("uint8") : x)) as AnyArray,
  joined: (x) => (x.size > 2 ? nd.concatenate([nd.get(nd.ravel(x), ":2"), nd.get(nd.ravel(x), "2:")]) : nd.ravel(x)) as AnyArray,
};

/** The elements of a matrix, column by column. */
function turned({ data, shape: [rows, columns] }: nd.NDArray): Float64Array {
  return Float64Array.from({ length: rows! * columns! }, (_, i) => Number(data[(i % rows!) * columns! + Math.floor(i / rows!)]));
}

async function expectNumbers(what: string, x: AnyArray, dtype: DType, expected: readonly string[]): Promise<void> {
  expect(x.dtype, what).toBe(dtype);
  const got = await x.compute();
  const elements = got instanceof nd.NDArray ? [...got.data] : [got];
  const wanted = expected.map((v) => decodeElement(v, dtype));
  if (dtype === "int64" || dtype === "uint64") return expect(elements, what).toEqual(wanted);
  expect(elements.length, what).toBe(wanted.length);
  elements.forEach((v, i) => {
    const w = wanted[i] as number;
    if (!Object.is(v, w) && v !== w) expect(Math.abs((v as number) - w), `${what}[${i}]: ${v} for ${w}`).toBeLessThan(1e-12 * Math.max(1, Math.abs(w)));
  });
}

/** Declares the tests of histograms. */
export function checkHistograms(title: string): void {
  const titled = fixture.cases.map((c) => ({ ...c, title: `${c.input} by ${JSON.stringify(c.bins).slice(0, 40)} in ${JSON.stringify(c.range)}` }));
  describe(`histograms are NumPy's, ${title}`, () => {
    test.each(titled)("$title", async ({ input, bins, range, ...expected }) => {
      const values = inputOf(input);
      const weights = nd.reshape(nd.subtract(nd.remainder(nd.arange(values.size), 7), 2), values.shape as number[]);
      for (const [form, make] of Object.entries(FORMS)) {
        const x = make(values);
        const options = { bins: typeof bins === "number" ? bins : nd.fromArray(decodeArray({ dtype: expected.edgesDtype, shape: [bins.length], values: expected.edges })), range };
        if (expected.error !== undefined) {
          await expect(nd.histogram(x, options)[0].compute(), form).rejects.toThrow(nd.TaskError);
          continue;
        }
        const shaped = (w: AnyArray): AnyArray => (x.ndim === 1 ? nd.ravel(w) : w) as AnyArray;
        const [counts, edges] = nd.histogram(x, options);
        await expectNumbers(`${form}, edges`, edges, expected.edgesDtype, expected.edges);
        await expectNumbers(`${form}, counts`, counts, "int64", expected.counts);
        await expectNumbers(`${form}, density`, nd.histogram(x, { ...options, density: true })[0], "float64", expected.density);
        await expectNumbers(`${form}, weights`, nd.histogram(x, { ...options, weights: shaped(nd.divide(weights, 4) as AnyArray) })[0], "float64", expected.weighted);
        await expectNumbers(`${form}, whole weights`, nd.histogram(x, { ...options, weights: shaped(weights as AnyArray) })[0], "int64", expected.whole);
      }
    });
  });
  describe(`histograms of points are NumPy's, ${title}`, () => {
    test.each(fixture.spaces)("$bins in $range", async ({ bins, range, shape, counts, weighted, density }) => {
      const points = nd.fromArray(decodeArray({ dtype: "float64", ...fixture.points }), { chunks: [11, 3] });
      const weights = nd.divide(nd.arange(50), 8) as AnyArray;
      const columns = [0, 1, 2].map((d) => nd.get(points, ":", d) as AnyArray);
      for (const sample of [points, columns, nd.negative(nd.negative(points)) as AnyArray]) {
        const [h, edges] = nd.histogramdd(sample, { bins, range });
        expect(h.shape).toEqual(shape);
        expect(edges.map((e) => e.shape[0]! - 1)).toEqual(shape);
        await expectNumbers("counts", h, "float64", counts);
        await expectNumbers("weights", nd.histogramdd(sample, { bins, range, weights })[0], "float64", weighted);
        await expectNumbers("density", nd.histogramdd(sample, { bins, range, density: true })[0], "float64", density);
      }
    });
    test("in the plane", async () => {
      const [counts, x, y] = nd.histogram2d([2, 4, 2, 4, 2, 4, NaN, 9], [2, 2, 4, 4, 2, 4, 3, 3], { bins: 2, range: [[0, 6], [0, 6]] });
      await expectNumbers("counts", counts, "float64", ["2", "1", "1", "2"]);
      await expectNumbers("x", x, "float64", ["0", "3", "6"]);
      await expectNumbers("y", y, "float64", ["0", "3", "6"]);
    });
  });
}
