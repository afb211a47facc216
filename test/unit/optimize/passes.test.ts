import { describe, expect, it } from "vitest";
import { cast, expandDims, full, map, reshape, slice, transpose } from "../../../lib/expr/build.js";
import { Concat } from "../../../lib/expr/concat.js";
import { Iota } from "../../../lib/expr/iota.js";
import { Matmul } from "../../../lib/expr/matmul.js";
import { Random } from "../../../lib/expr/random.js";
import { Reduce } from "../../../lib/expr/reduce.js";
import { Select } from "../../../lib/expr/select.js";
import { drain } from "../../../lib/core/steps.js";
import { spareSelections } from "../../../lib/optimize/pipeline.js";
import { buffer, op, optimized, scalar, text } from "../../support/exprs.js";

const after = (x: Parameters<typeof text>[0]): string => text(optimized([x])[0]!);

describe("reshapes sink to the sources", () => {
  it("through element-wise operations", () => {
    expect(after(reshape(op("add", buffer([4, 6]), scalar(1)), [24]))).toBe("add(24)[buffer(24), full(24)]");
  });
  it("sources of the flat index take any shape", () => {
    expect(after(reshape(new Iota([6]), [2, 3]))).toBe("iota(2×3)");
    expect(after(reshape(new Random([6], "normal", { key: 1n }), [3, 2]))).toBe("random(3×2)");
  });
  it("axes of length 1 come and go as views", () => {
    expect(after(reshape(new Reduce("sum", buffer([4, 6]), [0]), [6, 1]))).toBe("view(6×1)[reduce(6)[buffer(4×6)]]");
  });
  it("memory that is not contiguous across merged axes stays", () => {
    expect(after(reshape(transpose(buffer([4, 6]), [1, 0]), [24]))).toBe("reshape(24)[buffer(6×4)]");
    expect(after(reshape(slice(buffer([4, 6]), 0, 0, 2, 2), [2, 2, 3]))).toBe("buffer(2×2×3)");
  });
});

describe("nothing is computed for nothing", () => {
  it("an array without elements is a constant", () => {
    expect(after(op("sqrt", slice(buffer([5]), 0, 0, 1, 0)))).toBe("full(0)");
  });
  it("a fold over no elements is the reducer's start", () => {
    const [sum, product] = optimized([new Reduce("sum", full([0, 3], "float64", 1), [0]), new Reduce("prod", full([0, 3], "float64", 1), [0])]);
    expect([sum, product]).toMatchObject([{ kind: "full", shape: [3], value: 0 }, { kind: "full", shape: [3], value: 1 }]);
  });
  it("empty inputs of a concatenation go", () => {
    expect(after(new Concat([full([0, 2], "float64", 0), buffer([3, 2])], 0))).toBe("buffer(3×2)");
  });
});

describe("constants fold", () => {
  it("where the value stays what it is", () => {
    expect(optimized([cast(full([2], "int64", 3), "float64")])[0]).toMatchObject({ kind: "full", dtype: "float64", value: 3 });
    expect(optimized([cast(full([2], "float64", 7), "uint8")])[0]).toMatchObject({ kind: "full", value: 7n });
  });
  it("and not where the kernels must decide", () => {
    expect(after(cast(full([2], "float64", 300), "uint8"))).toBe("cast(2)[full(2)]");
    expect(after(cast(full([2], "float64", 0.5), "int32"))).toBe("cast(2)[full(2)]");
  });
});

describe("products of few results", () => {
  it("are sums of products", () => {
    expect(after(new Matmul(buffer([1, 1000]), buffer([1000, 1])))).toBe("reduce(1×1)[multiply(1×1×1000)[buffer(1×1×1000), buffer(1×1×1000)]]");
  });
  it("and of many are not", () => {
    expect(after(new Matmul(buffer([10, 20]), buffer([20, 10])))).toBe("matmul(10×10)[buffer(10×20), buffer(20×10)]");
  });
});

