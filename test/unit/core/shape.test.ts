import { describe, expect, test } from "vitest";
import * as shape from "../../../lib/core/shape.js";
import { AxisError, OptionError, ShapeError } from "../../../lib/errors/index.js";

describe("shapes", () => {
  test("are written as NumPy writes them", () => {
    expect([[], [10], [2, 3], [NaN, 3]].map(shape.formatShape)).toEqual(["()", "(10,)", "(2, 3)", "(nan, 3)"]);
  });
  test("have sizes and strides", () => {
    expect([shape.sizeOf([]), shape.sizeOf([2, 0]), shape.sizeOf([NaN])]).toEqual([1, 0, NaN]);
    expect(shape.contiguousStrides([2, 3, 4])).toEqual([12, 4, 1]);
    expect(shape.contiguousStrides([])).toEqual([]);
  });
  test("are read from a length or a list", () => {
    expect(shape.toShape("ones", 3)).toEqual([3]);
    expect(shape.toShape("ones", [2, 3n])).toEqual([2, 3]);
    for (const bad of [-1, 1.5, [2, NaN], "3", null, [1e9, 1e9]]) expect(() => shape.toShape("ones", bad)).toThrow(ShapeError);
    expect(() => shape.toShape("ones", [2, -1])).toThrow("ones: expected lengths that are whole numbers ≥ 0, got -1 on axis 1.");
  });
  test("unknown lengths count as the same", () => {
    expect(shape.sameShape([NaN, 2], [NaN, 2])).toBe(true);
    expect(shape.sameShape([NaN], [2])).toBe(false);
    expect(shape.isKnown([NaN])).toBe(false);
  });
});

describe("axes", () => {
  test("count from either end", () => {
    expect([0, -1, 1, -2].map((axis) => shape.normalizeAxis("sum", axis, [3, 4]))).toEqual([0, 1, 1, 0]);
    expect(Object.is(shape.normalizeAxis("sum", -0, [3]), 0)).toBe(true);
  });
  test("none means all; several come sorted", () => {
    expect(shape.normalizeAxes("sum", undefined, [3, 4])).toEqual([0, 1]);
    expect(shape.normalizeAxes("sum", [-1, 0], [3, 4, 5])).toEqual([0, 2]);
    expect(shape.normalizeAxes("sum", [], [3])).toEqual([]);
  });
  test.each<[unknown, number[], unknown, string]>([
    [3, [10], AxisError, "sum: axis 3 does not exist on a 1-d array (shape (10,)); use 0 or -1."],
    [-3, [2, 2], AxisError, "sum: axis -3 does not exist on a 2-d array (shape (2, 2)); use -2 to 1."],
    [0, [], AxisError, "sum: axis 0 does not exist on a 0-d array (shape ())."],
    [[0, -2], [2, 2], AxisError, "sum: axis 0 is named twice in [0, -2]."],
    [0.5, [2], OptionError, "sum: expected a whole number as axis, got 0.5."],
    ["x", [2], OptionError, "sum: expected a whole number as axis, got x."],
  ])("%j on %j is refused", (axis, of, type, message) => {
    expect(() => shape.normalizeAxes("sum", axis, of)).toThrow(type as never);
    expect(() => shape.normalizeAxes("sum", axis, of)).toThrow(message);
  });
});
