import type { Steps } from "../core/steps.js";
import { blockBytes } from "./block-bytes.js";
import type { Slot, Task } from "./plan.js";

/** Tasks that a walk over a plan may take between two pauses. */
export const PAUSE_TASKS = 256;

/** Bytes held at once when the tasks run one after the other in their order: what the plan needs at least. */
export function* peakOf(tasks: readonly Task[]): Steps<{ bytes: number; largest: Slot | undefined }> {
  const writers = new Map<Slot, number>();
  const readers = new Map<Slot, number>();
  const live = new Set<Slot>();
  let bytes = 0;
  let peak = 0;
  let largest: Slot | undefined;
  let peakTask: Slot | undefined;
  const freed = (slot: Slot): boolean => !slot.keep && writers.get(slot) === slot.writers && (readers.get(slot) ?? 0) === slot.readers;
  for (const [i, { writes, reads }] of tasks.entries()) {
    if (i % PAUSE_TASKS === PAUSE_TASKS - 1) yield;
    for (const slot of writes) {
      if (live.has(slot)) continue;
      live.add(slot);
      bytes += blockBytes(slot.bytes);
      if (largest === undefined || slot.bytes > largest.bytes) largest = slot;
    }
    if (bytes > peak) {
      peak = bytes;
      peakTask = largest;
    }
    for (const slot of writes) writers.set(slot, (writers.get(slot) ?? 0) + 1);
    for (const slot of reads) readers.set(slot, (readers.get(slot) ?? 0) + 1);
    for (const slot of [...writes, ...reads]) {
      if (live.has(slot) && freed(slot)) {
        live.delete(slot);
        bytes -= blockBytes(slot.bytes);
      }
    }
  }
  return { bytes: peak, largest: peakTask };
}
