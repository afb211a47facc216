import { describe, expect, it } from "vitest";
import { drain } from "../../../lib/core/steps.js";
import { nextMemoryId } from "../../../lib/expr/buffer.js";
import { blockBytes } from "../../../lib/plan/block-bytes.js";
import { peakOf } from "../../../lib/plan/bound.js";
import { sweepTogether } from "../../../lib/plan/order.js";
import { fit } from "../../../lib/plan/fit.js";
import { type Plan, type Slot, type Task, TASK_KINDS } from "../../../lib/plan/plan.js";
import { spill, type Spilled, TooLarge } from "../../../lib/plan/spill.js";

const MIB = 2 ** 20;

const slot = (bytes: number, keep = false): Slot => ({ id: nextMemoryId(), bytes, keep, writers: 0, readers: 0, layer: 0 });
function task(reads: readonly Slot[], writes: readonly Slot[]): Task {
  for (const s of reads) s.readers++;
  for (const s of writes) s.writers++;
  return { layer: 0, weight: 1, kind: 0, start: 0, end: 1, reads, writes };
}
function planOf(tasks: readonly Task[]): Plan {
  const slots = [...new Set(tasks.flatMap((t) => [...t.reads, ...t.writes]))];
  const peak = drain(peakOf(tasks));
  const layers = [{ name: "layer", cells: 1, cellShape: [], complaint: undefined, weight: 1 }];
  return { slots, programs: [], tasks, words: new Float64Array(1), layers, outputs: [], selections: [], buffers: [], files: [], taskBytes: 0, peakBytes: peak.bytes, largest: peak.largest, arrayOf: () => undefined, spillBytes: 0, readBytes: 0 };
}

/** Runs tasks one after the other on names instead of bytes, and says what each task of the plan read. */
function interpret(plan: Plan, original: readonly Task[]): string[] {
  const content = new Map<Slot, string>();
  const writers = new Map<Slot, number>();
  const readers = new Map<Slot, number>();
  const seen: string[] = [];
  for (const t of plan.tasks) {
    for (const s of t.reads) {
      expect(writers.get(s), "read when complete").toBe(s.writers);
      readers.set(s, (readers.get(s) ?? 0) + 1);
    }
    const values = t.reads.map((s) => content.get(s)!);
    expect(values).not.toContain(undefined);
    const move = t.kind === TASK_KINDS.spillOut || t.kind === TASK_KINDS.spillIn;
    if (move) {
      expect([t.reads.length, t.writes.length]).toEqual([1, 1]);
      const [from, offset, to] = plan.words.subarray(t.start, t.end);
      expect(from).toBe(t.reads[0]!.id);
      expect(to).toBe(t.writes[0]!.id);
      expect(offset! % 4096).toBe(0);
    } else {
      for (const [from, to] of t.renames ?? []) expect(t.reads).toContain(to), expect(t.reads).not.toContain(from);
      seen.push(values.sort().join());
    }
    for (const s of t.writes) {
      content.set(s, move ? values[0]! : `${content.get(s) ?? ""}${s.id};`);
      writers.set(s, (writers.get(s) ?? 0) + 1);
    }
  }
  for (const s of plan.slots) expect([writers.get(s) ?? 0, readers.get(s) ?? 0]).toEqual([s.writers, s.readers]);
  expect(seen).toHaveLength(original.length);
  return seen.sort();
}

/** Blocks made first and read later, in both directions, by tasks of one block each. */
function twoSweeps(n: number): Task[] {
  const blocks = Array.from({ length: n }, () => slot(MIB));
  const result = slot(64, true);
  return [
    ...blocks.map((b) => task([], [b])),
    ...blocks.map((b) => task([b], [result])),
    ...[...blocks].reverse().map((b) => task([b], [result])),
  ];
}

