import { describe, expect, it } from "vitest";
import { config } from "../../../lib/config/index.js";
import { drain } from "../../../lib/core/steps.js";
import { Buffer } from "../../../lib/expr/buffer.js";
import { cast, full, map, reshape } from "../../../lib/expr/build.js";
import { Concat } from "../../../lib/expr/concat.js";
import type { Expr } from "../../../lib/expr/expr.js";
import { Gather } from "../../../lib/expr/gather.js";
import { MapOp } from "../../../lib/expr/map.js";
import { Matmul } from "../../../lib/expr/matmul.js";
import { Random } from "../../../lib/expr/random.js";
import { Reduce } from "../../../lib/expr/reduce.js";
import { Rows } from "../../../lib/expr/rows.js";
import { Scan } from "../../../lib/expr/scan.js";
import { Nonzero, Select } from "../../../lib/expr/select.js";
import { Reshape, View } from "../../../lib/expr/view.js";
import { runPasses } from "../../../lib/optimize/pipeline.js";
import { verify } from "../../../lib/optimize/verify.js";
import { buffer } from "../../support/exprs.js";

const x = buffer([4, 6]);
const check = (before: readonly Expr[], after: readonly Expr[]): void => drain(verify("a pass", before, after));
const own = (e: Expr): void => check([e], [e]);

describe("a pass must keep", () => {
  it.each([
    ["the number of roots", [x, x], [x], "2 roots became 1"],
    ["shapes", [x], [buffer([6, 4])], "root 0 had shape (4, 6) and got (6, 4)"],
    ["dtypes", [x], [cast(x, "int32")], "root 0 was float64 and became int32"],
  ])("%s", (_, before, after, wrong) => {
    expect(() => check(before, after)).toThrow(`optimize: a pass left a wrong expression, ${wrong}`);
  });
});

describe("wrong nodes are found", () => {
  const index = buffer([3], "int64");
  const step = (axis: number, size = 1) => ({ axis, step: size });
  const wrong: [string, () => Expr, string][] = [
    ["a length that is none", () => full([-1], "float64", 0), "a length that is no whole number"],
    ["strides beyond the memory", () => new Buffer([4, 6], "float64", x.source, [6, 2]), "elements 0 to 28 of 192 bytes"],
    ["a start before the memory", () => new Buffer([4], "float64", x.source, [-1]), "elements -3 to 0"],
    ["an integer out of range", () => full([2], "uint8", 256), "the value 256"],
    ["a generator's dtype", () => new Random([2], "normal", { key: 1n }, "float32"), "normal gives float64"],
    ["too few inputs", () => new MapOp("add", "float64", "float64", [x]), "add takes 2 inputs"],
    ["an input of another dtype", () => new MapOp("add", "float64", "float64", [x, buffer([4, 6], "float32")]), "input 1 of add is float32, expected float64"],
    ["a condition that is no bool", () => new MapOp("where", "float64", "float64", [x, x, x]), "input 0 of where is float64, expected bool"],
    ["a loop that is not there", () => new MapOp("sin", "int32", "int32", [buffer([4], "int32")]), "sin has no loop for int32"],
    ["a result of another dtype", () => new MapOp("less", "float64", "float64", [x, x]), "less of float64 gives bool"],
    ["an output that is not there", () => new MapOp("sin", "float64", "float64", [x], 1), "sin has no output 1"],
    ["joined dtypes that differ", () => new Concat([x, buffer([4, 6], "int64")], 0), "an input of shape (4, 6) and dtype int64"],
    ["joined shapes that differ", () => new Concat([x, buffer([4, 5])], 0), "an input of shape (4, 5)"],
    ["an axis walked twice", () => new View(x, [4, 4], [step(0), step(0)], [0, 0]), "an axis of its input that is walked twice"],
    ["a walk off the end", () => new View(x, [4, 6], [step(0), step(1)], [0, 1]), "it leaves axis 1"],
    ["a walk off the start", () => new View(x, [4, 6], [step(0, -1), step(1)], [2, 0]), "it leaves axis 0"],
    ["a reshape to another size", () => new Reshape(x, [25]), "its input has shape (4, 6)"],
    ["a folded axis that is not there", () => new Reduce("sum", x, [2]), "axes 2"],
    ["an axis folded twice", () => new Reduce("sum", x, [0, 0]), "axes 0,0"],
    ["moments of what is not float64", () => new Reduce("moments2", buffer([3], "float32"), [0], 1), "moments2 of float32"],
    ["a sum of bool", () => new Reduce("sum", buffer([3], "bool"), [0]), "sum of bool"],
    ["a field that is not there", () => new Reduce("sum", x, [0], 1), "no such dtype"],
    ["a scan along no axis", () => new Scan("sum", x, 2), "axis 2"],
    ["an index of two axes", () => new Gather(x, buffer([2, 2], "int64"), 0), "an index of shape (2, 2)"],
    ["an index of another dtype", () => new Gather(x, buffer([3], "int32"), 0), "dtype int32"],
    ["a gather along no axis", () => new Gather(x, index, 2), "axis 2"],
    ["matrices that do not fit", () => new Matmul(x, buffer([5, 6])), "operands of shapes (4, 6), (5, 6)"],
    ["quantiles of integers", () => new Rows("quantile", buffer([3], "int64"), [6, 0, 0.5]), "quantiles of int64"],
    ["a mask that is no bool", () => new Select(x, x), "dtype float64"],
    ["places of what is no mask", () => new Nonzero(x), "dtype float64"],
  ];
  it.each(wrong)("%s", (_, make, message) => {
    expect(() => own(make())).toThrow(message);
  });
  it("anywhere below a root", () => {
    expect(() => own(reshape(new Reduce("sum", new Reshape(x, [25]), [0]), [1, 1]))).toThrow("a reshape node of shape (25,)");
  });
  it("a node that was changed after its token was asked for", () => {
    const node = map("add", "float64", "float64", [x, x], [4, 6]);
    expect(node.token).toHaveLength(32);
    Object.assign(node, { op: "subtract" });
    expect(() => own(node)).toThrow("its token is not that of an equal node");
  });
});

describe("passes are checked", () => {
  it("where the configuration says so", () => {
    const bad = new Reshape(x, [25]);
    expect(() => drain(runPasses([bad], []))).not.toThrow();
    for (const values of [{ debug: true }, { "log-level": "debug" as const }]) {
      expect(() => config.with(values, () => drain(runPasses([bad], [])))).toThrow("optimize: the call left a wrong expression");
    }
  });
});
