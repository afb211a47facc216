import { describe, expect, it } from "vitest";
import { Buffer } from "../../../lib/expr/buffer.js";
import { broadcastTo, cast, expandDims, full, map, slice, transpose } from "../../../lib/expr/build.js";
import { Concat } from "../../../lib/expr/concat.js";
import type { Expr } from "../../../lib/expr/expr.js";
import { Gather } from "../../../lib/expr/gather.js";
import { Iota } from "../../../lib/expr/iota.js";
import { Reduce } from "../../../lib/expr/reduce.js";
import type { PassName } from "../../../lib/optimize/pipeline.js";
import { postorder } from "../../../lib/optimize/rewrite.js";
import { buffer, op, optimized, scalar, text } from "../../support/exprs.js";

const by = (pass: PassName) => (...roots: Expr[]): string => optimized(roots, [pass]).map(text).join(" | ");
const kept = (pass: PassName, x: Expr): void => expect(by(pass)(x)).toBe(text(x));

describe("foldConstants", () => {
  const value = (x: Expr): unknown => (optimized([x], ["foldConstants"])[0] as unknown as { value: unknown }).value;
  const two = (name: "add" | "multiply" | "divide" | "maximum" | "less", a: number, b: number, dtype: "float32" | "float64" | "float16" | "int8") =>
    map(name, dtype, name === "less" ? "bool" : dtype, [full([], dtype, a), full([], dtype, b)], [4]);
  it("computes as the kernels do", () => {
    expect(value(two("add", 0.1, 0.2, "float64"))).toBe(0.1 + 0.2);
    expect(value(two("divide", 1, 3, "float32"))).toBe(Math.fround(1 / 3));
    expect(value(two("multiply", 100, 100, "int8"))).toBe(16n);
    expect(value(two("add", 2048, 1, "float16"))).toBe(2048);
    expect(value(two("maximum", 0, -0, "float64"))).toBe(0);
    expect(value(two("less", 1, 2, "float64"))).toBe(true);
  });
  it("knows that NaN is true", () => {
    expect(value(cast(full([2], "float64", NaN), "bool"))).toBe(true);
    expect(value(cast(full([2], "float64", -0), "bool"))).toBe(false);
  });
  it("writes equal constants alike", () => {
    expect(value(full([2], "int8", 3))).toBe(3n);
    expect(value(full([2], "float32", 0.1))).toBe(Math.fround(0.1));
  });
  it("leaves to the kernels what they round, and the sign of a NaN", () => {
    kept("foldConstants", map("exp", "float64", "float64", [scalar(1)], [4]));
    kept("foldConstants", two("divide", 0, 0, "float64"));
    kept("foldConstants", cast(full([2], "float64", NaN), "int32"));
  });
});

describe("simplifyCasts", () => {
  const after = by("simplifyCasts");
  it("goes past a dtype that holds every value", () => {
    expect(after(cast(cast(buffer([3], "int16"), "float64"), "int32"))).toBe("cast(3)[buffer(3)]");
    expect(after(cast(cast(buffer([3], "float32"), "float64"), "float32"))).toBe("buffer(3)");
    expect(after(cast(cast(buffer([3], "bool"), "int64"), "bool"))).toBe("buffer(3)");
  });
  it("cuts integers once", () => {
    expect(after(cast(cast(buffer([3], "int64"), "int32"), "uint8"))).toBe("cast(3)[buffer(3)]");
  });
  it("keeps what rounds, cuts off or wraps", () => {
    kept("simplifyCasts", cast(cast(buffer([3]), "float32"), "float64"));
    kept("simplifyCasts", cast(cast(buffer([3], "int64"), "float64"), "int64"));
    kept("simplifyCasts", cast(cast(buffer([3], "int64"), "int8"), "int64"));
    kept("simplifyCasts", cast(cast(buffer([3]), "int32"), "int8"));
    kept("simplifyCasts", cast(cast(buffer([3], "uint32"), "float64"), "uint16"));
  });
});

