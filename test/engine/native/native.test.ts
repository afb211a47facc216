import { setTimeout } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { availableIsas, createEngine, type NativeEngine, type NativeFailure, type NativeRunState } from "../../../lib/native/index.js";
import { loadAddon } from "../../../lib/native/load.js";
import { Batch, FLOAT64, normalSum, sumOf } from "./plan.js";

const OPTIONS = { threads: 2, memoryLimitBytes: 2 ** 30, niceness: 5, trace: false };

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

interface Outcome {
  state: NativeRunState;
  done: Float64Array;
  failure: NativeFailure | null;
  events: number;
}

function start(engine: NativeEngine, batches: readonly ArrayBuffer[], options: { limitBytes?: number; layers?: number } = {}) {
  let finish!: (outcome: Outcome) => void;
  const outcome = new Promise<Outcome>((resolve) => (finish = resolve));
  let events = 0;
  const run = engine.createRun({ id: 1, limitBytes: 2 ** 30, priority: 0, layers: 1, ...options }, (state, done, failure) => {
    events++;
    if (state !== "running") finish({ state, done, failure, events });
  });
  for (const batch of batches) run.submit(batch);
  run.seal();
  return { run, outcome };
}

const number = (engine: NativeEngine, id: number): number => new Float64Array(engine.exportSlot(id))[0]!;

