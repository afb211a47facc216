import { describe, expect, it } from "vitest";
import { broadcastTo, reshape, slice, transpose } from "../../../lib/expr/build.js";
import { Concat } from "../../../lib/expr/concat.js";
import { drain } from "../../../lib/core/steps.js";
import type { Expr } from "../../../lib/expr/expr.js";
import { Gather } from "../../../lib/expr/gather.js";
import { Matmul } from "../../../lib/expr/matmul.js";
import { Random } from "../../../lib/expr/random.js";
import { Reduce } from "../../../lib/expr/reduce.js";
import { Scan } from "../../../lib/expr/scan.js";
import { optimize } from "../../../lib/optimize/pipeline.js";
import { blockBytes } from "../../../lib/plan/block-bytes.js";
import { indices, mirrored } from "../../../lib/plan/grid.js";
import { lower } from "../../../lib/plan/lower.js";
import type { Plan } from "../../../lib/plan/plan.js";
import { buffer, op, scalar } from "../../support/exprs.js";

const planOf = (...roots: readonly Expr[]): Plan => drain(lower(drain(optimize(roots))));
const layerNames = (plan: Plan): string[] => plan.layers.map((l) => l.name);

/** What every plan promises: slots are written before they are read, counted right, and the peak is what its order needs. */
function expectSound(plan: Plan): void {
  const written = new Map<object, number>();
  const read = new Map<object, number>();
  for (const task of plan.tasks) {
    for (const slot of task.reads) {
      expect(written.get(slot), "all writers of a slot come before its readers").toBe(slot.writers);
      read.set(slot, (read.get(slot) ?? 0) + 1);
    }
    for (const slot of task.writes) written.set(slot, (written.get(slot) ?? 0) + 1);
    expect(task.end).toBeGreaterThan(task.start);
  }
  for (const slot of plan.slots) {
    expect(written.get(slot) ?? 0).toBe(slot.writers);
    expect(read.get(slot) ?? 0).toBe(slot.readers);
    expect(slot.keep || slot.readers > 0 || slot.writers > 0).toBe(true);
  }
  expect(new Set(plan.slots.map((s) => s.id)).size).toBe(plan.slots.length);
  expect(plan.peakBytes).toBeLessThanOrEqual(plan.slots.reduce((n, s) => n + blockBytes(s.bytes), 0));
}

describe("fusion", () => {
  it("source, chain and first reduction step are one stage; partial results are merged", () => {
    const plan = planOf(new Reduce("sum", op("add", op("multiply", buffer([4000, 4000]), scalar(2)), scalar(1)), [0]));
    expect(layerNames(plan)).toEqual(["multiply, add → sum", "merge sum"]);
    expectSound(plan);
  });
  it("no partial results where the kept axes make cells enough of their own", () => {
    expect(layerNames(planOf(new Reduce("sum", buffer([100_000, 50]), [1])))).toEqual(["sum"]);
  });
  it("reductions of one source fold in one pass", () => {
    const x = buffer([4000, 4000]);
    const plan = planOf(new Reduce("sum", x, [0]), new Reduce("max", op("negative", x), [0]), new Reduce("moments2", x, [0], 2));
    expect(layerNames(plan)).toHaveLength(2);
    expect(layerNames(plan)[0]).toMatch(/→ (?=.*sum)(?=.*max)(?=.*moments2)/);
    expectSound(plan);
  });
  it("and so do those that share but some of what they read: x, y and x·y", () => {
    const [x, y] = [buffer([4000, 4000]), buffer([4000, 4000])];
    const plan = planOf(new Reduce("sum", x, [0]), new Reduce("sum", y, [0]), new Reduce("sum", op("multiply", x, y), [0]));
    expect(layerNames(plan)).toEqual(["multiply → sum and sum and sum", "merge sum and sum and sum"]);
    expectSound(plan);
    const random = (key: bigint) => new Random([4000, 4000], "random", { key });
    expect(layerNames(planOf(new Reduce("sum", random(1n), [0]), new Reduce("max", op("add", random(1n), random(2n)), [0])))).toHaveLength(2);
  });
  it("over different axes too, when that leaves few partial results", () => {
    const passes = (shape: readonly number[], ...axes: readonly (readonly number[])[]): number => {
      const x = buffer(shape);
      const plan = planOf(...axes.flatMap((a) => [new Reduce("sum", x, a), new Reduce("moments2", x, a, 2)]));
      expectSound(plan);
      return layerNames(plan).filter((name) => !name.startsWith("merge")).length;
    };
    expect(passes([4000, 4000], [0], [1], [0, 1])).toBe(1);
    expect(passes([500, 600, 400], [1], [2])).toBe(1);
    expect(passes([500, 600, 400], [0], [1], [2])).toBe(2);
    // Whatever the order, the inner axes share: their cells are runs of memory.
    const x = buffer([500, 600, 400]);
    const [a, b, c] = [new Reduce("sum", x, [0]), new Reduce("max", x, [1]), new Reduce("min", x, [2])];
    for (const order of [[a, b, c], [a, c, b], [b, a, c], [b, c, a], [c, a, b], [c, b, a]])
      expect(layerNames(planOf(...order)).filter((name) => !name.startsWith("merge")).sort()).toEqual([expect.stringMatching(/^(max and min|min and max)$/), "sum"]);
    expect(passes([20, 30, 40], [0], [1], [2], [0, 1], [1, 2], [0, 2], [0, 1, 2])).toBe(1);
  });
  it("but not what has nothing in common, or is walked another way", () => {
    const x = buffer([1000, 1000]);
    expect(layerNames(planOf(new Reduce("sum", x, [0]), new Reduce("sum", buffer([1000, 1000]), [0]))).filter((n) => n === "sum")).toHaveLength(2);
    expect(layerNames(planOf(new Reduce("sum", x, [0]), new Reduce("sum", op("negative", transpose(x, [1, 0])), [0]))).filter((n) => /sum$/.test(n) && !n.startsWith("merge"))).toHaveLength(2);
  });
  it("but not when one needs the other", () => {
    const x = buffer([1000, 1000]);
    const mean = new Reduce("sum", x, [0]);
    const plan = planOf(new Reduce("sum", op("subtract", x, broadcastTo(mean, [1000, 1000])), [0, 1]));
    expect(layerNames(plan).filter((n) => n.endsWith("→ sum") || n === "sum")).toHaveLength(2);
    expectSound(plan);
  });
  it("a random source that two stages read is generated twice rather than kept, when it is large", () => {
    const x = new Random([20_000, 20_000], "normal", { key: 1n });
    const mean = new Reduce("sum", x, [0]);
    const plan = planOf(new Reduce("sum", op("subtract", x, broadcastTo(mean, [20_000, 20_000])), [0, 1]));
    expect(plan.peakBytes).toBeLessThan(50e6);
    expectSound(plan);
  });
  it("a concatenation cuts the domain and is not copied", () => {
    const x = buffer([1000, 10]);
    const plan = planOf(new Reduce("sum", new Concat([x, x, op("negative", x)], 0), [0, 1]));
    expect(plan.peakBytes).toBeLessThan(1000);
    expect(plan.programs.length).toBeGreaterThan(1);
    expectSound(plan);
  });
});