describe("simplifyFolds", () => {
  const after = by("simplifyFolds");
  const x = buffer([4, 5, 6], "int64");
  it("folds a fold's axes with its own", () => {
    const [one] = optimized([new Reduce("sum", new Reduce("sum", x, [1]), [1])], ["simplifyFolds"]) as [Reduce];
    expect([one.axes, one.inputs[0]]).toEqual([[1, 2], x]);
    expect(after(new Reduce("max", new Reduce("max", buffer([4, 5]), [0]), [0]))).toBe("reduce()[buffer(4×5)]");
  });
  it("but not sums of floats, whose order counts, nor one kind of another", () => {
    kept("simplifyFolds", new Reduce("sum", new Reduce("sum", buffer([4, 5]), [0]), [0]));
    kept("simplifyFolds", new Reduce("max", new Reduce("min", x, [0]), [0]));
  });
  it("folds an array as it lies, not as it is turned", () => {
    expect(after(new Reduce("max", transpose(buffer([4, 5]), [1, 0]), [0]))).toBe("reduce(4)[buffer(4×5)]");
    expect(after(new Reduce("sum", transpose(x, [2, 0, 1]), [1]))).toBe("view(6×5)[reduce(5×6)[buffer(4×5×6)]]");
    expect(after(new Reduce("min", slice(buffer([9]), 0, 8, -1, 9), [0]))).toBe("reduce()[buffer(9)]");
  });
  it("folds what a view repeats once", () => {
    const repeated = broadcastTo(buffer([5], "int64"), [7, 5]);
    expect(after(new Reduce("max", repeated, [0]))).toBe("reduce(5)[view(1×5)[buffer(5)]]");
    expect(after(new Reduce("sum", repeated, [0]))).toBe("multiply(5)[reduce(5)[view(1×5)[buffer(5)]], full(5)]");
    kept("simplifyFolds", new Reduce("sum", broadcastTo(buffer([5]), [7, 5]), [0]));
  });
  it("looks for extremes before a cast that keeps order, for casting one is enough", () => {
    expect(after(new Reduce("max", cast(buffer([9], "int8"), "float64"), [0]))).toBe("cast()[reduce()[buffer(9)]]");
    expect(after(new Reduce("argmin", cast(buffer([9], "float32"), "float64"), [0], 1))).toBe("reduce()[buffer(9)]");
    kept("simplifyFolds", new Reduce("max", cast(buffer([9]), "float32"), [0]));
    kept("simplifyFolds", new Reduce("argmax", cast(buffer([9], "int64"), "float64"), [0], 1));
  });
  it("an extreme of one element is that element, unless it may be NaN", () => {
    expect(after(new Reduce("max", buffer([1, 5], "int8"), [0]))).toBe("view(5)[buffer(1×5)]");
    kept("simplifyFolds", new Reduce("max", buffer([1, 5]), [0]));
  });
});

describe("mergeCommuted", () => {
  const [a, b] = [buffer([3]), buffer([3])];
  it("makes one of a + b and b + a, and of a > b and b < a", () => {
    const compare = (name: "less" | "greater", x: Expr, y: Expr) => map(name, "float64", "bool", [x, y], [3]);
    for (const [x, y] of [[op("add", a, b), op("add", b, a)], [compare("greater", a, b), compare("less", b, a)]] as const) {
      const [one, other] = optimized([x, y], ["mergeCommuted"]);
      expect(one).toBe(x);
      expect(other).toBe(x);
    }
  });
  it("but not of differences, nor of extremes, which may be −0 or 0", () => {
    for (const name of ["subtract", "maximum"] as const) expect(postorder(optimized([op(name, a, b), op(name, b, a)], ["mergeCommuted"]))).toHaveLength(4);
  });
});

describe("joinSlices", () => {
  const after = by("joinSlices");
  it("puts an array together again", () => {
    const x = op("sqrt", buffer([10]));
    expect(after(new Concat([slice(x, 0, 0, 1, 4), slice(x, 0, 4, 1, 6)], 0))).toBe(text(x));
    expect(after(new Concat([slice(x, 0, 0, 2, 3), slice(x, 0, 6, 2, 2)], 0))).toBe("view(5)[sqrt(10)[buffer(10)]]");
    const memory = buffer([10]);
    const [both] = optimized([new Concat(optimized([slice(memory, 0, 2, 1, 3), slice(memory, 0, 5, 1, 1)], ["sinkViews"]), 0)], ["joinSlices"]) as [Buffer];
    expect(both).toMatchObject({ kind: "buffer", shape: [4], strides: [1], offset: 2 });
  });
  it("leaves what does not follow", () => {
    const x = op("sqrt", buffer([10]));
    for (const parts of [[slice(x, 0, 4, 1, 6), slice(x, 0, 0, 1, 4)], [slice(x, 0, 0, 1, 4), slice(x, 0, 4, 2, 3)], [x, x]]) kept("joinSlices", new Concat(parts, 0));
  });
  it("flattens, and joins equal constants", () => {
    const zeros = (n: number): Expr => full([n], "float64", 0);
    expect(after(new Concat([new Concat([buffer([2]), zeros(1)], 0), zeros(3)], 0))).toBe("concat(6)[buffer(2), full(4)]");
  });
  it("a roll and back is the array", () => {
    const x = op("sqrt", buffer([10]));
    const rolled = (e: Expr, by: number): Expr => new Concat([slice(e, 0, 10 - by, 1, by), slice(e, 0, 0, 1, 10 - by)], 0);
    expect(text(optimized([rolled(rolled(x, 3), 7)])[0]!)).toBe(text(x));
  });
});

