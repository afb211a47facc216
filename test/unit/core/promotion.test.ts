import { describe, expect, test } from "vitest";
import { codeOf, DTYPES, type DType } from "../../../lib/core/dtype.js";
import { loopFor, type LoopRule, resolveLoop } from "../../../lib/core/loop-rule.js";
import { canCast, type Casting, promoteTypes, resultType } from "../../../lib/core/promotion.js";
import type { Scalar } from "../../../lib/core/scalar.js";
import { isNdloomError } from "../../../lib/errors/index.js";
import { goldens } from "../../support/goldens.js";
import { reportSkips, skipCase } from "../../support/skips.js";

reportSkips();

/** Which rule each operation of the golden tables goes by; the operations' declarations name the same rules. */
const BINARY: Record<string, LoopRule> = {
  add: "any", subtract: "number", multiply: "any", true_divide: "divide", floor_divide: "realOrBool8", power: "numberOrBool8",
  float_power: "double", mod: "realOrBool8", fmod: "realOrBool8", maximum: "any", minimum: "any", fmax: "any", fmin: "any",
  arctan2: "float", hypot: "float", logaddexp: "float", logaddexp2: "float", copysign: "float", nextafter: "float",
  equal: "compare", not_equal: "compare", less: "compare", less_equal: "compare", greater: "compare", greater_equal: "compare",
  logical_and: "compare", logical_or: "compare", logical_xor: "compare",
  bitwise_and: "bitwise", bitwise_or: "bitwise", bitwise_xor: "bitwise", left_shift: "shift", right_shift: "shift", ldexp: "ldexp",
  matmul: "any", tensordot: "any", result_type: "any", concatenate: "any", stack: "any", where: "any", append: "any", divmod0: "realOrBool8",
};
const UNARY: Record<string, LoopRule> = {
  abs: "part", absolute: "part", angle: "angle", arccosh: "inexact", arctan: "inexact", cbrt: "float", ceil: "rounding",
  conj: "numberOrBool8", deg2rad: "float", degrees: "float", exp: "inexact", exp2: "inexact", expm1: "inexact", fabs: "float",
  fix: "rounding", floor: "rounding", i0: "divideReal", imag: "part", invert: "bitwise", bitwise_not: "bitwise", iscomplex: "compare",
  isfinite: "test", isinf: "test", isneginf: "test", isreal: "compare", log: "inexact", log10: "inexact", log1p: "inexact",
  log2: "inexact", logical_not: "compare", nan_to_num: "any", rad2deg: "float", radians: "float", real: "part",
  reciprocal: "numberOrBool8", rint: "inexact", sign: "number", signbit: "testReal", sinc: "divide", sinh: "inexact", spacing: "float",
  sqrt: "inexact", tan: "inexact", isnull: "test", round: "any", around: "any", frexp: "frexp", modf: "floatTwice",
};
const REDUCTION: Record<string, LoopRule> = {
  sum: "sum", prod: "sum", mean: "divide", var: "spread", min: "any", max: "any", argmin: "index", argmax: "index", nanprod: "sum",
  nanmean: "divide", nanstd: "spread", nanvar: "spread", nanmax: "any", nanargmin: "index", nanargmax: "index", cumsum: "sum",
  cumprod: "sum", nancumsum: "sum", nancumprod: "sum", ptp: "number", count_nonzero: "index", trace: "sum", average: "divide",
  diff: "number", ediff1d: "number", cov: "covariance", corrcoef: "covariance", histogram: "index", bincount: "index", unique: "any",
  percentile: "quantile", quantile: "quantile", topk: "any", "linalg.norm": "spread", "fft.irfft": "spread", "linalg.qr": "lapack",
  "linalg.svd": "lapackReal", outer: "any", coarsen_mean: "divide", coarsen_sum: "sum", digitize: "index", searchsorted: "index",
  isin: "compare", nonzero: "index", moment3: "spread",
};

const outCodes = (rule: LoopRule, dtypes: readonly DType[]): string => loopFor(rule, dtypes)?.out.map(codeOf).join("") ?? "-";

describe("the rules give NumPy's dtypes for every pair of operands", () => {
  test.each(goldens("dtype_binary"))("$op", ({ op, expected }) => {
    const rule = BINARY[op];
    expect(rule, `a rule for ${op}`).toBeDefined();
    const widens = op === "matmul" || op === "tensordot";
    DTYPES.forEach((a, i) => {
      const got = DTYPES.map((b) => outCodes(rule, [a, b]));
      const wanted = [...(expected[i] as string)].map((code, j) => {
        if (!widens || code === got[j]) return code;
        skipCase("dtype_binary", [op, a, DTYPES[j]], `Dask widens to ${code}; NumPy's ${got[j]} is kept`);
        return codeOf(promoteTypes(a, DTYPES[j]));
      });
      expect(got.join(" "), `${op}(${a}, ·)`).toBe(wanted.join(" "));
    });
  });
});

