import { describe, expect, test } from "vitest";
import * as nd from "../../../../lib/index.js";
import { layersOf } from "../../../../lib/graph/graph-node.js";
import { assertArray } from "../../../support/assert-array.js";

const x = nd.arange(24, { chunks: 24 }).reshape([4, 6]).rechunk([3, 4]);
const tasks = (a: nd.ChunkedArray): string[] => layersOf([a.graph]).map((layer) => `${layer.label} ${layer.count}`).slice(3);

describe("options", () => {
  test("keepdims leaves axes of length 1 and chunks of 1", async () => {
    await assertArray(x.sum({ axis: 0, keepdims: true }), { shape: [1, 6], chunks: [[1], [4, 2]], values: [36n, 40n, 44n, 48n, 52n, 56n] });
    await assertArray(x.max({ axis: [0, 1], keepdims: true }), { shape: [1, 1], values: [23n] });
    await assertArray(nd.median(x, { axis: 1, keepdims: true }), { shape: [4, 1], values: [2.5, 8.5, 14.5, 20.5] });
    await assertArray(nd.quantile(x, [0, 1], { axis: 0, keepdims: true }), { shape: [2, 1, 6] });
  });
  test("no axes at all folds nothing", async () => {
    await assertArray(x.sum({ axis: [] }), { shape: [4, 6], chunks: [[3, 1], [4, 2]], values: Array.from({ length: 24 }, (_, i) => BigInt(i)) });
  });
  test("splitEvery shapes the tree", () => {
    const many = nd.ones(16, { chunks: 1 });
    const tree = (splitEvery?: nd.SplitEvery): string[] => layersOf([many.sum({ splitEvery }).graph]).map((layer) => `${layer.label} ${layer.count}`).slice(1);
    expect(tree()).toEqual(["sum 16", "sum-partial 4", "sum-aggregate 1"]);
    expect(tree(16)).toEqual(["sum 16", "sum-aggregate 1"]);
    expect(tree({ 0: 8 })).toEqual(["sum 16", "sum-partial 2", "sum-aggregate 1"]);
    expect(() => many.sum({ splitEvery: 1.5 })).toThrow(nd.OptionError);
    expect(() => many.sum({ splitEvery: { 0: 1 } })).toThrow(nd.OptionError);
  });
  test("dtype is computed in and given", async () => {
    await assertArray(nd.sum([200, 100], { dtype: "uint8" }), { dtype: "uint8", values: [44] });
    await assertArray(nd.prod([0.5, 4], { dtype: "float32" }), { dtype: "float32", values: [2] });
    await assertArray(nd.sum([0, 3], { dtype: "bool" }), { dtype: "bool", values: [true] });
    await assertArray(nd.mean([1, 2], { dtype: "float32" }), { dtype: "float32", values: [1.5] });
    await assertArray(nd.variance(nd.ones(4, { dtype: "float32" })), { dtype: "float32", values: [0] });
  });
  test("ddof is taken off the divisor, which does not fall below 0", async () => {
    await assertArray(nd.variance([1, 2, 3, 4], { ddof: 1 }), { values: [5 / 3], ulps: 1 });
    expect(await nd.variance([1], { ddof: 1 }).compute()).toBeNaN();
    expect(await nd.variance([1, 2], { ddof: 3 }).compute()).toBe(Infinity);
    expect(await nd.nanvar([1, 2, NaN], { ddof: 3 }).compute()).toBeNaN();
  });
});

describe("edges", () => {
  test("sums of nothing have a start, means are NaN, extremes are refused", async () => {
    const none = nd.ones([0, 3]);
    expect(await none.sum().compute()).toBe(0);
    expect(await none.prod().compute()).toBe(1);
    expect(await none.mean().compute()).toBeNaN();
    expect(await none.var().compute()).toBeNaN();
    expect(await nd.any(none).compute()).toBe(false);
    expect(await nd.all(none).compute()).toBe(true);
    expect(() => none.max()).toThrow("max: expected at least one element along the axes, got shape (0, 3)");
    expect(() => none.argmin({ axis: 0 })).toThrow(nd.ShapeError);
    expect(() => nd.median(none)).toThrow(nd.ShapeError);
    await assertArray(none.max({ axis: 1 }), { shape: [0], values: [] });
    await assertArray(none.sum({ axis: 0 }), { shape: [3], values: [0, 0, 0] });
  });
  test("float32 sums do not saturate", async () => {
    expect(await nd.ones(2 ** 25, { dtype: "float32" }).add(0).sum().compute()).toBe(2 ** 25);
    expect(await nd.full(4096, 40, { dtype: "float16" }).mean().compute()).toBe(40);
  });
  test("the first of equal extremes is found, across chunks", async () => {
    expect(await nd.argmax(nd.fromArray([1, 7, 7, 3], { chunks: 2 })).compute()).toBe(1n);
    expect(await nd.argmin(nd.fromArray([5, 2, 9, 2], { chunks: 1 })).compute()).toBe(1n);
    expect(await nd.argmax(nd.fromArray([1, NaN, 9], { chunks: 1 })).compute()).toBe(1n);
  });
  test("an index of nothing but NaN fails when it is computed, also inside something else", async () => {
    const gone = nd.nanargmin(nd.fromArray([[1, NaN], [NaN, NaN]]), { axis: 1 });
    await expect(gone.add(1).compute()).rejects.toThrow(nd.NdloomError);
    await assertArray(nd.nanargmax(nd.fromArray([[1, NaN], [NaN, 2]]), { axis: 1 }), { values: [0n, 1n] });
  });
  test("bad arguments are refused", () => {
    expect(() => x.sum({ axis: 2 })).toThrow("sum: axis 2 does not exist on a 2-d array (shape (4, 6)); use -2 to 1");
    expect(() => x.sum({ axis: [0, 0] })).toThrow(nd.AxisError);
    expect(() => x.argmax({ axis: [0, 1] as never })).toThrow(nd.OptionError);
    expect(() => x.sum({ keepDims: true } as never)).toThrow("sum: there is no option keepDims. Did you mean keepdims?");
    expect(() => nd.ptp(nd.ones(2, { dtype: "bool" }))).toThrow(nd.DTypeError);
    expect(() => nd.moment(x, -1)).toThrow(nd.OptionError);
    expect(() => nd.moment(nd.ones(2, { dtype: "complex64" }), 3)).toThrow(nd.UnsupportedError);
    expect(() => nd.quantile(x, 2)).toThrow("quantile: expected numbers from 0 to 1, got 2");
    expect(() => nd.percentile(x, -1)).toThrow(nd.OptionError);
    expect(() => nd.quantile(x, 0.5, { method: "cubic" as never })).toThrow(nd.OptionError);
    expect(() => nd.topk(x, 0)).toThrow(nd.OptionError);
  });
});

