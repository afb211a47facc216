import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { NDArray } from "../../../lib/index.js";

const floats = (values: number[], shape: number[]): NDArray => new NDArray(Float64Array.from(values), shape, "float64") as unknown as NDArray;

describe("an array in memory in console.log", () => {
  test("has rows in brackets, with aligned columns", () => {
    expect(inspect(floats([1, 2.5, -3, 400], [2, 2]))).toBe("NDArray<float64, shape=(2, 2)>\n[[  1, 2.5],\n [ -3, 400]]");
  });

  test("of three axes has an empty line between matrices", () => {
    expect(inspect(floats([1, 2, 3, 4], [2, 1, 2]))).toBe("NDArray<float64, shape=(2, 1, 2)>\n[[[1, 2]],\n\n [[3, 4]]]");
  });

  test("leaves the middle of large ones out", () => {
    const text = inspect(floats(Array.from({ length: 4000 }, (_, i) => i), [40, 100]));
    expect(text).toContain("[   0,    1,    2, ...,   97,   98,   99],");
    expect(text.split("\n")).toHaveLength(8);
    expect(text.split("\n")[4]).toBe(" ...,");
  });

  test("breaks long rows", () => {
    const text = inspect(floats(Array.from({ length: 200 }, (_, i) => i / 7), [200]));
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(82);
  });

  test.each([
    [new NDArray(Float64Array.of(0.1 + 0.2), [1], "float64"), "[0.3]"],
    [new NDArray(Float64Array.of(123456789012, 1 / 3), [2], "float64"), "[123456789012,   0.33333333]"],
    [new NDArray(Float64Array.of(NaN, -Infinity, -0), [3], "float64"), "[      NaN, -Infinity,        -0]"],
    [new NDArray(Float64Array.of(1e-300), [1], "float64"), "[1e-300]"],
    [new NDArray(Float32Array.of(0.1), [1], "float32"), "[0.1]"],
    [new NDArray(Uint16Array.of(0x3c00), [1], "float16"), "[1]"],
    [new NDArray(BigInt64Array.of(-5n, 9007199254740993n), [2], "int64"), "[              -5, 9007199254740993]"],
    [new NDArray(Uint8Array.of(1, 0), [2], "bool"), "[true, false]"],
    [new NDArray(Float64Array.of(1, -2, 0, 0.5), [2], "complex128"), "[  1-2j, 0+0.5j]"],
  ])("%#: elements", (x, text) => {
    expect(inspect(x).split("\n")[1]).toBe(text);
  });

  test("without axes, without elements, without memory", () => {
    expect(inspect(floats([7], []))).toBe("NDArray<float64, shape=()> 7");
    expect(inspect(floats([], [0, 3]))).toBe("NDArray<float64, shape=(0, 3)> []");
    const gone = floats([1], [1]);
    gone[Symbol.dispose]();
    expect(inspect(gone)).toBe("NDArray<float64, shape=(1,)> (disposed)");
  });
});
