import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { afterAll, describe, expect, it } from "vitest";
import { createEngine, type NativeEngine, type NativeFailure, type NativeRunState, type RunOptions } from "../../../lib/native/index.js";
import { loadAddon } from "../../../lib/native/load.js";
import { Batch, FLOAT64, normalSum, SUM } from "./plan.js";

const OPTIONS = { threads: 2, memoryLimitBytes: 2 ** 30, niceness: 5, trace: false };
const READ_FILE = 2, WRITE_FILE = 3, SPILL_OUT = 4, SPILL_IN = 5;

const directory = mkdtempSync(join(tmpdir(), "ndloom-files-"));
afterAll(() => rmSync(directory, { recursive: true }));

interface Outcome {
  readonly state: NativeRunState;
  readonly failure: NativeFailure | null;
}

function start(engine: NativeEngine, batch: Batch, options: Partial<RunOptions> = {}) {
  let finish!: (outcome: Outcome) => void;
  const outcome = new Promise<Outcome>((resolve) => (finish = resolve));
  const run = engine.createRun({ id: 1, limitBytes: 2 ** 30, priority: 0, layers: 1, ...options }, (state, _, failure) => {
    if (state !== "running") finish({ state, failure });
  });
  run.submit(batch.finish());
  run.seal();
  return { run, outcome };
}

const NUMBERS = Float64Array.from({ length: 100_000 }, (_, i) => i);
const SUM_OF_NUMBERS = (99_999 * 100_000) / 2;

/** The sum of the file `file`, read in `pieces` pieces that may be put aside before they are summed, into slot 1. */
function sumOfFile(file: number, pieces: number, spilled: boolean): Batch {
  const n = NUMBERS.length / pieces;
  const batch = new Batch()
    .slot(1, 8, 1, 0, true)
    .slot(2, 8 * pieces, pieces, 1)
    .program(1, 0, 0, 0, 0, 1, 1, FLOAT64, 0, SUM, FLOAT64, 0, 1, 0);
  for (let i = 0; i < pieces; i++) {
    batch.slot(100 + i, 8 * n, 1, 1);
    batch.task(0, 1, file, 100 + i, 0, 1, n, 80 + 8 * n * i, 8, 0, 1, 8).kind(READ_FILE);
    if (!spilled) continue;
    batch.slot(200 + i, 16, 1, 1).slot(300 + i, 8 * n, 1, 1);
    batch.task(0, 1, 100 + i, 2 ** 20 * i, 200 + i).kind(SPILL_OUT);
  }
  for (let i = 0; i < pieces; i++) {
    if (spilled) batch.task(0, 1, 200 + i, 2 ** 20 * i, 300 + i).kind(SPILL_IN);
    batch.task(0, 1, 0, 1, 2, i, 1, 1, n, (spilled ? 300 : 100) + i, 0, 1, 0, 0, 0, 0);
  }
  return batch.task(0, 1, 0, 1, 1, 0, 1, 1, pieces, 2, 0, 1, 0, 0, 0, 0);
}

function file(name: string, bytes: Uint8Array = new Uint8Array(NUMBERS.buffer)): string {
  const path = join(directory, name);
  writeFileSync(path, Buffer.concat([new Uint8Array(80), bytes]));
  return path;
}

