import type { TypedArray } from "../core/dtype.js";
import { DisposedError } from "../errors/index.js";
import type { BufferSource } from "../expr/buffer.js";

let nextId = 1;

/** Memory of the user's, or of an earlier result, that arrays read in place. */
export class Memory implements BufferSource {
  readonly id = nextId++;
  readonly byteLength: number;
  #data: TypedArray | undefined;

  constructor(data: TypedArray) {
    this.#data = data;
    this.byteLength = data.byteLength;
  }
  get data(): TypedArray {
    this.check();
    return this.#data!;
  }
  check(): void {
    if (this.#data === undefined) throw new DisposedError("compute: the array was persisted and its memory has been disposed of");
    // A buffer that was transferred to a worker has lost its bytes.
    if (this.#data.byteLength !== this.byteLength) throw new DisposedError("compute: the typed array that this array reads was transferred away");
  }
  dispose(): void {
    this.#data = undefined;
  }
}
