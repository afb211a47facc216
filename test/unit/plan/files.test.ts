import { describe, expect, test, vi } from "vitest";

vi.mock("../../../lib/plan/sizes.js", () => import("../../support/small-cells.js"));

const { drain } = await import("../../../lib/core/steps.js");
const { broadcastTo, expandDims, slice, transpose } = await import("../../../lib/expr/build.js");
const { File } = await import("../../../lib/expr/file.js");
const { Gather } = await import("../../../lib/expr/gather.js");
const { Reduce } = await import("../../../lib/expr/reduce.js");
const { Reshape } = await import("../../../lib/expr/view.js");
const { optimize } = await import("../../../lib/optimize/pipeline.js");
const { lower } = await import("../../../lib/plan/lower.js");
const { runsOf } = await import("../../../lib/plan/picked-rows.js");
const { TASK_KINDS } = await import("../../../lib/plan/plan.js");
const { op } = await import("../../support/exprs.js");
const { Buffer } = await import("../../../lib/expr/buffer.js");
type Expr = import("../../../lib/expr/expr.js").Expr;
type Plan = import("../../../lib/plan/plan.js").Plan;

const source = { id: 77, path: "x.npy", name: "x.npy", token: "a file", byteLength: 1 << 20, writable: false, check: async () => undefined };
const file = (shape: readonly number[]): Expr => new File(shape, "float64", source, 128, false);
const planOf = (x: Expr): Plan => drain(lower(drain(optimize([x]))));
const reads = (plan: Plan) => plan.tasks.filter((task) => task.kind === TASK_KINDS.readFile);

describe("what tasks read of files", () => {
  test("each reads what it needs, once, right before", () => {
    const plan = planOf(op("sqrt", file([16, 8])));
    expect(plan.readBytes).toBe(16 * 8 * 8);
    const kinds = plan.tasks.map((task) => task.kind);
    expect(kinds.slice(0, 4)).toEqual([2, 0, 2, 0]);
    for (const { writes } of reads(plan)) expect(writes.map((slot) => [slot.writers, slot.readers])).toEqual([[1, 1]]);
    expect(plan.files).toEqual([source]);
  });

  test("memory is that of some cells, however long the file is", () => {
    const sum = (n: number): number => planOf(new Reduce("sum", file([n, 8]), [0, 1])).peakBytes;
    expect(sum(4096)).toBeLessThan(2 * sum(64));
  });

  test("loads that lie close together are one read; those that do not are two", () => {
    const x = file([64, 6]);
    const near = planOf(op("add", slice(x, 0, 0, 1, 63), slice(x, 0, 1, 1, 63)));
    expect(near.readBytes).toBeLessThan(1.6 * 64 * 6 * 8);
    const far = planOf(op("add", slice(x, 0, 0, 1, 8), slice(x, 0, 56, 1, 8)));
    expect(far.readBytes).toBe(2 * 8 * 6 * 8);
  });

  test("an array beside its transpose is read once: mirrored cells share what they read", () => {
    const x = file([16, 16]);
    expect(planOf(new Reduce("sum", op("add", x, transpose(x, [1, 0])), [0, 1])).readBytes).toBe(16 * 16 * 8);
  });

  test("steps skip what is not needed", () => {
    const x = file([60, 40]);
    expect(planOf(op("sqrt", slice(x, 0, 3, 10, 5))).readBytes).toBe(5 * 40 * 8);
    expect(planOf(op("sqrt", slice(x, 1, 39, -4, 10))).readBytes).toBe(60 * 10 * 8);
  });

  test("a reshape of a file, or of some of its rows, is a file of another shape", () => {
    for (const x of [file([16, 8]), slice(file([32, 8]), 0, 4, 1, 16)]) {
      const plan = planOf(op("sqrt", new Reshape(x, [4, 32])));
      expect(plan.readBytes).toBe(16 * 8 * 8);
      expect(plan.layers.map((layer) => layer.name)).toEqual(["sqrt", "read x.npy"]);
    }
  });

  test("what is repeated is read for each cell that it is repeated in, not stored", () => {
    const plan = planOf(op("add", file([8, 8]), broadcastTo(expandDims(slice(file([8, 8]), 0, 2, 1, 1), []), [8, 8])));
    expect(plan.layers.map((layer) => layer.name)).toEqual(["add", "read x.npy"]);
  });

  test("rows that an index picks are read in runs", () => {
    const rows = BigInt64Array.of(1n, 2n, 3n, 9n, 7n, 5n, 0n);
    const index = new Buffer([7], "int64", { id: 5, byteLength: 56, data: rows, check: () => undefined }, [1]);
    const plan = planOf(op("sqrt", new Gather(file([10, 2]), index, 0)));
    expect(plan.readBytes).toBe(7 * 2 * 8);
    expect(runsOf([1, 2, 3, 9, 7, 5, 0, 4, 4, 4])).toEqual([
      { first: 0, count: 3, step: 1 }, { first: 3, count: 3, step: -2 }, { first: 6, count: 2, step: 4 }, { first: 8, count: 2, step: 0 },
    ]);
    expect(runsOf([])).toEqual([]);
  });
});

describe("what goes to files", () => {
  const sink = { ...source, id: 78, token: "a new file", name: "y.npy", writable: true };
  const written = (x: Expr): Plan => drain(lower([], [], [{ expr: drain(optimize([x]))[0]!, file: sink, byteOffset: 128 }]));

  test("each block is written when it is there, and let go", () => {
    const plan = written(op("sqrt", file([64, 8])));
    expect(plan.outputs).toEqual([]);
    expect(plan.tasks.map((task) => task.kind).slice(0, 6)).toEqual([2, 0, 3, 2, 0, 3]);
    expect(plan.peakBytes).toBeLessThan(64 * 8 * 8 / 2);
    expect(plan.layers.map((layer) => layer.name)).toContain("write y.npy");
  });
});
