import { describe, expect, test } from "vitest";
import * as nd from "../../../../lib/index.js";
import { nativeDeclarations } from "../../../../lib/api/ufuncs/native.js";
import { NATIVE_OPS } from "../../../../lib/expr/generated/native-ops.js";
import { layersOf } from "../../../../lib/graph/graph-node.js";
import { assertArray } from "../../../support/assert-array.js";

const labels = (x: nd.ChunkedArray): string[] => layersOf([x.graph]).map((layer) => layer.label);
const x = nd.fromArray(new Float64Array([1, 4, 9]), { chunks: 2 });

test("the native table is made of the declarations", () => {
  expect(nativeDeclarations().map((d) => d.name)).toEqual([...NATIVE_OPS]);
});

describe("labels are Dask's", () => {
  test("operators go by Python's names, functions by NumPy's", () => {
    expect(labels(x.sub(1)).at(-1)).toBe("sub");
    expect(labels(nd.subtract(x, 1)).at(-1)).toBe("subtract");
    expect(labels(x.div(2)).at(-1)).toBe("truediv");
    expect(labels(nd.trueDivide(x, 2)).at(-1)).toBe("divide");
    expect(labels(x.gt(1).and(x.lt(5))).slice(-3)).toEqual(["gt", "lt", "and_"]);
    expect(labels(nd.mod(x, 2)).at(-1)).toBe("remainder");
    expect(labels(nd.frexp(x)[0])).toEqual(["array", "frexp", "mantissa-frexp"]);
  });
  test("inputs cut differently are rechunked in between", () => {
    const y = nd.add(nd.ones(10, { chunks: 5 }), nd.ones(10, { chunks: 2 }));
    expect(labels(y)).toEqual(["ones_like", "rechunk-merge", "ones_like", "rechunk-merge", "add"]);
    expect(y.chunks).toEqual([[2, 2, 1, 1, 2, 2]]);
  });
});

describe("errors say what was expected, what came, and a way out", () => {
  test.each([
    [() => nd.add(nd.ones(10), nd.ones(9)), nd.ShapeError, "add: shapes (10,) and (9,) do not broadcast: axis 0 is 10 vs 9"],
    [() => nd.subtract(nd.ones(2, { dtype: "bool" }), true), nd.DTypeError, "subtract: expected dtypes that it is defined for"],
    [() => nd.add(nd.ones(2, { dtype: "int8" }), 300), nd.DTypeError, "int8"],
    [() => nd.arange(3).pow(-1), nd.DTypeError, "pow: expected an exponent ≥ 0 for int64 elements, got -1"],
    [() => nd.floor(nd.zeros(1, { dtype: "complex64" })), nd.DTypeError, "floor"],
    [() => nd.clip(x), nd.OptionError, "clip: expected a lower or an upper bound, got neither"],
    [() => nd.sqrt(x, { dtypes: "float32" } as never), nd.OptionError, "sqrt: there is no option dtypes. Did you mean dtype?"],
    [() => nd.add(x, undefined as never), nd.OptionError, "add: expected a typed array"],
    [() => nd.round(x, { decimals: 0.5 }), nd.OptionError, "round: expected a whole number of decimals"],
    [() => nd.where([true], x as never, undefined as never), nd.OptionError, "where: expected both x and y or neither"],
    [() => nd.frompyfunc(), nd.UnsupportedError, "frompyfunc"],
  ] as const)("%s", (run, type, message) => {
    expect(run).toThrow(type as never);
    expect(run).toThrow(message);
  });
});

describe("operations that are compositions", () => {
  test("clip with one side open", async () => {
    await assertArray(nd.clip(x, 2), { values: [2, 4, 9] });
    await assertArray(x.clip(null, 5), { values: [1, 4, 5] });
    await assertArray(nd.clip([5, 1, 9], 2, 6), { dtype: "int64", values: [5n, 2n, 6n] });
  });
  test("where broadcasts and promotes", async () => {
    await assertArray(nd.where(x.gt(2), x, 0), { dtype: "float64", chunks: [[2, 1]], values: [0, 4, 9] });
    await assertArray(nd.where(true, [1, 2], 0.5), { dtype: "float64", values: [1, 2] });
    await assertArray(nd.where(0, [1, 2], 0.5), { dtype: "float64", values: [0.5, 0.5] });
    await assertArray(nd.where([[true], [false]], [1, 2], 0.5), { dtype: "float64", shape: [2, 2], values: [1, 2, 0.5, 0.5] });
  });
  test("frexp and modf have two results", async () => {
    const [mantissa, exponent] = nd.frexp(x);
    await assertArray(mantissa, { dtype: "float64", values: [0.5, 0.5, 0.5625] });
    await assertArray(exponent, { dtype: "int32", values: [1, 3, 4] });
    const [fraction, whole] = nd.modf([-1.5, 2.25]);
    await assertArray(fraction, { values: [-0.5, 0.25] });
    await assertArray(whole, { values: [-1, 2] });
    const [quotient, rest] = nd.arange(-3, 3).divmod(2);
    await assertArray(quotient, { values: [-2n, -1n, -1n, 0n, 0n, 1n] });
    await assertArray(rest, { values: [1n, 0n, 1n, 0n, 1n, 0n] });
  });
  test("angle in degrees, ldexp, isnull, allclose", async () => {
    await assertArray(nd.angle([{ re: 0, im: 1 }, { re: -1, im: 0 }], { deg: true }), { values: [90, 180] });
    await assertArray(nd.ldexp([1, 3], [4, -1]), { values: [16, 1.5] });
    await assertArray(nd.isnull([1, NaN]), { dtype: "bool", values: [false, true] });
    expect(await nd.allclose(x, x.add(1e-12)).compute()).toBe(true);
    expect(await nd.allclose([NaN], [NaN]).compute()).toBe(false);
    expect(await nd.allclose([NaN], [NaN], { equalNan: true }).compute()).toBe(true);
  });
  test("a comparison with an integer beyond the dtype is decided", async () => {
    const small = nd.fromArray(new Int8Array([-128, 0, 127]));
    await assertArray(small.lt(1000), { dtype: "bool", values: [true, true, true] });
    await assertArray(nd.greater(-1000, small), { dtype: "bool", values: [false, false, false] });
    await assertArray(small.eq(200), { values: [false, false, false] });
  });
  test("sizes that only masks tell go through", async () => {
    const picked = x.get(x.gt(2));
    expect(await picked.add(1).mul(2).sum().compute()).toBe(30);
    expect(await nd.where(picked.gt(5), 1, 0).sum().compute()).toBe(1n);
    expect(await picked.mean().compute()).toBe(6.5);
    expect(await picked.std().compute()).toBe(2.5);
    expect(await nd.median(picked).compute()).toBe(6.5);
    await expect((async () => x.get(x.gt(100)).max().compute())()).rejects.toThrow(nd.ShapeError);
  });
});
