import { describe, expect, it } from "vitest";
import { beginStep, drain, overdue, type Steps } from "../../../lib/core/steps.js";
import { Random } from "../../../lib/expr/random.js";
import { Scan } from "../../../lib/expr/scan.js";
import { lower } from "../../../lib/plan/lower.js";

describe("steps", () => {
  it("are overdue after a fraction of a millisecond, until the next begins", () => {
    const atOnce = (): boolean => (beginStep(), overdue());
    expect(Array.from({ length: 100 }, atOnce)).toContain(false);
    const end = performance.now() + 1;
    while (performance.now() < end);
    expect([overdue(), overdue()]).toEqual([true, true]);
    expect(Array.from({ length: 100 }, atOnce)).toContain(false);
  });
  it("of planning pause after each task when they are slow", () => {
    const plan = (): Steps<{ readonly tasks: readonly unknown[] }> => lower([new Scan("sum", new Random([1 << 12, 1 << 12], "random", { key: 1n }), 0)]);
    const { tasks } = drain(plan());
    let pauses = 0;
    for (const work = plan(); !work.next().done; pauses++); // nobody says that a step begins: all are overdue
    expect(pauses).toBeGreaterThan(tasks.length / 2);
  });
});
