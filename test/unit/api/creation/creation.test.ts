import { describe, expect, test } from "vitest";
import * as nd from "../../../../lib/index.js";
import { assertArray } from "../../../support/assert-array.js";

describe("arrays of memory", () => {
  test("a typed array is read in place, with its own dtype", async () => {
    const data = new Int16Array([1, 2, 3, 4, 5, 6]);
    const x = nd.fromArray(data, { shape: [2, 3], chunks: [1, 2] });
    await assertArray(x, { dtype: "int16", shape: [2, 3], chunks: [[1, 1], [2, 1]], values: [1, 2, 3, 4, 5, 6] });
    data[0] = 9;
    expect((await x.compute() as nd.NDArray<"int16">).item(0, 0)).toBe(9);
  });
  test("made twice of the same memory it is the same array", () => {
    const data = new Float64Array(4);
    expect(nd.fromArray(data, { chunks: 2 }).name).toBe(nd.fromArray(data, { chunks: 2 }).name);
    expect(nd.fromArray(new Float64Array(4), { chunks: 2 }).name).not.toBe(nd.fromArray(data, { chunks: 2 }).name);
  });
  test("a dtype says what the bytes are", async () => {
    await assertArray(nd.fromArray(new Uint8Array([0, 1, 7]), { dtype: "bool" }), { dtype: "bool", values: [false, true, true] });
    await assertArray(nd.fromArray(new Float32Array([1, 2, 3, 4]), { dtype: "complex64" }), { dtype: "complex64", shape: [2], values: [{ re: 1, im: 2 }, { re: 3, im: 4 }] });
    await assertArray(nd.fromArray(new Uint16Array([0x3c00]), { dtype: "float16" }), { dtype: "float16", values: [1] });
    expect(() => nd.fromArray(new Float64Array(2), { dtype: "int32" })).toThrow(nd.DTypeError);
    expect(() => nd.fromArray(new Float32Array(3), { dtype: "complex64" })).toThrow(nd.DTypeError);
  });
  test("nested arrays have one dtype for all", async () => {
    await assertArray(nd.fromArray([[1, 2], [3, 4.5]]), { dtype: "float64", shape: [2, 2], values: [1, 2, 3, 4.5] });
    await assertArray(nd.fromArray([1, true, 2n]), { dtype: "int64", values: [1n, 1n, 2n] });
    await assertArray(nd.fromArray([true, false]), { dtype: "bool", values: [true, false] });
    await assertArray(nd.fromArray([1, { re: 0, im: 2 }]), { dtype: "complex128", values: [{ re: 1, im: 0 }, { re: 0, im: 2 }] });
    await assertArray(nd.fromArray([]), { dtype: "float64", shape: [0], values: [] });
    await assertArray(nd.fromArray([[], []]), { dtype: "float64", shape: [2, 0], values: [] });
  });
  test("rows of different lengths are refused", () => {
    expect(() => nd.fromArray([[1, 2], [3]])).toThrow("fromArray: expected rows of length 2 at depth 1, got one of length 1");
    expect(() => nd.fromArray([1, [2]] as never)).toThrow(nd.ShapeError);
    expect(() => nd.fromArray(["a"] as never)).toThrow(nd.ShapeError);
    expect(() => nd.fromArray({} as never)).toThrow(nd.OptionError);
    expect(() => nd.fromArray(new Float64Array(5), { shape: [2, 3] })).toThrow("expected 6 elements for shape (2, 3), got 5");
  });
  test("asarray leaves arrays alone, takes scalars, stacks lists of arrays", async () => {
    const x = nd.ones(3);
    expect(nd.asarray(x)).toBe(x);
    expect(await nd.asarray(3).compute()).toBe(3n);
    expect(await nd.asarray(0.5, { dtype: "float32" }).compute()).toBe(0.5);
    await assertArray(nd.asarray([x, nd.zeros(3)]), { dtype: "float64", shape: [2, 3], values: [1, 1, 1, 0, 0, 0] });
    expect(nd.array(3, { ndmin: 2 }).shape).toEqual([1, 1]);
  });
});