it("ten thousand operations on top of each other are no deeper than one", () => {
  let x = op("add", buffer([5]), scalar(1));
  for (let i = 0; i < 10_000; i++) x = op("multiply", x, scalar(i));
  expect(optimized([expandDims(slice(x, 0, 0, 1, 2), [0])])[0]!.shape).toEqual([1, 2]);
});

describe("a sum of what a mask selects", () => {
  const x = buffer([50, 40]);
  const mask = buffer([50, 40], "bool");
  const folded = (e: Parameters<typeof text>[0]): string => text(drain(spareSelections([e]))[0]!);
  it("is a sum with zeros", () => {
    expect(folded(new Reduce("sum", new Select(x, mask), [0]))).toBe("reduce()[where(50×40)[buffer(50×40), buffer(50×40), full(50×40)]]");
  });
  it("takes element-wise operations along", () => {
    expect(folded(new Reduce("prod", op("sqrt", op("add", new Select(x, mask), scalar(1))), [0])))
      .toBe("reduce()[where(50×40)[buffer(50×40), sqrt(50×40)[add(50×40)[buffer(50×40), full(50×40)]], full(50×40)]]");
  });
  it("selects all the same for other folds, other masks and other arrays", () => {
    const other = new Select(x, buffer([50, 40], "bool"));
    for (const e of [new Reduce("max", new Select(x, mask), [0]), new Reduce("sum", op("add", new Select(x, mask), other), [0])]) expect(folded(e)).toContain("select");
  });
});

describe("sines and cosines", () => {
  it("of the same are found together", () => {
    const x = buffer([9]);
    for (const dtype of ["float64", "float32"] as const) {
      const y = buffer([9], dtype);
      const both = map("add", dtype, dtype, [map("sin", dtype, dtype, [y], [9]), map("cos", dtype, dtype, [y], [9])], [9]);
      expect(after(both)).toBe("add(9)[sincos(9)[buffer(9)], sincos(9)[buffer(9)]]");
    }
    expect(after(op("add", op("sin", x), op("cos", op("negative", x))))).toContain("add(9)[sin(9)");
  });
});

describe("sums of sums", () => {
  const [a, b, c, d] = [buffer([3]), buffer([3]), buffer([3]), buffer([3])];
  const add = (x: Parameters<typeof text>[0], y: Parameters<typeof text>[0]): typeof x => op("add", x, y);
  const joined = (...roots: Parameters<typeof text>[0][]): string[] => optimized(roots, ["joinSums"]).map((x) => text(x));
  const x = "buffer(3)";

  it("are taken two steps at a time, whichever side the inner one is on", () => {
    expect(joined(add(add(a, b), c))).toEqual([`add_add(3)[${x}, ${x}, ${x}]`]);
    expect(joined(add(c, add(a, b)))).toEqual([`add_add(3)[${x}, ${x}, ${x}]`]);
    expect(joined(add(add(add(a, b), c), d))).toEqual([`add(3)[add_add(3)[${x}, ${x}, ${x}], ${x}]`]);
    expect(joined(op("subtract", add(add(add(a, b), c), d), a))).toEqual([`add_subtract(3)[add_add(3)[${x}, ${x}, ${x}], ${x}, ${x}]`]);
  });
  it("but not what others read too, a subtrahend, or another dtype", () => {
    const shared = add(a, b);
    expect(joined(add(shared, c), op("sqrt", shared))[0]).toBe(`add(3)[add(3)[${x}, ${x}], ${x}]`);
    expect(joined(add(shared, c), shared)[0]).toBe(`add(3)[add(3)[${x}, ${x}], ${x}]`);
    expect(joined(op("subtract", c, add(a, b)))).toEqual([`subtract(3)[${x}, add(3)[${x}, ${x}]]`]);
    const whole = buffer([3], "int64");
    expect(text(optimized([map("add", "int64", "int64", [map("add", "int64", "int64", [whole, whole], [3]), whole], [3])], ["joinSums"])[0]!)).not.toContain("add_add");
  });
});