describe("the rules give NumPy's dtypes for one operand", () => {
  test.each(goldens("dtype_unary"))("$op", ({ op, expected }) => {
    const rule = UNARY[op];
    expect(rule, `a rule for ${op}`).toBeDefined();
    expect(DTYPES.map((dtype) => outCodes(rule, [dtype])).join(" ")).toBe(expected.join(" "));
  });
});

describe("the rules give Dask's dtypes for reductions", () => {
  test.each(goldens("dtype_reduction"))("$op", ({ op, expected }) => {
    if (op === "gradient") return skipCase("dtype_reduction", [op], "Dask refuses the one element that the case has; its dtype does not show");
    const rule = REDUCTION[op];
    expect(rule, `a rule for ${op}`).toBeDefined();
    DTYPES.forEach((dtype, i) => {
      const wanted = expected[i] as string;
      if (wanted.includes(">")) return skipCase("dtype_reduction", [op, dtype], `Dask says ${wanted[0]} and then computes something else (${wanted})`);
      if (op === "percentile" && dtype === "bool") return skipCase("dtype_reduction", [op, dtype], "NumPy has no percentile of bool");
      expect(outCodes(rule, [dtype]), `${op}(${dtype})`).toBe(wanted);
    });
  });
});

const SCALAR_RULES: Record<string, LoopRule> = { ...BINARY, clip: "any" };
const SCALARS: Record<string, Scalar | DType> = {
  True: true, 1: 1, "-1": -1, 200: 200, 300: 300, 70000: 70000, "2**40": 2 ** 40, "2**63": 2n ** 63n, "2**70": 2n ** 70n,
  "1.0": 1.5, // a whole number is an int in JavaScript; any other float stands for it
  "1e300": 1e300, "1j": { re: 0, im: 1 }, "np.int8(1)": "int8", "np.int64(1)": "int64", "np.float32(1)": "float32",
  "np.float64(1)": "float64", "np.array(1)": "int64", "np.array(1.0)": "float64", "da.from_array(np.int64(1))": "int64", "[1,2] list": "int64",
};

describe("scalars are weak", () => {
  test.each(goldens("dtype_scalar"))("$op with $args.scalar", ({ op, args, expected }) => {
    if (op === "full_like") return skipCase("dtype_scalar", [op, args.scalar], "full_like keeps the array's dtype; nothing is promoted");
    const rule = SCALAR_RULES[op];
    const scalar = SCALARS[args.scalar];
    expect(scalar, `a value for ${args.scalar}`).toBeDefined();
    const code = (operands: (DType | Scalar)[]): string => {
      try {
        return resolveLoop(op, rule, operands, op === "where" ? "word" : "fit").out.map(codeOf).join("");
      } catch (error) {
        if (isNdloomError(error, "ERR_OVERFLOW")) return "O";
        if (isNdloomError(error, "ERR_DTYPE")) return "-";
        throw error;
      }
    };
    expect(DTYPES.map((dtype) => code([dtype, scalar])).join("")).toBe(expected.array_op_scalar);
    if (expected.scalar_op_array.trim() !== "") expect(DTYPES.map((dtype) => code([scalar, dtype])).join("")).toBe(expected.scalar_op_array);
  });

  test("a comparison with an integer beyond the dtype is known without looking", () => {
    expect(resolveLoop("less", "compare", ["int8", 300]).beyond).toEqual({ operand: 1, side: 1 });
    expect(resolveLoop("less", "compare", [-1, "uint64"]).beyond).toEqual({ operand: 0, side: -1 });
    expect(resolveLoop("less", "compare", ["int8", 100]).beyond).toBeUndefined();
  });

  test("an integer that does not fit is refused with the range", () => {
    expect(() => resolveLoop("add", "any", ["uint8", 300])).toThrow(
      "add: expected an integer that uint8 holds (0 to 255), got 300; cast the array to a wider dtype first.");
  });

  test("an operation without a loop says what it got", () => {
    expect(() => resolveLoop("subtract", "number", ["bool", "bool"])).toThrow(
      "subtract: expected dtypes that it is defined for, got bool and bool; use logicalXor or bitwiseXor");
  });

  test("scalars alone take the default dtypes", () => {
    expect([resultType(true), resultType(1), resultType(1n), resultType(1.5), resultType({ re: 0, im: 1 })])
      .toEqual(["bool", "int64", "int64", "float64", "complex128"]);
    expect(resultType("int8", 1, 2.5)).toBe("float64");
    expect(resultType("float16", { re: 0, im: 1 })).toBe("complex64");
    expect(resultType("float32", -0)).toBe("float32");
    expect(resultType("int32", -0)).toBe("float64");
  });
});

describe("canCast", () => {
  test.each(goldens("can_cast"))("$args.casting", ({ args, expected }) => {
    const rows = DTYPES.map((from) => DTYPES.map((to) => (canCast(from, to, args.casting as Casting) ? "1" : "0")).join(""));
    expect(rows).toEqual(expected);
  });
  test("no and equiv take the very dtype only", () => {
    expect([canCast("int8", "int8", "no"), canCast("int8", "int16", "equiv")]).toEqual([true, false]);
  });
});