describe("takeSlices", () => {
  const after = by("takeSlices");
  const x = buffer([10, 4]);
  const int = (v: number): Expr => full([], "int64", v);
  it("takes places evenly apart as a slice", () => {
    expect(after(new Gather(x, new Iota([10]), 0))).toBe("buffer(10×4)");
    const index = map("add", "int64", "int64", [map("multiply", "int64", "int64", [new Iota([3]), int(-2)], [3]), int(9)], [3]);
    expect(optimized([new Gather(x, index, 0)], ["takeSlices"])[0]).toMatchObject({ kind: "buffer", shape: [3, 4], strides: [-8, 1], offset: 36 });
  });
  it("as the API writes it, with places from the end", () => {
    const at = map("add", "int64", "int64", [new Iota([3]), int(-4)], [3]);
    const positive = map("where", "int64", "int64", [map("less", "int64", "bool", [at, int(0)], [3]), map("add", "int64", "int64", [at, int(10)], [3]), at], [3]);
    expect(optimized([new Gather(x, positive, 0)], ["takeSlices"])[0]).toMatchObject({ kind: "buffer", offset: 24 });
  });
  it("from a list in memory", () => {
    const list = (...v: number[]): Expr => new Buffer([v.length], "int64", { id: -1, byteLength: v.length * 8, data: BigInt64Array.from(v, BigInt), check: () => undefined }, [1]);
    expect(optimized([new Gather(x, list(1, 4, 7), 0)], ["takeSlices"])[0]).toMatchObject({ kind: "buffer", strides: [12, 1], offset: 4 });
    expect(after(new Gather(x, list(2, 2, 2), 0))).toBe("buffer(3×4)");
    kept("takeSlices", new Gather(x, list(1, 4, 6), 0));
  });
  it("leaves places that are not there for the run to complain of", () => {
    kept("takeSlices", new Gather(x, new Iota([11]), 0));
    kept("takeSlices", new Gather(x, full([2], "int64", -1), 0));
  });
});

describe("sinkTakes", () => {
  const after = by("sinkTakes");
  const index = buffer([3], "int64");
  it("computes what is taken only", () => {
    expect(after(new Gather(op("exp", op("add", buffer([100]), scalar(1))), index, 0))).toBe("exp(3)[add(3)[gather(3)[buffer(100), buffer(3)], full(3)]]");
    expect(after(new Gather(op("add", buffer([100, 5]), broadcastTo(buffer([5]), [100, 5])), index, 0))).toBe("add(3×5)[gather(3×5)[buffer(100×5), buffer(3)], view(3×5)[buffer(5)]]");
  });
  it("but where most is taken, results are taken", () => {
    kept("sinkTakes", new Gather(op("exp", op("add", buffer([5]), scalar(1))), index, 0));
  });
  it("somebody looks whether the places are there", () => {
    kept("sinkTakes", new Gather(op("exp", broadcastTo(expandDims(buffer([5]), [0]), [100, 5])), index, 0));
    kept("sinkTakes", new Gather(full([100], "float64", 0), index, 0));
  });
  it("a take of a take is one", () => {
    expect(after(new Gather(new Gather(buffer([100, 5]), buffer([20], "int64"), 0), index, 0))).toBe("gather(3×5)[buffer(100×5), gather(3)[buffer(20), buffer(3)]]");
  });
});

describe("hoistRepeats", () => {
  const after = by("hoistRepeats");
  it("computes once what is repeated", () => {
    expect(after(op("exp", broadcastTo(buffer([5]), [100, 5])))).toBe("view(100×5)[exp(1×5)[view(1×5)[buffer(5)]]]");
    expect(after(map("exp", "float64", "float64", [scalar(1)], [100]))).toBe("view(100)[exp(1)[full(1)]]");
  });
  it("not when it is repeated a few times, or by one input only", () => {
    kept("hoistRepeats", op("exp", broadcastTo(buffer([5]), [3, 5])));
    kept("hoistRepeats", op("add", buffer([100, 5]), broadcastTo(buffer([5]), [100, 5])));
  });
});
