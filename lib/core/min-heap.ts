/** A heap of (key, item) pairs; the smallest key comes first and, among equal keys, the smallest item. */
export class MinHeap {
  readonly #keys: Float64Array;
  readonly #items: Int32Array;
  #size = 0;

  constructor(capacity: number) {
    this.#keys = new Float64Array(capacity);
    this.#items = new Int32Array(capacity);
  }

  get size(): number {
    return this.#size;
  }

  /** The first item's key. */
  get key(): number {
    return this.#keys[0];
  }

  push(key: number, item: number): void {
    let at = this.#size++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#before(key, item, parent)) break;
      this.#move(parent, at);
      at = parent;
    }
    this.#put(key, item, at);
  }

  /** Takes the first item out. */
  pop(): number {
    const first = this.#items[0];
    const last = --this.#size;
    if (last > 0) this.#sink(this.#keys[last], this.#items[last]);
    return first;
  }

  #sink(key: number, item: number): void {
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.#size) break;
      if (child + 1 < this.#size && this.#before(this.#keys[child + 1], this.#items[child + 1], child)) child++;
      if (this.#before(key, item, child)) break;
      this.#move(child, at);
      at = child;
    }
    this.#put(key, item, at);
  }

  #before(key: number, item: number, at: number): boolean {
    return key < this.#keys[at] || (key === this.#keys[at] && item < this.#items[at]);
  }
  #move(from: number, to: number): void {
    this.#put(this.#keys[from], this.#items[from], to);
  }
  #put(key: number, item: number, at: number): void {
    this.#keys[at] = key;
    this.#items[at] = item;
  }
}
