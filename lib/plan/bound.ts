import { overdue, type Steps } from "../core/steps.js";
import { blockBytes } from "./block-bytes.js";
import type { Slot, Task } from "./plan.js";

export interface Peak {
  /** Bytes held at once when the tasks run one after the other in their order: what the plan needs at least. */
  readonly bytes: number;
  /** The largest block that was there before. */
  readonly largest: Slot | undefined;
  /** The most that one task allocates. */
  readonly taskBytes: number;
}

export function* peakOf(tasks: readonly Task[]): Steps<Peak> {
  const writers = new Map<Slot, number>();
  const readers = new Map<Slot, number>();
  const live = new Map<Slot, number>(); // with what its block takes
  let bytes = 0;
  let peak = 0;
  let taskBytes = 0;
  let largest: Slot | undefined;
  let peakTask: Slot | undefined;
  const freed = (slot: Slot): boolean => !slot.keep && writers.get(slot) === slot.writers && (readers.get(slot) ?? 0) === slot.readers;
  for (const { writes, reads } of tasks) {
    if (overdue()) yield;
    const before = bytes;
    for (const slot of writes) {
      if (live.has(slot)) continue;
      const taken = blockBytes(slot.bytes);
      live.set(slot, taken);
      bytes += taken;
      if (largest === undefined || slot.bytes > largest.bytes) largest = slot;
    }
    taskBytes = Math.max(taskBytes, bytes - before);
    if (bytes > peak) {
      peak = bytes;
      peakTask = largest;
    }
    for (const slot of writes) writers.set(slot, (writers.get(slot) ?? 0) + 1);
    for (const slot of reads) readers.set(slot, (readers.get(slot) ?? 0) + 1);
    for (const slots of [writes, reads]) {
      for (const slot of slots) {
        const taken = live.get(slot);
        if (taken === undefined || !freed(slot)) continue;
        live.delete(slot);
        bytes -= taken;
      }
    }
  }
  return { bytes: peak, largest: peakTask, taskBytes };
}
