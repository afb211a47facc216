/** Writes batches of docs/plan-format.md by hand, for tests of the addon alone. */
export const FLOAT64 = 11;
export const NORMAL = 4;
export const SUM = 0;

export class Batch {
  readonly #slots: number[][] = [];
  readonly #programs: number[][] = [];
  readonly #tasks: number[][] = [];

  slot(id: number, bytes: number, writers: number, readers: number, keep = false): this {
    this.#slots.push([id, bytes, writers, readers, keep ? 1 : 0]);
    return this;
  }
  program(...body: number[]): this {
    this.#programs.push([body.length + 1, ...body]);
    return this;
  }
  task(layer: number, weight: number, ...body: number[]): this {
    this.#tasks.push([body.length + 5, 0, layer, weight, 0, ...body]);
    return this;
  }
  /** Makes the last task, which is a tile task, one of another kind. */
  kind(kind: number): this {
    this.#tasks.at(-1)![1] = kind;
    return this;
  }
  finish(): ArrayBuffer {
    const head = [0x6e646c31, 2, this.#slots.length, this.#programs.length, this.#tasks.length];
    return Float64Array.from([head, ...this.#slots, ...this.#programs, ...this.#tasks].flat()).buffer as ArrayBuffer;
  }
}

/** The sum of slot `source`, `n` elements of float64, into slot `target`, which is kept. */
export function sumOf(source: number, n: number, target: number): Batch {
  return new Batch()
    .slot(target, 8, 1, 0, true)
    .program(1, 0, 0, 0, 0, 1, 1, FLOAT64, 0, SUM, FLOAT64, 0, 1, 0)
    .task(0, n, 0, 1, target, 0, 1, 1, n, source, 0, 1, 0, 0, 0, 0);
}

/** The sum of `n` normal draws into slot `target`, which is kept; 2 ** 40 of them take hours. */
export function normalSum(n: number, target: number): Batch {
  return new Batch()
    .slot(target, 8, 1, 0, true)
    .program(0, 1, 0, 0, 0, 1, 1, FLOAT64, NORMAL, 5e-324, 0, 0, 0, 0, 0, 0, SUM, FLOAT64, 0, 1, 0)
    .task(0, n, 0, 1, target, 0, 1, 1, n, 0, 1, 0, 0, 0, 0);
}
