import { describe, expect, it } from "vitest";
import type { Steps } from "../../../lib/core/steps.js";
import type { Call } from "../../../lib/runtime/call.js";
import { unhurried } from "../../../lib/runtime/turns.js";

const callOf = (check: () => void): Call => ({ check }) as Call;
const going = callOf(() => undefined);

/** Steps of a millisecond of holding the thread. */
function* busy(steps: number, each: (step: number) => void = () => undefined): Steps<string> {
  for (let i = 0; i < steps; i++) {
    const end = performance.now() + 1;
    while (performance.now() < end);
    each(i);
    yield;
  }
  return "done";
}

describe("work in steps", () => {
  it("leaves the event loop its turns", async () => {
    let turns = 0;
    let over = false;
    const count = (): void => {
      turns++;
      if (!over) setImmediate(count);
    };
    setImmediate(count);
    expect(await unhurried(busy(40), going)).toBe("done");
    over = true;
    expect(turns).toBeGreaterThanOrEqual(15);
  });
  it("of several computes shares a turn between them", async () => {
    const order: string[] = [];
    let stepsInTurn = 0;
    let most = 0;
    let over = false;
    const turn = (): void => {
      most = Math.max(most, stepsInTurn);
      stepsInTurn = 0;
      if (!over) setImmediate(turn);
    };
    setImmediate(turn);
    await Promise.all(["a", "b", "c", "d"].map((name) => unhurried(busy(20, () => (order.push(name), stepsInTurn++)), going)));
    over = true;
    expect(most).toBeLessThanOrEqual(4);
    // None is done before all have begun to take turns.
    expect(new Set(order.slice(0, 20)).size).toBe(4);
  });
  it("ends when the call has been cancelled", async () => {
    let steps = 0;
    const cancelled = new Error("cancelled");
    const work = unhurried(busy(100, (i) => (steps = i)), callOf(() => {
      if (steps >= 10) throw cancelled;
    }));
    await expect(work).rejects.toBe(cancelled);
    expect(steps).toBeLessThan(20);
  });
});
