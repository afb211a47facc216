import { describe, expect, test } from "vitest";
import type { DType } from "../../../lib/core/dtype.js";
import { resultType } from "../../../lib/core/promotion.js";
import { formatScalar, isScalar, type Scalar, scalarKind, scalarTo } from "../../../lib/core/scalar.js";
import { DTypeError } from "../../../lib/errors/index.js";
import { goldens } from "../../support/goldens.js";
import { reportSkips, skipCase } from "../../support/skips.js";

reportSkips();

describe("scalars", () => {
  test.each<[Scalar, string]>([
    [true, "bool"], [1, "int"], [0, "int"], [-0, "float"], [1.5, "float"], [NaN, "float"], [2 ** 53, "float"], [2 ** 53 - 1, "int"],
    [2n ** 70n, "int"], [{ re: 0, im: 1 }, "complex"],
  ])("%s counts as %s", (value, kind) => expect(scalarKind(value)).toBe(kind));

  test.each<[DType, Scalar, unknown]>([
    ["int8", 1.9, 1], ["int8", -1.9, -1], ["int64", 3, 3n], ["uint64", 2n ** 64n - 1n, 2n ** 64n - 1n], ["bool", 0.5, true], ["bool", NaN, true],
    ["bool", -0, false], ["float32", true, 1], ["float64", 2n ** 60n, 2 ** 60], ["complex64", 2, { re: 2, im: 0 }],
    ["complex128", { re: 1, im: -2 }, { re: 1, im: -2 }], ["int32", true, 1], ["int64", 1e15 + 0.5, 10n ** 15n],
  ])("%s of %s is %s", (dtype, value, expected) => expect(scalarTo("full", dtype, value)).toEqual(expected));

  test.each<[DType, Scalar, string]>([
    ["int8", 128, "full: expected an integer that int8 holds (-128 to 127), got 128;"],
    ["uint8", -1, "got -1"],
    ["int64", 2n ** 63n, "got 9223372036854775808"],
    ["int32", NaN, "full: expected a finite value for int32, got NaN."],
    ["uint64", Infinity, "got Infinity"],
    ["float64", { re: 1, im: 2 }, "full: expected a real value for float64, got 1+2i; use its re or im."],
  ])("%s refuses %s", (dtype, value, message) => {
    expect(() => scalarTo("full", dtype, value)).toThrow(DTypeError);
    expect(() => scalarTo("full", dtype, value)).toThrow(message);
  });

  test("are told from other values", () => {
    expect([1, 1n, true, { re: 1, im: 0 }].every(isScalar)).toBe(true);
    expect(["1", null, undefined, [], { re: 1 }].some(isScalar)).toBe(false);
    expect([formatScalar(-0), formatScalar({ re: 1, im: -2 }), formatScalar(3n)]).toEqual(["-0", "1-2i", "3"]);
  });
});

/** The values that creation functions infer a dtype from. */
const VALUES: Record<string, Scalar[]> = {
  "da.full(3,1)": [1], "da.full(3,1.5)": [1.5], "da.full(3,True)": [true], "da.full(3,1j)": [{ re: 0, im: 1 }], "da.from_array([1,2])": [1, 2],
  "da.from_array([1,2.5])": [1, 2.5], "da.from_array([True])": [true], "da.asarray(3)": [3], "da.asarray([1,2j])": [1, { re: 0, im: 2 }],
};

describe("values give their dtype", () => {
  test.each(goldens("dtype_creation"))("$args", ({ args, expected }) => {
    const values = VALUES[args];
    if (!values) return skipCase("dtype_creation", args, "a creation function's own default, with the array's API");
    expect(resultType(...values)).toBe(expected);
  });
});