describe("cells", () => {
  it("do not depend on chunks or threads, and are few however large the array", () => {
    const plan = planOf(new Reduce("sum", buffer([200_000, 200_000]), [0, 1]));
    expect(plan.tasks.length).toBeLessThan(20_000);
    expectSound(plan);
  });
  it("are as high as wide where an operand lies across", () => {
    const x = buffer([8000, 8000]);
    const plan = planOf(op("add", x, transpose(x, [1, 0])));
    const [rows, columns] = plan.layers[0]!.cellShape as [number, number];
    expect(Math.max(rows, columns) / Math.min(rows, columns)).toBeLessThan(2);
  });
});

describe("memory", () => {
  it("the result of a chain of reductions holds little at once", () => {
    const x = new Random([100_000, 10_000], "random", { key: 1n });
    const plan = planOf(new Reduce("sum", op("sqrt", x), [0]));
    expect(plan.peakBytes).toBeLessThan(20e6);
    expectSound(plan);
  });
  it("results are kept, and nothing else", () => {
    const plan = planOf(new Scan("sum", op("sqrt", buffer([3000, 2000])), 0));
    expect(plan.slots.filter((s) => s.keep)).toHaveLength(1);
    expectSound(plan);
  });
  it("a result asked for twice, or reshaped beside itself, has memory of its own", () => {
    const x = new Reduce("sum", buffer([40, 60]), [0]);
    const plan = planOf(x, x, reshape(x, [6, 10]));
    expect(new Set(plan.outputs.map((o) => o.slot)).size).toBe(3);
    expectSound(plan);
  });
});

