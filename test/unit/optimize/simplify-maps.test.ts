import { describe, expect, it } from "vitest";
import type { DType } from "../../../lib/core/dtype.js";
import { cast, full, map, outputDType } from "../../../lib/expr/build.js";
import type { Expr } from "../../../lib/expr/expr.js";
import type { NativeOp } from "../../../lib/expr/generated/native-ops.js";
import { buffer, optimized, text } from "../../support/exprs.js";

const after = (x: Expr): string => text(optimized([x], ["simplifyMaps"])[0]!).replaceAll("(3)", "");
const of = (loop: DType, op: NativeOp, ...inputs: readonly Expr[]): Expr => map(op, loop, outputDType(op, loop), inputs, [3]);
const f = buffer([3]);
const g = buffer([3]);
const i = buffer([3], "int32");
const u = buffer([3], "uint8");
const m = buffer([3], "bool");
const z = buffer([3], "complex128");
const c = (value: number | boolean, dtype: DType = "float64"): Expr => full([], dtype, value);

describe("what does nothing goes", () => {
  it.each<[string, Expr, string]>([
    ["x * 1", of("float64", "multiply", f, c(1)), "buffer"],
    ["1 * x", of("float64", "multiply", c(1), f), "buffer"],
    ["x / 1", of("float64", "divide", f, c(1)), "buffer"],
    ["x - 0", of("float64", "subtract", f, c(0)), "buffer"],
    ["x + −0", of("float64", "add", f, c(-0)), "buffer"],
    ["i + 0", of("int32", "add", c(0, "int32"), i), "buffer"],
    ["i << 0", of("int32", "left_shift", i, c(0, "int32")), "buffer"],
    ["i | 0", of("int32", "bitwise_or", i, c(0, "int32")), "buffer"],
    ["u & 255", of("uint8", "bitwise_and", u, c(255, "uint8")), "buffer"],
    ["−(−x)", of("float64", "negative", of("float64", "negative", f)), "buffer"],
    ["conj(conj z)", of("complex128", "conjugate", of("complex128", "conjugate", z)), "buffer"],
    ["|x| twice", of("float64", "absolute", of("float64", "absolute", f)), "absolute[buffer]"],
    ["|−x|", of("float64", "absolute", of("float64", "negative", f)), "absolute[buffer]"],
    ["|u|", of("uint8", "absolute", u), "buffer"],
    ["ceil(floor x)", of("float64", "ceil", of("float64", "floor", f)), "floor[buffer]"],
    ["sign(sign x)", of("float64", "sign", of("float64", "sign", f)), "sign[buffer]"],
    ["not not m", of("bool", "logical_not", of("bool", "invert", m)), "buffer"],
    ["max(x, x)", of("float64", "maximum", f, f), "buffer"],
    ["m and true", of("bool", "logical_and", m, c(true, "bool")), "buffer"],
    ["where(m, x, x)", of("float64", "where", m, f, f), "buffer"],
    ["where(m, true, false)", of("bool", "where", m, c(true, "bool"), c(false, "bool")), "buffer"],
    ["where(true, x, y)", of("float64", "where", c(true, "bool"), f, g), "buffer"],
    ["where(m, where(m, x, y), y)", of("float64", "where", m, of("float64", "where", m, f, g), g), "where[buffer, buffer, buffer]"],
    ["real(complex x)", of("complex128", "real", cast(f, "complex128")), "buffer"],
  ])("%s", (_, before, wanted) => {
    expect(after(before)).toBe(wanted);
  });
});

describe("what is known is a constant", () => {
  it.each<[string, Expr, unknown]>([
    ["i * 0", of("int32", "multiply", i, c(0, "int32")), 0n],
    ["i − i", of("int32", "subtract", i, i), 0n],
    ["i ^ i", of("int32", "bitwise_xor", i, i), 0n],
    ["i = i", of("int32", "equal", i, i), true],
    ["x < x, be it NaN", of("float64", "less", f, f), false],
    ["m and false", of("bool", "logical_and", c(false, "bool"), m), false],
    ["imag(complex x)", of("complex128", "imag", cast(f, "complex128")), 0],
  ])("%s", (_, before, value) => {
    expect(optimized([before], ["simplifyMaps"])[0]).toMatchObject({ kind: "full", shape: [3], value });
  });
});

describe("what is dear is done cheaper", () => {
  it.each<[string, Expr, string]>([
    ["x / 8", of("float64", "divide", f, c(8)), "multiply[buffer, full]"],
    ["x * x", of("float64", "multiply", f, f), "square[buffer]"],
    ["not (i < j)", of("bool", "logical_not", of("int32", "less", i, c(2, "int32"))), "greater_equal[buffer, full]"],
    ["not (x = y)", of("bool", "logical_not", of("float64", "equal", f, g)), "not_equal[buffer, buffer]"],
    ["where(not m, x, y)", of("float64", "where", of("bool", "logical_not", m), f, c(2)), "where[buffer, full, buffer]"],
  ])("%s", (_, before, wanted) => {
    expect(after(before)).toBe(wanted);
  });
});

describe("floats keep what is not exact", () => {
  it.each<[string, Expr]>([
    ["x + 0 (of −0)", of("float64", "add", f, c(0))],
    ["x − −0", of("float64", "subtract", f, c(-0))],
    ["x * 0 (of NaN)", of("float64", "multiply", f, c(0))],
    ["x − x (of infinity)", of("float64", "subtract", f, f)],
    ["x = x (of NaN)", of("float64", "equal", f, f)],
    ["not (x < y) (of NaN)", of("bool", "logical_not", of("float64", "less", f, g))],
    ["x / 3", of("float64", "divide", f, c(3))],
    ["x / 2^1023 (whose inverse is subnormal)", of("float64", "divide", f, c(2 ** 1023))],
    ["z * 1 (of infinity)", of("complex128", "multiply", z, c(1, "complex128"))],
  ])("%s", (_, before) => {
    expect(after(before)).toBe(text(before).replaceAll("(3)", ""));
  });
});