describe("the addon", () => {
  it("sums an imported array without copying it", async () => {
    const engine = createEngine(OPTIONS);
    const x = Float64Array.from({ length: 100_003 }, (_, i) => i);
    engine.importBuffer(1, x);
    const { state, done } = await start(engine, [sumOf(1, x.length, 2).finish()]).outcome;
    expect(state).toBe("done");
    expect([...done]).toEqual([100_003]);
    expect(number(engine, 2)).toBe((100_003 * 100_002) / 2);
    expect(engine.stats()).toMatchObject({ bytesInUse: 0, bytesImported: x.byteLength, slots: 1, runs: 0, tasksRun: 1 });
    engine.release(Float64Array.of(1, 77));
    expect(engine.stats()).toMatchObject({ bytesImported: 0, slots: 0 });
    engine.close();
  });

  it("gives the same draws with each instruction set and any number of threads", async () => {
    const sums = new Set<number>();
    for (const isa of availableIsas()) {
      for (const threads of [1, 3]) {
        const engine = createEngine({ ...OPTIONS, threads, isa });
        expect(engine.isa).toBe(isa);
        await start(engine, [normalSum(100_000, 1).finish()]).outcome;
        sums.add(number(engine, 1));
        engine.close();
      }
    }
    expect(sums.size).toBe(1);
  });

  it("adds an array to its transpose", async () => {
    const engine = createEngine(OPTIONS);
    const n = 70;
    const x = Float64Array.from({ length: n * n }, (_, i) => i);
    engine.importBuffer(1, x);
    const add = 1; // its place in the sorted list of operations
    const batch = new Batch()
      .slot(2, 8 * n * n, 1, 0, true)
      .program(2, 0, 0, 1, 1, 0, 3, FLOAT64, FLOAT64, FLOAT64, 0, 0, add, FLOAT64, 1, 2, 2, 0, 1, 2)
      .task(0, 1, 0, 0, 1, 2, n, n, 1, 0, n, 1, 1, 0, 1, n, 2, 0, n, 1);
    const { state, failure } = await start(engine, [batch.finish()]).outcome;
    expect(failure).toBeNull();
    expect(state).toBe("done");
    const sum = new Float64Array(engine.exportSlot(2));
    expect(sum.every((value, i) => value === x[i]! + x[(i % n) * n + Math.floor(i / n)]!)).toBe(true);
    engine.close();
  });

  it("tells progress at most every few milliseconds", async () => {
    const engine = createEngine(OPTIONS);
    const tasks = 200;
    const batch = new Batch().program(0, 1, 0, 0, 0, 1, 1, FLOAT64, 4, 5e-324, 0, 0, 0, 0, 0, 0, 0, FLOAT64, 0, 1, 0);
    for (let i = 0; i < tasks; i++) batch.slot(i, 8, 1, 0).task(i % 2, 2, 0, 1, i, 0, 1, 1, 50_000, 0, 1, 0, 0, 0, 0);
    const began = performance.now();
    const { done, events } = await start(engine, [batch.finish()], { layers: 2 }).outcome;
    const tookMs = performance.now() - began;
    expect([...done]).toEqual([tasks, tasks]);
    expect(events).toBeLessThanOrEqual(2 + tookMs / 4);
    engine.close();
  });

  it("cancels a running task within milliseconds", async () => {
    const engine = createEngine(OPTIONS);
    const { run, outcome } = start(engine, [normalSum(2 ** 40, 1).finish()]);
    await setTimeout(20);
    const began = performance.now();
    run.cancel();
    expect((await outcome).state).toBe("cancelled");
    expect(performance.now() - began).toBeLessThan(500);
    run.cancel();
    expect(engine.stats()).toMatchObject({ bytesInUse: 0, slots: 0, runs: 0 });
    engine.close();
  });

  it.each([
    // Every element of the operands is the same one: hours of work over a few bytes.
    ["a product", 2, 4, [[2000, 2 ** 30], [2 ** 30, 2000]], [2000, 2000], [0]],
    ["quantiles", 7, FLOAT64, [[2 ** 20, 2 ** 22]], [9, 2 ** 20], [6, 0, ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((i) => i / 10)]],
  ])("cancels a kernel in the middle of a call: %s", async (_, kernel, dtype, inputs, output, parameters) => {
    const engine = createEngine(OPTIONS);
    engine.importBuffer(1, Float64Array.of(1));
    const batch = new Batch()
      .slot(2, 8 * output[0]! * output[1]!, 1, 0, true)
      .task(0, 1, kernel, 1, inputs.length, 1, parameters.length, ...inputs.flatMap((x) => [1, dtype, 2, 0, ...x, 0, 0]), 2, dtype, 2, 0, ...output, output[1]!, 1, ...parameters)
      .kind(1);
    const { run, outcome } = start(engine, [batch.finish()]);
    while (engine.stats().tasksRunning === 0) await setTimeout(1);
    await setTimeout(20);
    run.cancel();
    expect(await outcome).toMatchObject({ state: "cancelled", failure: null });
    expect(engine.stats()).toMatchObject({ bytesInUse: 0, slots: 1, runs: 0, tasksRunning: 0 });
    expect(() => engine.exportSlot(2)).toThrow(expect.objectContaining({ code: "ERR_INVALID_ARG" }));
    engine.close();
  });

  it("refuses a plan above its limit, and a broken one", async () => {
    const engine = createEngine(OPTIONS);
    const large = await start(engine, [normalSum(10, 1).finish()], { limitBytes: 4 }).outcome;
    expect(large.failure).toMatchObject({ code: "ERR_MEMORY", layer: 0, task: 0 });
    expect(large.failure!.message).toContain("the limit is 4 bytes");
    for (const broken of [new ArrayBuffer(0), new ArrayBuffer(8), normalSum(10, 1).finish().slice(0, 160), new Float64Array(100).fill(NaN).buffer as ArrayBuffer]) {
      const { state, failure } = await start(engine, [broken]).outcome;
      expect(state).toBe("failed");
      expect(failure!.code).toBe("ERR_PLAN_INVALID");
    }
    expect((await start(engine, [sumOf(5, 10, 1).finish()]).outcome).failure!.message).toBe("task 0: load: there is no slot 5");
    expect((await start(engine, []).outcome).state).toBe("done");
    engine.close();
  });

  it("frees an exported slot when its buffer has been collected", async () => {
    const engine = createEngine(OPTIONS);
    await start(engine, [normalSum(10, 1).finish()]).outcome;
    expect(Number.isFinite(number(engine, 1))).toBe(true);
    expect(engine.stats()).toMatchObject({ bytesExported: 8, slots: 0 });
    expect(() => engine.exportSlot(1)).toThrow("there is no slot 1");
    for (let tries = 0; tries < 50 && engine.stats().bytesExported > 0; tries++) {
      collectGarbage();
      await setTimeout(5);
    }
    expect(engine.stats().bytesExported).toBe(0);
    engine.close();
  });

  it("throws at arguments that are not what they must be", () => {
    const { addon, directory } = loadAddon();
    const engine = createEngine(OPTIONS);
    const bad = engine as unknown as Record<string, (...args: unknown[]) => unknown>;
    const expectTypeError = (call: () => unknown) => expect(call).toThrow(expect.objectContaining({ name: "TypeError", code: "ERR_INVALID_ARG" }));
    for (const threads of [0, 257, 1.5, NaN, "2", undefined, null, {}]) expectTypeError(() => createEngine({ ...OPTIONS, threads: threads as number }));
    expectTypeError(() => createEngine({ ...OPTIONS, isa: "mmx" }));
    expectTypeError(() => new addon.Engine({ ...OPTIONS, kernelDirectory: "/nowhere" }));
    expectTypeError(() => new (addon.Engine as new (...a: unknown[]) => unknown)());
    for (const id of [-1, 0.5, 2 ** 60, "1", null, undefined]) {
      expectTypeError(() => bad.importBuffer!(id, new Uint8Array(8)));
      expectTypeError(() => bad.exportSlot!(id));
    }
    for (const view of [null, undefined, 1, [], "x", {}, new SharedArrayBuffer(8), new Uint8Array(new SharedArrayBuffer(8))]) expectTypeError(() => bad.importBuffer!(1, view));
    for (const ids of [null, [1], new Float32Array(1), Float64Array.of(0.5)]) expectTypeError(() => bad.release!(ids));
    const options = { id: 1, limitBytes: 1, priority: 0, layers: 1 };
    expectTypeError(() => bad.createRun!(options));
    expectTypeError(() => bad.createRun!({ ...options, layers: 0 }, () => {}));
    expectTypeError(() => bad.createRun!({ ...options, priority: NaN }, () => {}));
    expectTypeError(() => bad.createRun!(null, () => {}));
    expect(() => bad.stats!.call({})).toThrow(TypeError);
    expect(() => bad.stats!.call(undefined)).toThrow(TypeError);
    const run = engine.createRun(options, () => {});
    expectTypeError(() => run.submit([] as unknown as ArrayBuffer));
    expectTypeError(() => run.submit(new ArrayBuffer(7)));
    expect(() => bad.stats!.call(run)).toThrow(TypeError);
    expect(() => run.submit.call(engine as never, new ArrayBuffer(8))).toThrow(TypeError);
    expect(() => new (run.constructor as new () => unknown)()).toThrow(TypeError);
    run.seal();
    expectTypeError(() => run.submit(new ArrayBuffer(8)));
    expect(() => addon.libm("tan" as "log", 1)).toThrow(TypeError);
    expect(addon.isas(directory)).toContain("baseline");
    engine.close();
  });

  it("is not the end of a process that closes it, and refuses to be used after", async () => {
    const engine = createEngine(OPTIONS);
    const { outcome } = start(engine, [normalSum(2 ** 40, 1).finish()]);
    engine.close();
    engine.close();
    expect((await outcome).state).toBe("cancelled");
    expect(() => engine.createRun({ id: 1, limitBytes: 1, priority: 0, layers: 1 }, () => {})).toThrow(expect.objectContaining({ code: "ERR_CLOSED" }));
    expect(() => engine.importBuffer(1, new Uint8Array(8))).toThrow(expect.objectContaining({ code: "ERR_CLOSED" }));
    expect(engine.stats()).toMatchObject({ bytesInUse: 0, slots: 0, runs: 0 });
  });

  it("answers within a millisecond while all threads compute", async () => {
    const engine = createEngine(OPTIONS);
    const { run, outcome } = start(engine, [normalSum(2 ** 40, 1).finish(), normalSum(2 ** 40, 2).finish()]);
    await setTimeout(10);
    const waits: number[] = [];
    for (let i = 0; i < 100; i++) {
      const began = performance.now();
      engine.stats();
      waits.push(performance.now() - began);
    }
    run.cancel();
    await outcome;
    expect(waits.sort((a, b) => a - b)[50]).toBeLessThan(1);
    engine.close();
  });
});
