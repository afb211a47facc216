import { describe, expect, test } from "vitest";
import * as dtype from "../../../lib/core/dtype.js";
import { leastFloat } from "../../../lib/core/promotion.js";
import { finfo, iinfo } from "../../../lib/core/type-info.js";
import { DTypeError } from "../../../lib/errors/index.js";
import { goldens } from "../../support/goldens.js";

const { DTYPES } = dtype;

describe("dtypes", () => {
  test("stand in the order of the golden tables and the native side", () => {
    expect(DTYPES.map(dtype.codeOf).join("")).toBe("?bhilBHILefdFD");
    expect(goldens("can_cast")[0].args.order).toBe("?bhilBHILefdFD");
    expect(DTYPES.map(dtype.dtypeIndex)).toEqual(DTYPES.map((_, i) => i));
    expect(DTYPES.map(dtype.itemsize)).toEqual([1, 1, 2, 4, 8, 1, 2, 4, 8, 2, 4, 8, 8, 16]);
  });

  test.each(DTYPES.map((name) => [name]))("%s allocates its bytes and is known by its code", (name) => {
    expect(dtype.allocate(name, 6).byteLength).toBe(6 * dtype.itemsize(name));
    expect(dtype.viewAs(name, new ArrayBuffer(64), 16, 3).byteLength).toBe(3 * dtype.itemsize(name));
    expect(dtype.dtypeOfCode(dtype.codeOf(name))).toBe(name);
    expect(dtype.toDType(name)).toBe(name);
  });

  test.each([
    ["f8", "float64"], ["<i4", "int32"], ["|b1", "bool"], ["=u2", "uint16"], ["float", "float64"], ["int", "int64"], ["complex", "complex128"],
    ["bool_", "bool"], ["half", "float16"], ["c8", "complex64"], ["?", "bool"], ["L", "uint64"], ["l", "int64"], [Float32Array, "float32"],
    [BigInt64Array, "int64"], [Uint8ClampedArray, "uint8"],
  ])("%s is a name of %s", (alias, name) => expect(dtype.toDType(alias)).toBe(name));

  test.each<[unknown, string]>([
    ["flaot64", 'ones: expected a dtype, got "flaot64". Did you mean "float64"?'],
    [">f8", 'ones: expected a little-endian dtype, got ">f8"; swap the bytes first.'],
    ["toString", 'ones: expected a dtype, got "toString"'],
    [undefined, "ones: expected a dtype, got undefined"],
    [Date, "ones: expected a dtype, got the function Date"],
    [{}, "ones: expected a dtype, got a value of type Object"],
  ])("%s is none", (value, message) => {
    expect(() => dtype.toDType(value, "ones")).toThrow(DTypeError);
    expect(() => dtype.toDType(value, "ones")).toThrow(message);
  });

  test("typed arrays tell their dtype", () => {
    expect(dtype.dtypeOfTypedArray(new Float64Array(1))).toBe("float64");
    expect(dtype.dtypeOfTypedArray(new BigUint64Array(1))).toBe("uint64");
    expect(dtype.dtypeOfTypedArray(new DataView(new ArrayBuffer(1)))).toBeUndefined();
    expect(dtype.dtypeOfTypedArray([1])).toBeUndefined();
  });

  test("families", () => {
    expect(DTYPES.filter(dtype.isInteger).length).toBe(8);
    expect(DTYPES.filter(dtype.isInexact)).toEqual(["float16", "float32", "float64", "complex64", "complex128"]);
    expect([dtype.realOf("complex64"), dtype.realOf("complex128"), dtype.realOf("int8")]).toEqual(["float32", "float64", "int8"]);
    expect(leastFloat("complex64")).toBe("float32");
  });
});

describe("finfo and iinfo give NumPy's numbers", () => {
  test.each([
    ["float16", 65504, 0.0009765625, 6.103515625e-5, 2 ** -24, 3],
    ["float32", 3.4028234663852886e38, 1.1920928955078125e-7, 1.1754943508222875e-38, 1.401298464324817e-45, 6],
    ["float64", Number.MAX_VALUE, Number.EPSILON, 2.2250738585072014e-308, Number.MIN_VALUE, 15],
  ])("%s", (name, max, eps, smallestNormal, smallestSubnormal, precision) => {
    expect(finfo(name)).toMatchObject({ max, min: -max, eps, epsneg: eps / 2, smallestNormal, tiny: smallestNormal, smallestSubnormal, precision });
  });
  test("complex by its parts", () => expect(finfo("complex64").bits).toBe(32));
  test("integers", () => {
    expect(iinfo("int8")).toEqual({ dtype: "int8", bits: 8, min: -128, max: 127 });
    expect(iinfo("uint64")).toEqual({ dtype: "uint64", bits: 64, min: 0n, max: 2n ** 64n - 1n });
    expect(iinfo("int64").min).toBe(-(2n ** 63n));
  });
  test("each points to the other", () => {
    expect(() => finfo("int8")).toThrow("finfo: expected a floating or complex dtype, got int8; use iinfo.");
    expect(() => iinfo("float32")).toThrow("iinfo: expected an integer dtype, got float32; use finfo.");
    expect(() => iinfo("bool")).toThrow(DTypeError);
  });
});
