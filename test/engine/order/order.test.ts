import { describe, expect, test } from "vitest";
import * as nd from "../../../lib/index.js";
import { checkHistograms } from "./histograms.js";
import { checkRanks } from "./ranks.js";

checkHistograms("in one cell");
checkRanks("in one piece", [1, 2, 300]);
checkRanks("in pieces", [(1 << 20) + 12_345], ["random", "few"], [0.3]);

describe("long rows", () => {
  const n = 1_300_000;
  test("side by side have their own quantiles", async () => {
    const rows = Float64Array.from({ length: 3 * n }, (_, i) => (i * 7919) % n + Math.floor(i / n) * 1e7);
    const x = nd.fromArray(rows, { shape: [3, n], chunks: [1, n / 4] });
    const wanted = [0, 1, 2].map((row) => row * 1e7 + (n - 1) / 2);
    expect([...(await nd.median(x, { axis: 1 }).compute()).data]).toEqual(wanted);
    expect([...(await nd.median(nd.transpose(nd.fromArray(rows, { shape: [3, n] })), { axis: 0 }).compute()).data]).toEqual(wanted);
  });
  // The sample's period, 7 elements, is the data's: every element of it is the same.
  test("that mislead the sample are sorted as a whole", async () => {
    const x = nd.fromArray(Float64Array.from({ length: n }, (_, i) => i % 7), { chunks: n / 5 });
    expect([...(await nd.quantile(x, [0.1, 0.5, 0.9]).compute()).data]).toEqual([0, 3, 6]);
    const above = nd.get(x, nd.greater(x, nd.quantile(x, 0.8)));
    expect(await above.min().compute()).toBe(6);
  });
  test("have the same quantiles for any number of threads and any cut", async () => {
    const x = nd.random.defaultRng(1).normal(0, 1, { size: n });
    const q = [0.001, 0.5, 0.9];
    const [a, b] = await nd.compute([nd.quantile(x, q), nd.quantile(x.rechunk(100_001), q)]);
    expect([...a!.data]).toEqual([...b!.data]);
  });
});

describe("histograms", () => {
  test("refuse what makes no sense", () => {
    const x = nd.ones(10, { chunks: 3 });
    expect(() => nd.histogram(x, { bins: 0 })).toThrow("histogram: expected a whole number ≥ 1 of bins or their edges, got 0");
    expect(() => nd.histogram(x, { bins: 2.5 })).toThrow(nd.OptionError);
    expect(() => nd.histogram(x, { bins: [2, 1] })).toThrow("histogram: expected bins that increase monotonically, got 1 after 2");
    expect(() => nd.histogram(x, { bins: [0, NaN, 1] })).toThrow(nd.OptionError);
    expect(() => nd.histogram(x, { bins: [1] })).toThrow(nd.ShapeError);
    expect(() => nd.histogram(x, { bins: [[1, 2]] })).toThrow(nd.ShapeError);
    expect(() => nd.histogram(x, { bins: 3, range: [2, 1] })).toThrow(nd.OptionError);
    expect(() => nd.histogram(x, { bins: 3, range: [0, Infinity] })).toThrow(nd.OptionError);
    expect(() => nd.histogram(x, { bins: 3, range: [1e16, 1e16 + 2] })).toThrow("too many bins");
    expect(() => nd.histogram(x, { weights: nd.ones(9) })).toThrow(nd.ShapeError);
    expect(() => nd.histogram(nd.ones(3, { dtype: "complex64" }))).toThrow(nd.DTypeError);
    expect(() => nd.histogram(x, { weights: nd.ones(10, { dtype: "complex64" }) })).toThrow(nd.DTypeError);
    expect(() => nd.histogram(x, { normed: true } as never)).toThrow(nd.OptionError);
    expect(() => nd.histogramdd([x, nd.ones(9)])).toThrow(nd.ShapeError);
    expect(() => nd.histogramdd(x)).toThrow(nd.ShapeError);
    expect(() => nd.histogramdd([x, x], { bins: [1, 2, 3] })).toThrow(nd.OptionError);
    expect(() => nd.histogramdd([x, x], { bins: 2, range: [[0, 1]] })).toThrow(nd.OptionError);
  });
  test("refuse edges that are computed and fall", async () => {
    const [counts] = nd.histogram(nd.ones(10, { chunks: 3 }), { bins: nd.negative(nd.arange(4)) });
    await expect(counts.compute()).rejects.toThrow("bins do not increase monotonically");
  });
  test("of many bins and many elements count each element once", async () => {
    const x = nd.random.defaultRng(3).random([3_000_000], { chunks: 1e5 });
    for (const bins of [1, 256, 2049, 300_000]) {
      const [counts] = nd.histogram(x, { bins, range: [0, 1] });
      expect(await counts.sum().compute()).toBe(3_000_000n);
      if (bins === 256) expect(Number(await counts.max().compute())).toBeLessThan(13_000);
    }
  });
  test("have one dtype for weights", () => {
    const x = nd.ones(4);
    const of = (dtype: nd.DType): string => nd.histogram(x, { weights: nd.ones(4, { dtype }) })[0].dtype;
    expect([of("bool"), of("int8"), of("uint8"), of("float16"), of("float32")]).toEqual(["int64", "int64", "uint64", "float16", "float32"]);
  });
});