describe("kernels", () => {
  it("products read memory in place", () => {
    const plan = planOf(new Matmul(buffer([2000, 2000]), transpose(buffer([2000, 2000]), [1, 0])));
    expect(layerNames(plan)).toEqual(["matmul"]);
    expectSound(plan);
  });
  it("large products have taller cells, small ones as many as there may be threads", () => {
    const cells = (n: number): number => planOf(new Matmul(buffer([n, n]), buffer([n, n]))).tasks.length;
    expect([cells(3000), cells(6000)]).toEqual([16, 32]);
  });
  it("a long k with few results is cut and added up", () => {
    const plan = planOf(new Matmul(buffer([8, 1_000_000]), buffer([1_000_000, 8])));
    expect(plan.tasks.length).toBeGreaterThan(2);
    expectSound(plan);
  });
  it("a product of matrices larger than memory holds some blocks of them", () => {
    const matrix = (key: bigint): Expr => new Random([32_768, 32_768], "normal", { key });
    const plan = planOf(new Reduce("sum", op("absolute", new Matmul(matrix(1n), transpose(matrix(2n), [1, 0]))), [0, 1]));
    expect(plan.peakBytes).toBeLessThan(300e6);
    expectSound(plan);
  });
  it("a fold over gathered rows copies nothing", () => {
    const plan = planOf(new Reduce("sum", new Gather(buffer([1000, 100]), buffer([500], "int64"), 0), [0, 1]));
    expect(plan.peakBytes).toBeLessThan(1000);
    expectSound(plan);
  });
  it("scans of a long axis start from the folds of the cells before", () => {
    const plan = planOf(new Scan("sum", buffer([10_000_000]), 0));
    expect(layerNames(plan)[0]).toContain("totals");
    expectSound(plan);
  });
  it("scans of many lanes read once: cells go on from each other, and go when they have been folded", () => {
    const scan = (axis: number): Expr => new Scan("sum", buffer([4000, 4000]), axis);
    for (const axis of [0, 1]) {
      const plan = planOf(new Reduce("sum", op("negative", scan(axis)), [1 - axis]));
      expect(layerNames(plan)).toEqual(["cumsum", "negative → sum", "merge sum"]);
      expect(plan.peakBytes).toBeLessThan(15e6);
      expectSound(plan);
    }
  });
  it("a scan that is only folded, along its axis too, is stored nowhere", () => {
    const scan = (axis: number): Expr => new Scan("sum", op("exp", buffer([4000, 4000])), axis);
    for (const axis of [0, 1]) {
      for (const axes of [[0, 1], [axis]]) {
        const plan = planOf(new Reduce("sum", op("negative", scan(axis)), axes));
        expect(layerNames(plan)[0]).toBe("exp, cumsum, negative → sum");
        expect(plan.peakBytes).toBeLessThan(1e6);
        expectSound(plan);
      }
    }
    const twice = planOf(new Reduce("sum", op("add", scan(0), scan(1)), [0, 1]));
    expect(layerNames(twice).filter((name) => name.includes("cumsum"))).toEqual(["exp → cumsum", "exp, cumsum, add → sum"]);
    expectSound(twice);
  });
  it("a scan that is asked for from its end begins at its start", () => {
    const scan = new Scan("sum", buffer([4000, 4000]), 0);
    const plan = planOf(new Reduce("sum", slice(slice(scan, 0, 3990, -1, 3990), 1, 7, 1, 3000), [0, 1]));
    expect(layerNames(plan)[0]).toBe("cumsum");
    expectSound(plan);
  });
  it("a stencil over what is computed computes it once, and holds some rows of it", () => {
    const x = op("exp", buffer([6000, 6000]));
    const at = (i: number, j: number): Expr => slice(slice(x, 0, i, 1, 5998), 1, j, 1, 5998);
    const total = [at(0, 1), at(2, 1), at(1, 0), at(1, 2)].reduce((a, b) => op("add", a, b));
    const plan = planOf(new Reduce("sum", total, [0, 1]));
    expect(layerNames(plan)).toEqual(["exp", "add_add, add → sum", "merge sum"]);
    expect(plan.peakBytes).toBeLessThan(20e6);
    expectSound(plan);
  });
  it("cells of an array and its transpose come in pairs, which read the same", () => {
    const x = buffer([3000, 3000]);
    const plan = planOf(new Reduce("sum", op("add", x, transpose(x, [1, 0])), [0, 1]));
    expectSound(plan);
    const order = Array.from(mirrored([3, 4, 2], [0, 1]), (i) => i.join(""));
    expect(order.slice(0, 8)).toEqual(["000", "001", "010", "100", "011", "101", "020", "200"]);
    expect(order.toSorted()).toEqual(Array.from(indices([3, 4, 2]), (i) => i.join("")));
  });
});

it("five hundred stages on top of each other are lowered without running out of stack", () => {
  let x: Expr = buffer([300]);
  for (let i = 0; i < 500; i++) x = op("divide", x, broadcastTo(new Reduce("sum", x, [0]), [300]));
  expectSound(planOf(x));
});

describe("pauses", () => {
  const pauses = (work: Generator): number => {
    let n = 0;
    while (!work.next().done) n++;
    return n;
  };
  it("come every few tasks, whatever emits them", () => {
    const x = new Random([1 << 16, 1 << 14], "random", { key: 1n });
    const below = new Scan("sum", op("sin", x), 0);
    const across = new Reduce("sum", new Scan("sum", op("sin", x), 1), [0]);
    const tasks = planOf(below, across).tasks.length;
    expect(tasks).toBeGreaterThan(5000);
    expect(pauses(lower(drain(optimize([below, across]))))).toBeGreaterThan(tasks / 100);
  });
  it("come every few nodes of a long expression", () => {
    let x: Expr = buffer([100]);
    for (let i = 0; i < 5000; i++) x = op("add", x, scalar(i));
    x = transpose(reshape(x, [10, 10]), [1, 0]);
    expect(pauses(optimize([x]))).toBeGreaterThan(500);
    expect(pauses(lower(drain(optimize([x]))))).toBeGreaterThan(500);
  });
});
