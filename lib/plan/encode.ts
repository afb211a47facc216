import type { Plan } from "./plan.js";
import { Words } from "./words.js";

const MAGIC = 0x6e646c31;
const VERSION = 2;
/** Tasks in the first batch, and at most in one: so many that the call that hands it over stays far below a millisecond. */
const FIRST_TASKS = 64;
const BATCH_TASKS = 1024;
const BATCH_WORDS = 1 << 16;

/** Writes a plan as batches (docs/plan-format.md). Slots and programs come with the first task that names them. */
export function* encode(plan: Plan): Generator<ArrayBuffer, void, void> {
  let next = 0;
  let most = FIRST_TASKS; // twice as many each time: the engine can begin, and V8 compile this
  let programs = 0;
  const declared = new Set<object>();
  while (next < plan.tasks.length) {
    const from = next;
    const firstProgram = programs;
    let size = 0;
    const slots = [];
    while (next < plan.tasks.length && next - from < most && size < BATCH_WORDS) {
      const task = plan.tasks[next++]!;
      size += task.end - task.start + 5 + 2 * (task.renames?.length ?? 0);
      const needed = task.kind === 0 ? plan.words[task.start]! + 1 : 0;
      for (; programs < needed; programs++) size += plan.programs[programs]!.words.length;
      for (const slot of task.writes) if (!declared.has(slot)) declared.add(slot), slots.push(slot);
    }
    const words = new Words(size + slots.length * 5 + 64);
    words.pushAll([MAGIC, VERSION, slots.length, programs - firstProgram, next - from]);
    for (const slot of slots) words.pushAll([slot.id, slot.bytes, slot.writers, slot.readers, slot.keep ? 1 : 0]);
    for (let i = firstProgram; i < programs; i++) words.pushAll(plan.programs[i]!.words);
    for (let i = from; i < next; i++) {
      const { kind, layer, weight, start, end, renames = [] } = plan.tasks[i]!;
      words.pushAll([end - start + 5 + 2 * renames.length, kind, layer, weight, renames.length]);
      for (const [from, to] of renames) words.pushAll([from.id, to.id]);
      words.pushAll(plan.words.subarray(start, end));
    }
    most = Math.min(2 * most, BATCH_TASKS);
    yield words.finish().buffer as ArrayBuffer;
  }
}