describe("constants", () => {
  test("dtype and chunks follow the options", async () => {
    await assertArray(nd.ones([3, 4], { chunks: [2, 3], dtype: "uint8" }), { dtype: "uint8", chunks: [[2, 1], [3, 1]], values: new Array(12).fill(1) });
    await assertArray(nd.full([2], { re: 1, im: -1 }), { dtype: "complex128", values: [{ re: 1, im: -1 }, { re: 1, im: -1 }] });
    await assertArray(nd.full(2, 7n), { dtype: "int64", values: [7n, 7n] });
    await assertArray(nd.zeros([]), { dtype: "float64", shape: [], values: [0] });
    await assertArray(nd.ones([0, 3]), { shape: [0, 3], values: [] });
    expect(() => nd.full(2, 300, { dtype: "uint8" })).toThrow(nd.DTypeError);
    expect(() => nd.full(2, [1] as never)).toThrow(nd.OptionError);
    expect(() => nd.ones([-1])).toThrow(nd.ShapeError);
    expect(() => nd.ones(10, { chunks: [3, 3] })).toThrow(nd.ChunkError);
  });
  test("the like functions take shape, dtype and chunks of their model", async () => {
    const model = nd.arange(6, { chunks: 4 });
    await assertArray(nd.onesLike(model), { dtype: "int64", chunks: [[4, 2]], values: [1n, 1n, 1n, 1n, 1n, 1n] });
    await assertArray(nd.fullLike(model, 2.5, { dtype: "float32", chunks: 3 }), { dtype: "float32", chunks: [[3, 3]], values: new Array(6).fill(2.5) });
    expect(nd.zerosLike(model, { shape: [2, 2] }).shape).toEqual([2, 2]);
    const selected = model.get(model.gt(2));
    expect(await nd.onesLike(selected).sum().compute()).toBe(3n);
  });
});

describe("progressions", () => {
  test("refuse what has no end or no step", () => {
    expect(() => nd.arange(0, 5, 0)).toThrow(nd.OptionError);
    expect(() => nd.arange(Infinity)).toThrow(nd.OptionError);
    expect(() => nd.arange("3" as never)).toThrow(nd.OptionError);
    expect(() => nd.arange(3, { dtype: "bool" })).toThrow(nd.DTypeError);
    expect(() => nd.linspace(0, 1, { num: -1 })).toThrow(nd.OptionError);
  });
  test("take bigints exactly", async () => {
    await assertArray(nd.arange(2n ** 60n, 2n ** 60n + 3n), { dtype: "int64", values: [2n ** 60n, 2n ** 60n + 1n, 2n ** 60n + 2n] });
    await assertArray(nd.arange(2n ** 63n, 2n ** 63n + 2n, { dtype: "uint64" }), { dtype: "uint64", values: [2n ** 63n, 2n ** 63n + 1n] });
  });
  test("linspace tells its step", () => {
    expect(nd.linspace(0, 1, { num: 5, retstep: true })[1]).toBe(0.25);
  });
});

test("grids of coordinates", async () => {
  const [x, y] = nd.meshgrid([[1, 2, 3], [4, 5]]) as [nd.ChunkedArray, nd.ChunkedArray];
  await assertArray(x, { shape: [2, 3], values: [1n, 2n, 3n, 1n, 2n, 3n] });
  await assertArray(y, { shape: [2, 3], values: [4n, 4n, 4n, 5n, 5n, 5n] });
  expect(nd.meshgrid([[1, 2, 3], [4, 5]], { indexing: "ij", sparse: true }).map((a) => a.shape)).toEqual([[3, 1], [1, 2]]);
  expect(() => nd.meshgrid([[1]], { indexing: "yx" as never })).toThrow(nd.OptionError);
  expect(() => nd.fromfunction()).toThrow(nd.UnsupportedError);
});
