import { formatBytes } from "../core/bytes.js";
import { MemoryPlanError } from "../errors/index.js";
import type { Call } from "./call.js";
import { describe, type Largest } from "./too-large.js";

/** How much memory a plan asks for. */
export interface Demand {
  /** What it cannot do without. */
  readonly neededBytes: number;
  /** What lets its tasks run side by side: more would not help. */
  readonly wantedBytes: number;
  /** What needs most of it, for messages. */
  readonly largest: () => Largest;
}

/** Memory that a run may use until it is disposed of. */
export interface Grant extends Disposable {
  readonly bytes: number;
}

/** Tells a compute to give back what it has selected and to begin again: others wait for that memory, and it for theirs. */
export class BeginAgain extends Error {}

/** How often others may pass one that waits for more memory than they do. */
const MOST_PASSES = 16;

interface Waiting extends Demand {
  readonly call: Call;
  readonly admit: (grant: Grant) => void;
  readonly refuse: (error: Error) => void;
  passed: number;
}

/**
 * Lets plans run as long as what they need fits beside each other and beside what is kept. The others wait: those of higher priority are in front, then
 * those that came first. One that fits may pass those in front of it that do not, but not for ever.
 */
export class Admission {
  readonly #queue: Waiting[] = [];
  #running = 0;
  #grantedBytes = 0;
  #keptBytes = 0;
  /** What computes in flight have selected and keep until they end. */
  readonly #held = new Map<Call, number>();

  constructor(readonly limitBytes: number) {}

  /** Computes that wait for memory. */
  get waiting(): number {
    return this.#queue.length;
  }
  get grantedBytes(): number {
    return this.#grantedBytes;
  }

  /**
   * Waits for memory.
   *
   * @throws {MemoryPlanError} when what is kept leaves no room for it, whoever else ends.
   * @throws {BeginAgain} when it holds what others wait for.
   */
  enter(demand: Demand, call: Call): Promise<Grant> {
    return new Promise<Grant>((resolve, reject) => {
      call.check();
      const leave = (): void => {
        const at = this.#queue.indexOf(waiting);
        if (at >= 0) this.#queue.splice(at, 1);
        call.signal.removeEventListener("abort", abort);
        ignore();
      };
      const abort = (): void => {
        leave();
        reject(call.signal.reason);
        this.#next();
      };
      const waiting: Waiting = { ...demand, call, passed: 0, admit: (grant) => (leave(), resolve(grant)), refuse: (error) => (leave(), reject(error)) };
      const ignore = call.urgency.onRaise(() => {
        this.#queue.splice(this.#queue.indexOf(waiting), 1);
        this.#enqueue(waiting);
        this.#next();
      });
      this.#enqueue(waiting);
      call.signal.addEventListener("abort", abort, { once: true });
      this.#next();
    });
  }

  #enqueue(waiting: Waiting): void {
    const behind = this.#queue.findIndex((other) => other.call.urgency.priority < waiting.call.urgency.priority);
    this.#queue.splice(behind < 0 ? this.#queue.length : behind, 0, waiting);
  }

  /** Notes that bytes are kept until the call has ended. */
  hold(call: Call, bytes: number): void {
    this.#held.set(call, (this.#held.get(call) ?? 0) + bytes);
    this.#keptBytes += bytes;
  }
  /** What a call has held is free again. */
  release(call: Call): void {
    const bytes = this.#held.get(call);
    if (bytes === undefined) return;
    this.#held.delete(call);
    this.keep(-bytes);
  }
  /** Notes that bytes are kept, or with a negative number no more, whatever computes there are. */
  keep(bytes: number): void {
    this.#keptBytes += bytes;
    if (bytes < 0) this.#next();
  }

  get #freeBytes(): number {
    return this.limitBytes - this.#grantedBytes - this.#keptBytes;
  }

  #next(): void {
    for (let i = 0; i < this.#queue.length; ) {
      const waiting = this.#queue[i]!;
      if (waiting.neededBytes <= this.#freeBytes) {
        for (const passed of this.#queue.slice(0, i)) passed.passed++;
        this.#admit(waiting); // leaves the queue
        continue;
      }
      if (waiting.passed >= MOST_PASSES) break;
      i++;
    }
    this.#unblock();
  }

  #admit(waiting: Waiting): void {
    const { neededBytes, wantedBytes } = waiting;
    const share = Math.floor((this.#freeBytes - neededBytes) / this.#queue.length);
    const bytes = Math.max(neededBytes, Math.min(wantedBytes, neededBytes + share));
    this.#running++;
    this.#grantedBytes += bytes;
    let given = true;
    const dispose = (): void => {
      if (!given) return;
      given = false;
      this.#running--;
      this.#grantedBytes -= bytes;
      this.#next();
    };
    waiting.admit({ bytes, [Symbol.dispose]: dispose });
  }

  /** Where nobody runs and nobody can, something has to give way. */
  #unblock(): void {
    const first = this.#queue[0];
    if (first === undefined || this.#running > 0) return;
    const holders = this.#queue.filter(({ call }) => this.#held.has(call));
    if (this.#held.size > holders.length) return; // one that holds memory is on its way
    const last = holders.findLast((waiting) => waiting !== first);
    if (last !== undefined) return last.refuse(new BeginAgain());
    const { neededBytes } = first;
    const largest = first.largest();
    first.refuse(new MemoryPlanError(
      `compute: this needs at least ${formatBytes(neededBytes)} at once (${describe(largest)}), but ${formatBytes(this.#keptBytes)} of the limit of ${formatBytes(this.limitBytes)} are kept. Nothing was started`,
      { neededBytes, limitBytes: this.limitBytes - this.#keptBytes, ...largest, hint: "Dispose of persisted arrays that are no longer needed, or raise memoryLimit" },
    ));
    this.#next();
  }
}