describe("files", () => {
  it("are read, also from a path with spaces and letters of any kind", async () => {
    const engine = createEngine(OPTIONS);
    engine.importFile(7, file("a path ∑"), { write: false });
    const { failure } = await start(engine, sumOfFile(7, 10, false)).outcome;
    expect(failure).toBeNull();
    expect(new Float64Array(engine.exportSlot(1))[0]).toBe(SUM_OF_NUMBERS);
    expect(engine.stats()).toMatchObject({ bytesRead: NUMBERS.byteLength, bytesWritten: 0, bytesSpilledTotal: 0, bytesInUse: 0 });
    engine.close();
  });

  it("are read in the other byte order, and written", async () => {
    const engine = createEngine(OPTIONS);
    engine.importFile(1, file("x"), { write: false });
    const y = join(directory, "y");
    writeFileSync(y, "");
    engine.importFile(2, y, { write: true });
    const batch = new Batch().slot(3, NUMBERS.byteLength, 1, 1);
    batch.task(0, 1, 1, 3, 8, 1, NUMBERS.length, 80, 8, 0, 1, 8).kind(READ_FILE);
    batch.task(0, 1, 2, 3, 0, 1, NUMBERS.length, 0, 8, NUMBERS.length - 1, -1, 8).kind(WRITE_FILE);
    expect((await start(engine, batch).outcome).failure).toBeNull();
    expect(Buffer.compare(readFileSync(y), Buffer.from(NUMBERS.buffer.slice(0)).reverse())).toBe(0);
    expect(engine.stats().bytesWritten).toBe(NUMBERS.byteLength);
    engine.close();
  });

  it("that fail end their run with an error that says what and where, and nothing else", async () => {
    const engine = createEngine(OPTIONS);
    engine.importFile(1, join(directory, "missing"), { write: false });
    engine.importFile(2, file("short", new Uint8Array(100)), { write: false });
    const good = start(engine, normalSum(1_000_000, 50));
    const missing = await start(engine, sumOfFile(1, 10, false)).outcome;
    expect(missing.failure).toMatchObject({ code: "ERR_STORAGE", layer: 0, message: `cannot open ${join(directory, "missing")}: No such file or directory` });
    const short = await start(engine, sumOfFile(2, 1, false)).outcome;
    expect(short.failure).toMatchObject({ code: "ERR_STORAGE", task: 0, message: `cannot read 800000 bytes at byte 80 of ${join(directory, "short")}: it has only 180 bytes` });
    expect((await good.outcome).state).toBe("done");
    engine.release(Float64Array.of(1, 2, 50));
    expect((await start(engine, sumOfFile(2, 1, false)).outcome).failure).toMatchObject({ code: "ERR_PLAN_INVALID", message: "task 0: file: there is no file 2" });
    engine.close();
  });

  it("throw at arguments that are not what they must be", () => {
    const engine = createEngine(OPTIONS);
    const bad = engine as unknown as Record<string, (...args: unknown[]) => unknown>;
    const expectTypeError = (call: () => unknown) => expect(call).toThrow(expect.objectContaining({ name: "TypeError", code: "ERR_INVALID_ARG" }));
    for (const id of [-1, 0.5, "1", null, undefined]) expectTypeError(() => bad.importFile!(id, "x", { write: false }));
    for (const path of ["", "a\0b", null, undefined, 1, {}]) expectTypeError(() => bad.importFile!(1, path, { write: false }));
    for (const options of [undefined, null, {}, { write: 1 }]) expectTypeError(() => bad.importFile!(1, "x", options));
    engine.importFile(1, "x", { write: false });
    expectTypeError(() => engine.importFile(1, "x", { write: false }));
    expectTypeError(() => engine.importBuffer(1, new Uint8Array(8)));
    const options = { id: 1, limitBytes: 1, priority: 0, layers: 1 };
    for (const spill of [1, "x", {}, { directory: "x" }, { directory: "", limitBytes: 1 }, { directory: "x", limitBytes: -1 }]) expectTypeError(() => bad.createRun!({ ...options, spill }, () => {}));
    engine.close();
    expect(() => engine.importFile(2, "x", { write: false })).toThrow(expect.objectContaining({ code: "ERR_CLOSED" }));
  });
});

describe("spilling", () => {
  const spill = { directory, limitBytes: 2 ** 30 };

  it("brings back what was put aside, and leaves nothing behind", async () => {
    const engine = createEngine(OPTIONS);
    engine.importFile(7, file("x"), { write: false });
    expect((await start(engine, sumOfFile(7, 10, true), { spill }).outcome).failure).toBeNull();
    expect(new Float64Array(engine.exportSlot(1))[0]).toBe(SUM_OF_NUMBERS);
    expect(engine.stats()).toMatchObject({ bytesSpilled: 0, bytesSpilledTotal: 10 * 81920, bytesInUse: 0 });
    engine.close();
  });

  it("keeps its limit, and is refused where nothing may be spilled", async () => {
    const engine = createEngine(OPTIONS);
    engine.importFile(7, file("x"), { write: false });
    const limited = await start(engine, sumOfFile(7, 10, true), { spill: { directory, limitBytes: 80_000 } }).outcome;
    expect(limited.failure).toMatchObject({ code: "ERR_SPILL_LIMIT", message: expect.stringContaining("of the 80000 bytes allowed") });
    for (const none of [undefined, null]) {
      const { failure } = await start(engine, sumOfFile(7, 10, true), none === undefined ? {} : { spill: none }).outcome;
      expect(failure).toMatchObject({ code: "ERR_PLAN_INVALID", message: expect.stringContaining("no directory to spill to") });
    }
    expect(engine.stats()).toMatchObject({ bytesSpilled: 0, bytesInUse: 0, runs: 0 });
    engine.close();
  });

  it("ends with a worker_thread that is terminated", async () => {
    const { directory: kernelDirectory } = loadAddon();
    const path = file("x");
    const batches = [...Array(50)].map(() => sumOfFile(7, 10, true).finish());
    const source = `
      const { workerData, parentPort } = require("node:worker_threads");
      const { Engine } = require(workerData.addon);
      const engine = new Engine(workerData.options);
      engine.importFile(7, workerData.path, { write: false });
      const next = (i) => {
        const run = engine.createRun({ id: i, limitBytes: 2 ** 30, priority: 0, layers: 1, spill: workerData.spill }, (state) => {
          if (state === "running") return;
          engine.release(Float64Array.of(1));
          next(i + 1);
        });
        run.submit(workerData.batches[i % 50]);
        run.seal();
      };
      next(0);
      parentPort.postMessage("running");`;
    const options = { ...OPTIONS, kernelDirectory };
    for (let round = 0; round < 3; round++) {
      const worker = new Worker(source, { eval: true, workerData: { addon: join(kernelDirectory, "ndloom.node"), options, path, spill, batches } });
      await new Promise((resolve, reject) => worker.once("message", resolve).once("error", reject));
      await setTimeout(20 + 10 * round);
      await worker.terminate();
    }
  });
});
