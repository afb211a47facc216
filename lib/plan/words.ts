/** 8-byte words that grow: whole numbers as float64, raw bits beside them (docs/plan-format.md). */
export class Words {
  #floats: Float64Array;
  #bits: BigUint64Array;
  length = 0;

  constructor(capacity = 64) {
    this.#floats = new Float64Array(capacity);
    this.#bits = new BigUint64Array(this.#floats.buffer);
  }

  /** Makes room for `more` words and returns where they start; `set` fills them. */
  reserve(more: number): number {
    const at = this.length;
    if (at + more > this.#floats.length) {
      const grown = new Float64Array(Math.max(at + more, this.#floats.length * 2));
      grown.set(this.#floats);
      this.#floats = grown;
      this.#bits = new BigUint64Array(grown.buffer);
    }
    this.length = at + more;
    return at;
  }
  set(at: number, value: number): void {
    this.#floats[at] = value;
  }
  push(value: number): void {
    const at = this.reserve(1); // may replace the arrays: before #floats is read
    this.#floats[at] = value;
  }
  pushAll(values: ArrayLike<number>): void {
    const at = this.reserve(values.length);
    this.#floats.set(values, at);
  }
  pushBits(value: bigint): void {
    const at = this.reserve(1);
    this.#bits[at] = value;
  }
  /** A copy of what was written. */
  finish(): Float64Array {
    return this.#floats.slice(0, this.length);
  }
}
