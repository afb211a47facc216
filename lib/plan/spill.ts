import { MinHeap } from "../core/min-heap.js";
import { overdue, type Steps } from "../core/steps.js";
import { nextMemoryId } from "../expr/buffer.js";
import { blockBytes } from "./block-bytes.js";
import { type Slot, type Task, TASK_KINDS } from "./plan.js";
import { SPILLED_BYTES } from "./sizes.js";

/** Regions of the spill file begin at multiples of this. */
const PAGE = 4096;
const TOKEN_BYTES = 16;

export interface Spilled {
  readonly tasks: readonly Task[];
  /** Slots that are new: what was read back, and the tokens of what was written. */
  readonly slots: readonly Slot[];
  /** Words of the new tasks, to follow those of the plan. */
  readonly words: readonly number[];
  /** Bytes in the file at once. */
  readonly fileBytes: number;
}

/** A block that a task cannot be given room for. */
export class TooLarge {
  constructor(readonly task: Task, readonly neededBytes: number) {}
}

/**
 * Puts tasks between those of a plan that write blocks to the spill file and read them back, so that run one after the other they hold `limitBytes` at
 * most. What leaves is what is read again the latest (L. A. Bélády, IBM Systems Journal 5, 1966); a block is written once, however often it leaves.
 *
 * @param firstWord where the words of the new tasks will stand.
 */
export function spill(tasks: readonly Task[], limitBytes: number, firstWord: number): Steps<Spilled | TooLarge> {
  return new Spiller(tasks, limitBytes, firstWord).run();
}

/** What is known of a slot of the plan. */
interface State {
  /** Its place among all. */
  readonly number: number;
  readonly slot: Slot;
  readonly bytes: number;
  /** Where it is used, as places in the order; `next` is the first that is to come. */
  readonly uses: number[];
  next: number;
  writersLeft: number;
  /** The slot that holds it now: itself, or the one it was read back to. */
  resident: Slot | undefined;
  token: Slot | undefined;
  offset: number;
}

class Spiller {
  readonly #states = new Map<Slot, State>();
  readonly #byNumber: State[] = [];
  /** Numbers of states by the negative place of their next use; entries that are no longer true are skipped. */
  #farthest!: MinHeap;
  readonly #tasks: Task[] = [];
  readonly #slots: Slot[] = [];
  readonly #words: number[] = [];
  #live = 0;
  #fileEnd = 0;
  #inFile = 0;
  #fileBytes = 0;

  constructor(readonly tasks: readonly Task[], readonly limitBytes: number, readonly firstWord: number) {}