describe("blocks that a memory limit pushes out", () => {
  it("leave for the file and come back, and the plan holds its limit", () => {
    const tasks = twoSweeps(20);
    const before = interpret(planOf(tasks), tasks);
    expect(drain(peakOf(tasks)).bytes).toBeGreaterThan(20 * MIB);
    const spilled = drain(spill(tasks, 6 * MIB, 1)) as Spilled;
    const plan = { ...planOf([]), tasks: spilled.tasks, slots: [...new Set(spilled.tasks.flatMap((t) => [...t.reads, ...t.writes]))], words: Float64Array.of(0, ...spilled.words) };
    expect(drain(peakOf(spilled.tasks)).bytes).toBeLessThanOrEqual(6 * MIB + 20 * 64);
    expect(spilled.fileBytes).toBeGreaterThanOrEqual(14 * MIB);
    const outs = spilled.tasks.filter((t) => t.kind === TASK_KINDS.spillOut);
    expect(new Set(outs.map((t) => t.reads[0])).size, "each block is written once at most").toBe(outs.length);
    expect(interpret(plan, tasks)).toEqual(before);
  });

  it("are those that are read the latest", () => {
    const [soon, late, other] = [slot(MIB), slot(MIB), slot(MIB)];
    const tasks = [task([], [soon]), task([], [late]), task([], [other]), task([other], [slot(64, true)]), task([soon], [slot(64, true)]), task([late], [slot(64, true)])];
    const spilled = drain(spill(tasks, 2 * MIB + 4096, 0)) as Spilled;
    expect(spilled.tasks.filter((t) => t.kind === TASK_KINDS.spillOut).map((t) => t.reads[0])).toEqual([late]);
  });

  it("do not help when one task alone needs more", () => {
    const [a, b] = [slot(4 * MIB), slot(4 * MIB)];
    const tasks = [task([], [a]), task([], [b]), task([a, b], [slot(64, true)])];
    const refused = drain(spill(tasks, 6 * MIB, 0));
    expect(refused).toBeInstanceOf(TooLarge);
    expect((refused as TooLarge).task).toBe(tasks[2]);
    const plan = drain(fit(planOf(tasks), 6 * MIB, true));
    expect(plan.peakBytes).toBeGreaterThan(6 * MIB);
    expect(plan.spillBytes).toBe(0);
  });

  it("holds for random plans, whatever the limit", () => {
    let state = 7;
    const random = (n: number): number => (state = (state * 1103515245 + 12345) % 2 ** 31) % n;
    for (let round = 0; round < 60; round++) {
      const blocks: Slot[] = [];
      const tasks: Task[] = [];
      for (let i = 0; i < 40; i++) {
        const reads = [...new Set(Array.from({ length: random(3) }, () => blocks[random(blocks.length || 1)]).filter((s) => s !== undefined))];
        const out = slot((1 + random(16)) * 64 * 1024, random(10) === 0);
        for (let part = random(3); part >= 0; part--) tasks.push(task(reads, [out]));
        blocks.push(out);
      }
      const before = interpret(planOf(tasks), tasks);
      const plan = planOf(tasks);
      const limit = Math.round(plan.peakBytes * (0.3 + random(70) / 100));
      const fitted = drain(fit(plan, limit, true));
      expect(interpret(fitted, tasks)).toEqual(before);
      if (fitted.spillBytes > 0) expect(fitted.peakBytes).toBeLessThanOrEqual(limit + 64 * tasks.length);
    }
  });
});

describe("a block that several stages read", () => {
  it("is used by all of them while it is there", () => {
    const blocks = Array.from({ length: 50 }, () => slot(MIB));
    const sums = Array.from({ length: 3 }, () => slot(64 * 50));
    const tasks = [
      ...blocks.flatMap((b) => [task([], [b]), task([b], [sums[0]!])]), task([sums[0]!], [slot(8, true)]),
      ...sums.slice(1).flatMap((sum) => [...blocks.map((b) => task([b], [sum])), task([sum], [slot(8, true)])]),
    ];
    expect(drain(peakOf(tasks)).bytes).toBeGreaterThan(50 * MIB);
    const swept = drain(sweepTogether(tasks));
    expect(swept).toHaveLength(tasks.length);
    expect(drain(peakOf(swept)).bytes).toBeLessThan(2 * MIB);
    expect(interpret({ ...planOf(tasks), tasks: swept }, tasks)).toEqual(interpret(planOf(tasks), tasks));
  });
});

describe("what a block takes from the pool", () => {
  it.each([[1, 64], [64, 64], [65, 128], [1024, 1024], [1025, 1152], [3 * MIB, 4 * MIB], [2 * MIB + 1, 4 * MIB], [17 * MIB, 18 * MIB], [33 * MIB, 36 * MIB], [2 ** 30 + 1, 2 ** 30 + 2 ** 27]])("%d bytes: %d", (bytes, block) => {
    expect(blockBytes(bytes)).toBe(block);
  });
});