describe("moments", () => {
  test("of order 0 to 6", async () => {
    const values = [1, 2, 4, 8];
    const mean = 3.75;
    const y = nd.fromArray(values, { chunks: 3 });
    for (const order of [2, 3, 4, 5, 6]) {
      const expected = values.reduce((sum, v) => sum + (v - mean) ** order, 0) / 4;
      await assertArray(y.moment(order), { dtype: "float64", values: [expected], relative: 1e-14 });
    }
    await assertArray(y.moment(0), { values: [1] });
    await assertArray(y.moment(1), { values: [0] });
  });
});

describe("topk", () => {
  test("orders the largest or the smallest, and stops at what there is", async () => {
    const y = nd.fromArray([3, 1, 9, 9, 2, NaN], { chunks: 2 });
    await assertArray(nd.topk(y, 3), { shape: [3], chunks: [[3]], values: [NaN, 9, 9] });
    await assertArray(nd.argtopk(y, -2), { dtype: "int64", values: [1n, 4n] });
    await assertArray(nd.topk(y, 100), { shape: [6] });
    await assertArray(x.topk(2, { axis: 0 }), { shape: [2, 6], values: [18n, 19n, 20n, 21n, 22n, 23n, 12n, 13n, 14n, 15n, 16n, 17n] });
    expect(tasks(x.topk(2, { axis: 0 }))).toEqual(["topk 4", "topk_aggregate-aggregate 2"]);
  });
});

describe("running sums", () => {
  test("along an axis, or over the flat array", async () => {
    await assertArray(nd.cumsum(nd.fromArray([[1, 2], [3, 4]], { chunks: 1 }), { axis: 1 }), { dtype: "int64", chunks: [[1, 1], [1, 1]], values: [1n, 3n, 3n, 7n] });
    await assertArray(nd.cumprod([[1, 2], [3, 4]]), { shape: [4], values: [1n, 2n, 6n, 24n] });
    await assertArray(nd.nancumsum([1, NaN, 2]), { values: [1, 1, 3] });
    await assertArray(nd.cumsum([true, true], { dtype: "bool" }), { dtype: "bool", values: [true, true] });
  });
  test("are the same however the graph is drawn", async () => {
    const y = nd.arange(10, { chunks: 3 });
    const [a, b] = [y.cumsum({ axis: 0 }), y.cumsum({ axis: 0, method: "blelloch" })];
    await assertArray(b, { chunks: [[3, 3, 3, 1]], values: [0n, 1n, 3n, 6n, 10n, 15n, 21n, 28n, 36n, 45n] });
    expect(a.name).not.toBe(b.name);
    expect(() => y.cumsum({ axis: 0, method: "x" as never })).toThrow(nd.OptionError);
  });
});

describe("averages and covariances", () => {
  test("tell the weights' sum", async () => {
    const [mean, weights] = nd.average([[1, 2], [3, 4]], { axis: 0, weights: [1, 3], returned: true });
    await assertArray(mean, { values: [2.5, 3.5] });
    await assertArray(weights, { values: [4, 4] });
    expect(() => nd.average([[1, 2], [3, 4]], { weights: [1, 2] })).toThrow(nd.ShapeError);
  });
  test("weigh observations", async () => {
    await assertArray(nd.cov([1, 2, 4], { fweights: [1, 1, 2] }), { shape: [], values: [2.25], relative: 1e-14 });
    await assertArray(nd.cov([[1, 2, 4], [3, 1, 1]], { aweights: [0.5, 1, 1] }), { shape: [2, 2], relative: 1e-14 });
    expect(() => nd.cov(nd.ones([2, 2, 2]))).toThrow(nd.ShapeError);
    expect(() => nd.cov([1, 2], { ddof: 0.5 })).toThrow(nd.OptionError);
    expect(await nd.corrcoef([1, 2, 3]).compute()).toBe(1);
  });
});
