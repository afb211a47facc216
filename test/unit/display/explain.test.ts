import { describe, expect, test } from "vitest";
import * as nd from "../../../lib/index.js";

describe("explain", () => {
  test("counts the graph as Dask does, and what runs as it runs", () => {
    const plan = nd.ones(10, { chunks: 5 }).sum().explain();
    expect(plan).toMatchObject({ layers: 3, tasks: 5, planTasks: 1, readBytes: 0 });
    expect(plan.stages).toEqual([{ name: "sum", cells: 1, cellShape: [10] }]);
  });

  test("of several arrays counts once what they have in common", () => {
    const x = nd.random.normal(0, 1, { size: [1000, 1000], chunks: 500, seed: 1 });
    const both = nd.explain([x.min(), x.max()]);
    expect(both.layers).toBe(x.min().explain().layers + x.max().explain().layers - 1);
    expect(both.stages).toHaveLength(2);
    expect(both.planTasks).toBe(x.min().explain().planTasks);
  });

  test("tells what Dask's scheduler would have spent when that is much", () => {
    const text = String(nd.ones([1000, 1000], { chunks: 10 }).sum().explain());
    expect(text).toMatch(/Dask would spend about 23 s on scheduling 23334 tasks|Dask would spend about \d+ s/);
    expect(String(nd.ones([1000, 1000]).sum().explain())).not.toContain("scheduling");
  });

  test("a chunking changes nothing in the plan", () => {
    const plans = [10, 333, 1000].map((chunks) => nd.ones([1000, 1000], { chunks }).add(1).mean({ axis: 0 }).explain());
    const [first, ...others] = plans.map(({ stages, planTasks, peakBytes, readBytes }) => ({ stages, planTasks, peakBytes, readBytes }));
    for (const other of others) expect(other).toEqual(first);
  });

  test("counts the bytes of the user's memory once", () => {
    const x = nd.fromArray(new Float64Array(1000));
    expect(nd.explain([x.add(1), x.sum()]).readBytes).toBe(8000);
  });

  test("of nothing, and of arrays without elements", () => {
    expect(nd.explain([])).toMatchObject({ layers: 0, tasks: 0, planTasks: 0, peakBytes: 0, stages: [] });
    expect(nd.ones([0, 3]).explain()).toMatchObject({ planTasks: 0, peakBytes: 0 });
  });

  test("says that sizes are unknown", () => {
    const x = nd.arange(6);
    expect(() => x.get(x.greater(2)).explain()).toThrow(expect.objectContaining({ code: "ERR_CHUNK_UNKNOWN" }));
  });
});
