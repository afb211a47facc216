import { overdue, type Steps } from "../core/steps.js";
import type { Slot, Task } from "./plan.js";

/**
 * Lets tasks follow at once what they read, as long as they take no more memory than they help to free: a block that several stages read is then
 * used by all of them while it is there, and does not wait for the last. What a reader helps to free is its share of each block it reads.
 */
export function* sweepTogether(tasks: readonly Task[]): Steps<Task[]> {
  const writersLeft = new Map<Slot, number>();
  const readersOf = new Map<Slot, number[]>();
  const unready = tasks.map((task, i) => {
    const foreign = task.reads.filter((slot) => !task.writes.includes(slot));
    for (const slot of foreign) {
      const readers = readersOf.get(slot);
      if (readers === undefined) readersOf.set(slot, [i]);
      else readers.push(i);
    }
    return foreign.length;
  });
  const done = new Uint8Array(tasks.length);
  const order: Task[] = [];
  const stack: number[] = [];
  const take = (i: number): void => {
    const task = tasks[i]!;
    done[i] = 1;
    order.push(task);
    for (const slot of task.writes) {
      const left = (writersLeft.get(slot) ?? slot.writers) - 1;
      writersLeft.set(slot, left);
      if (left > 0) continue;
      const readers = readersOf.get(slot) ?? [];
      for (let r = readers.length - 1; r >= 0; r--) if (--unready[readers[r]!]! === 0) stack.push(readers[r]!);
    }
  };
  const freesEnough = ({ reads, writes }: Task): boolean => {
    const more = writes.reduce((n, slot) => n + (writersLeft.has(slot) ? 0 : slot.bytes), 0);
    return more <= reads.reduce((n, slot) => n + (slot.keep ? 0 : slot.bytes / slot.readers), 0);
  };
  for (let next = 0; next < tasks.length; next++) {
    if (overdue()) yield;
    if (done[next]) continue;
    take(next);
    while (stack.length > 0) {
      const i = stack.pop()!;
      if (!done[i] && freesEnough(tasks[i]!)) take(i);
    }
  }
  return order;
}
