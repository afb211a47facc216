import { describe, expect, test } from "vitest";
import * as nd from "../../../lib/index.js";

describe("an NDArray", () => {
  const x = new nd.NDArray(new Float64Array([1, 2, 3, 4, 5, 6]), [2, 3], "float64");
  test("is C-contiguous, with strides in elements", () => {
    expect([x.strides, x.ndim, x.size, x.nbytes]).toEqual([[3, 1], 2, 6, 48]);
  });
  test("gives elements by index, negative ones from the end", () => {
    expect([x.item(0, 1), x.item(-1, -1)]).toEqual([2, 6]);
    expect(() => x.item(2, 0)).toThrow("item: index 2 is out of bounds for axis 0 with size 2");
    expect(() => x.item(0)).toThrow(nd.IndexError);
    expect(new nd.NDArray(new Int8Array([7]), [1], "int8").item()).toBe(7);
  });
  test("becomes nested arrays of JavaScript values", () => {
    expect(x.toNested()).toEqual([[1, 2, 3], [4, 5, 6]]);
    expect(new nd.NDArray(new Uint16Array([0x3c00, 0xc000, 0x7c00]), [3], "float16").toNested()).toEqual([1, -2, Infinity]);
    expect(new nd.NDArray(new Uint8Array([1, 0]), [2], "bool").toNested()).toEqual([true, false]);
    expect(new nd.NDArray(new Float32Array([1, 2]), [1], "complex64").toNested()).toEqual([{ re: 1, im: 2 }]);
    expect(new nd.NDArray(new BigInt64Array([5n]), [1], "int64").toNested()).toEqual([5n]);
    expect(new nd.NDArray(new Float64Array(0), [2, 0], "float64").toNested()).toEqual([[], []]);
  });
  test("wants as many elements as its shape has", () => {
    expect(() => new nd.NDArray(new Float64Array(5), [2, 3], "float64")).toThrow(nd.ShapeError);
    expect(() => new nd.NDArray(new Float32Array(3), [3], "complex64")).toThrow(nd.ShapeError);
  });
  test("is gone after disposal", () => {
    const y = new nd.NDArray(new Float64Array(1), [1], "float64");
    y[Symbol.dispose]();
    expect(() => y.data).toThrow(nd.DisposedError);
  });
});
