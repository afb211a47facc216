const FLOAT64 = 11;

/** A batch (docs/plan-format.md) of a few kinds of tasks on float64: program 0 sums, program 1 copies. */
export class WordsOfPlan {
  readonly #slots: number[] = [];
  readonly #tasks: number[] = [];
  #nSlots = 0;
  #nTasks = 0;

  slot(id: number, bytes: number, writers: number, readers: number): this {
    this.#slots.push(id, bytes, writers, readers, 0);
    this.#nSlots++;
    return this;
  }
  sum(slot: number, n: number, target: number, from = 0): this {
    return this.slot(target, 8, 1, 0).#task(0, 0, 1, target, 0, 1, 1, n, slot, from, 1, 0, 0, 0, 0);
  }
  copy(slot: number, n: number, target: number): this {
    return this.#task(0, 1, 0, 1, 1, n, slot, 0, 1, target, 0, 1);
  }
  /** Strides in the file are in bytes; in the slot the box is contiguous. */
  read(file: number, slot: number, extents: readonly number[], offset: number, strides: readonly number[]): this {
    const inSlot = extents.map((_, d) => extents.slice(d + 1).reduce((n, extent) => n * extent, 1));
    return this.#task(2, file, slot, 0, extents.length, ...extents, offset, ...strides, 0, ...inSlot, 8);
  }
  out(slot: number, offset: number, token: number): this {
    return this.#task(4, slot, offset, token);
  }
  in(token: number, offset: number, slot: number): this {
    return this.#task(5, token, offset, slot);
  }
  #task(kind: number, ...words: number[]): this {
    this.#tasks.push(words.length + 5, kind, 0, 1, 0, ...words);
    this.#nTasks++;
    return this;
  }
  finish(): ArrayBuffer {
    const sum = [1, 0, 0, 0, 0, 1, 1, FLOAT64, 0, 0, FLOAT64, 0, 1, 0], copy = [1, 0, 0, 0, 1, 0, 1, FLOAT64, 0, 0];
    const programs = [sum, copy].flatMap((words) => [words.length + 1, ...words]);
    return Float64Array.from([0x6e646c31, 2, this.#nSlots, 2, this.#nTasks, ...this.#slots, ...programs, ...this.#tasks]).buffer;
  }
}
