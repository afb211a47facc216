import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import * as errors from "../../../lib/errors/index.js";

describe("errors", () => {
  test("start with their class and code", () => {
    const error = new errors.AxisError("sum: axis 3 does not exist on a 1-d array (shape (10,))", { axis: 3, ndim: 1, hint: "use 0 or -1" });
    expect(String(error)).toBe("AxisError [ERR_AXIS]: sum: axis 3 does not exist on a 1-d array (shape (10,)); use 0 or -1.");
    expect(error.stack).toMatch(/AxisError/);
    expect(inspect(error)).toMatch(/^AxisError \[ERR_AXIS\]: sum: axis 3/);
    expect(error).toMatchObject({ code: "ERR_AXIS", axis: 3, ndim: 1, hint: "use 0 or -1" });
  });

  test("a hint that is a sentence stays one", () => {
    expect(new errors.ChunkError("rechunk: too few", { hint: "Did you mean 3?" }).message).toBe("rechunk: too few. Did you mean 3?");
  });

  test("a message gets its full stop once", () => {
    expect(new errors.NdloomError("a: b.").message).toBe("a: b.");
    expect(new errors.NdloomError("a: b").message).toBe("a: b.");
  });

  test("a code given wins over the class's", () => {
    const error = new errors.ShapeError("add: no", { code: "ERR_BROADCAST", shapes: [[1], [2]] });
    expect(error.name).toBe("ShapeError [ERR_BROADCAST]");
    expect(errors.isNdloomError(error, "ERR_BROADCAST")).toBe(true);
    expect(errors.isNdloomError(error, "ERR_SHAPE")).toBe(false);
    expect(errors.isNdloomError(new Error("x"))).toBe(false);
  });

  test("every class is an NdloomError with a code of its own", () => {
    const details = { axis: 0, ndim: 0, option: "x", neededBytes: 2, limitBytes: 1, layer: "sum", key: "sum-1", block: [0] };
    const classes = Object.entries(errors).filter(([name]) => name.endsWith("Error") && name !== "NdloomError" && name !== "isNdloomError");
    expect(classes.length).toBe(15);
    const codes = classes.map(([name, Class]) => {
      const error = new (Class as new (message: string, d: object) => errors.NdloomError)("op: no", details);
      expect(error).toBeInstanceOf(errors.NdloomError);
      expect(error.name).toBe(`${name} [${error.code}]`);
      return error.code;
    });
    expect(new Set(codes).size).toBe(classes.length);
  });

  test("the cause is kept", () => {
    const cause = new RangeError("bad");
    expect(new errors.TaskError("mapBlocks: failed", { key: "k", block: [3, 7], layer: "scale", cause }).cause).toBe(cause);
    expect("cause" in new errors.KernelError("x: y")).toBe(false);
  });

  test("a user's subclass keeps the grammar", () => {
    class Mine extends errors.NdloomError {}
    expect(new Mine("x: y").name).toBe("NdloomError [ERR_NDLOOM]");
  });
});

describe("nearest", () => {
  test.each([["flaot64", "float64"], ["array.chunksize", "array.chunk-size"], ["FLOAT64", "float64"], ["zzz", undefined]])("%s", (name, wanted) => {
    expect(errors.nearest(name, ["float32", "float64", "array.chunk-size"])).toBe(wanted);
  });
});