  *run(): Steps<Spilled | TooLarge> {
    yield* this.#noteUses();
    for (const task of this.tasks) {
      if (overdue()) yield;
      const states = usedBy(task).map((slot) => this.#states.get(slot)!);
      const missing = states.filter((s) => s.resident === undefined);
      const more = missing.reduce((n, s) => n + s.bytes, 0);
      if (!this.#makeRoom(more, states)) return new TooLarge(task, this.#live + more);
      for (const state of missing) this.#bring(state, task);
      this.#live += more;
      const reads = task.reads.map((slot) => this.#states.get(slot)!.resident!);
      const renames = task.reads.flatMap((slot, i) => (reads[i] === slot ? [] : [[slot, reads[i]!] as const]));
      this.#tasks.push(renames.length === 0 ? task : { ...task, reads, renames });
      for (const slot of task.writes) this.#states.get(slot)!.writersLeft--;
      for (const state of states) this.#used(state);
    }
    yield* recount(this.#tasks);
    return { tasks: this.#tasks, slots: this.#slots, words: this.#words, fileBytes: this.#fileBytes };
  }

  *#noteUses(): Steps {
    let uses = 0;
    for (const [i, task] of this.tasks.entries()) {
      if (overdue()) yield;
      for (const slot of usedBy(task)) {
        let state = this.#states.get(slot);
        if (state === undefined) {
          state = {
            number: this.#byNumber.length, slot, bytes: blockBytes(slot.bytes), uses: [], next: 0, writersLeft: slot.writers, resident: undefined, token: undefined, offset: 0,
          };
          this.#states.set(slot, state);
          this.#byNumber.push(state);
        }
        state.uses.push(i);
        uses++;
      }
    }
    this.#farthest = new MinHeap(uses + 1);
  }

  /** Lets blocks leave until there is room, but none of those at hand. */
  #makeRoom(bytes: number, atHand: readonly State[]): boolean {
    const kept: State[] = [];
    let enough = true;
    while (this.#live + bytes > this.limitBytes) {
      const state = this.#takeFarthest();
      if (state === undefined) {
        enough = false;
        break;
      }
      if (atHand.includes(state)) kept.push(state);
      else this.#leave(state);
    }
    kept.forEach((state) => this.#offer(state));
    return enough;
  }

  #takeFarthest(): State | undefined {
    while (this.#farthest.size > 0) {
      const use = -this.#farthest.key;
      const state = this.#byNumber[this.#farthest.pop()]!;
      if (state.resident !== undefined && state.uses[state.next] === use) return state;
    }
    return undefined;
  }

  /** A block that may leave from now on. */
  #offer(state: State): void {
    const { number, slot, resident, writersLeft, bytes, uses, next } = state;
    if (slot.keep || resident === undefined || writersLeft > 0 || bytes < SPILLED_BYTES || next === uses.length) return;
    this.#farthest.push(-uses[next]!, number);
  }

  #leave(state: State): void {
    if (state.token === undefined) {
      state.token = this.#newSlot(TOKEN_BYTES, state.slot.layer);
      state.offset = this.#fileEnd;
      this.#fileEnd += Math.ceil(state.bytes / PAGE) * PAGE;
      this.#inFile += state.bytes;
      this.#fileBytes = Math.max(this.#fileBytes, this.#inFile);
      this.#emit(TASK_KINDS.spillOut, state, [state.resident!], [state.token], [state.resident!.id, state.offset, state.token.id]);
    }
    state.resident = undefined;
    this.#live -= state.bytes;
  }

  /** Memory for a block: to be written by the task, or read back. */
  #bring(state: State, task: Task): void {
    if (state.token === undefined) {
      state.resident = state.slot;
      return;
    }
    if (task.writes.includes(state.slot)) throw new Error("internal: a block was spilled before it was complete");
    state.resident = this.#newSlot(state.slot.bytes, state.slot.layer);
    this.#emit(TASK_KINDS.spillIn, state, [state.token], [state.resident], [state.token.id, state.offset, state.resident.id]);
  }

  #used(state: State): void {
    state.next++;
    if (state.next < state.uses.length || state.slot.keep) return this.#offer(state);
    state.resident = undefined;
    this.#live -= state.bytes;
    if (state.token !== undefined) this.#inFile -= state.bytes;
  }

  #emit(kind: Task["kind"], { slot }: State, reads: readonly Slot[], writes: readonly Slot[], words: readonly number[]): void {
    const start = this.firstWord + this.#words.length;
    this.#words.push(...words);
    this.#tasks.push({ layer: slot.layer, weight: 0, kind, start, end: start + words.length, reads, writes });
  }

  #newSlot(bytes: number, layer: number): Slot {
    const slot: Slot = { id: nextMemoryId(), bytes, keep: false, writers: 0, readers: 0, layer };
    this.#slots.push(slot);
    return slot;
  }
}

const usedBy = ({ reads, writes }: Task): Slot[] => [...new Set([...reads, ...writes])];

function* recount(tasks: readonly Task[]): Steps {
  for (const { reads, writes } of tasks) {
    if (overdue()) yield;
    for (const slot of [...reads, ...writes]) slot.readers = slot.writers = 0;
  }
  for (const { reads, writes } of tasks) {
    if (overdue()) yield;
    for (const slot of reads) slot.readers++;
    for (const slot of writes) slot.writers++;
  }
}
