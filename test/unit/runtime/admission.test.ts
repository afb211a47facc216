import { describe, expect, it } from "vitest";
import { MemoryPlanError } from "../../../lib/errors/index.js";
import { Admission, BeginAgain, type Grant } from "../../../lib/runtime/admission.js";
import type { Call } from "../../../lib/runtime/call.js";
import { Urgency } from "../../../lib/runtime/urgency.js";

interface Caller {
  readonly call: Call;
  readonly abort: AbortController;
}
function caller(priority = 0): Caller {
  const abort = new AbortController();
  return { call: { urgency: new Urgency(priority), signal: abort.signal, check: () => abort.signal.throwIfAborted() } as unknown as Call, abort };
}
const ask = (admission: Admission, neededBytes: number, { call }: Caller = caller(), wantedBytes = neededBytes): Promise<Grant> =>
  admission.enter({ neededBytes, wantedBytes, largest: () => ({ layer: "sum-aggregate-1", stage: "sum", largestBytes: neededBytes }) }, call);
/** Notes the order in which promises are kept. */
function ordered(): { readonly order: string[]; readonly note: (name: string, grant: Promise<Grant>) => Promise<Grant> } {
  const order: string[] = [];
  return { order, note: (name, grant) => grant.then((g) => (order.push(name), g)) };
}
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("admission by planned bytes", () => {
  it("lets in what fits, and the next when one has ended", async () => {
    const admission = new Admission(100);
    const { order, note } = ordered();
    const a = note("a", ask(admission, 60));
    const b = note("b", ask(admission, 40));
    const c = note("c", ask(admission, 10));
    await settled();
    expect([order, admission.waiting, admission.grantedBytes]).toEqual([["a", "b"], 1, 100]);
    (await b)[Symbol.dispose]();
    (await b)[Symbol.dispose](); // once is enough
    await c;
    expect([admission.waiting, admission.grantedBytes]).toEqual([0, 70]);
    (await a)[Symbol.dispose]();
    (await c)[Symbol.dispose]();
    expect(admission.grantedBytes).toBe(0);
  });
  it("moves one forward whose priority is raised", async () => {
    const admission = new Admission(100);
    const { order, note } = ordered();
    const running = await ask(admission, 100);
    const raised = caller(0);
    const others = [caller(1), caller(0), raised, caller(2)].map((c, i) => note(`${i}`, ask(admission, 100, c)));
    raised.call.urgency.raise(0); // no change
    raised.call.urgency.raise(2);
    running[Symbol.dispose]();
    for (const i of [3, 2, 0, 1]) (await others[i]!)[Symbol.dispose]();
    expect(order).toEqual(["3", "2", "0", "1"]);
    raised.call.urgency.raise(3); // it is through
    expect(admission.waiting).toBe(0);
  });
  it("gives more than is needed where nobody waits for it, and never more than is wanted", async () => {
    const admission = new Admission(100);
    const first = await ask(admission, 10, caller(), 40);
    expect(first.bytes).toBe(40);
    const second = await ask(admission, 10, caller(), 1000);
    expect(second.bytes).toBe(60);
    const waiting = [ask(admission, 20), ask(admission, 20, caller(), 100)];
    second[Symbol.dispose]();
    expect((await waiting[0]!).bytes).toBe(20);
    expect((await waiting[1]!).bytes).toBe(40);
  });
  it("goes by priority, then by arrival", async () => {
    const admission = new Admission(10);
    const { order, note } = ordered();
    const first = await ask(admission, 10);
    const all = [["b1", -1], ["n1", 0], ["i1", 1], ["b2", -1], ["i2", 1]] as const;
    const grants = all.map(([name, priority]) => note(name, ask(admission, 10, caller(priority))).then((g) => g[Symbol.dispose]()));
    first[Symbol.dispose]();
    await Promise.all(grants);
    expect(order).toEqual(["i1", "i2", "n1", "b1", "b2"]);
  });
  it("small ones pass a large one, but not for ever", async () => {
    const admission = new Admission(100);
    const running = await ask(admission, 50);
    const { order, note } = ordered();
    const large = note("large", ask(admission, 60));
    const small = Array.from({ length: 40 }, (_, i) => note(`${i}`, ask(admission, 50)).then((g) => g[Symbol.dispose]()));
    for (let i = 0; i < 30; i++) await settled();
    expect(order.length).toBe(16); // all waiting for the large one
    expect(order).not.toContain("large");
    running[Symbol.dispose]();
    (await large)[Symbol.dispose]();
    await Promise.all(small);
    expect(order[16]).toBe("large");
    expect(order.length).toBe(41);
  });
  it("one that is cancelled leaves the queue, and those behind it may go", async () => {
    const admission = new Admission(100);
    await ask(admission, 60);
    const stuck = caller();
    const large = ask(admission, 90, stuck);
    const reason = new Error("cancelled");
    stuck.abort.abort(reason);
    await expect(large).rejects.toBe(reason);
    expect(admission.waiting).toBe(0);
    await expect(ask(admission, 10, stuck)).rejects.toBe(reason);
    expect((await ask(admission, 40)).bytes).toBe(40);
  });
  it("refuses what can never run beside what is kept", async () => {
    const admission = new Admission(100);
    admission.keep(50);
    const error: unknown = await ask(admission, 60).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(MemoryPlanError);
    expect(error).toMatchObject({ neededBytes: 60, limitBytes: 50, layer: "sum-aggregate-1", stage: "sum", message: expect.stringMatching(/are kept.*Dispose/s) as string });
    const running = await ask(admission, 40);
    const waiting = ask(admission, 60);
    await settled();
    admission.keep(-50);
    expect((await waiting).bytes).toBe(60);
    running[Symbol.dispose]();
  });
  it("of two that hold what the other waits for, the later begins again", async () => {
    const admission = new Admission(100);
    const [a, b] = [caller(), caller()];
    admission.hold(a.call, 30);
    admission.hold(b.call, 30);
    const first = ask(admission, 60, a);
    const second = ask(admission, 60, b);
    await expect(second).rejects.toBeInstanceOf(BeginAgain);
    admission.release(b.call);
    const grant = await first;
    const again = ask(admission, 60, b);
    await settled();
    expect(admission.waiting).toBe(1);
    grant[Symbol.dispose]();
    admission.release(a.call);
    expect((await again).bytes).toBe(60);
  });
});
