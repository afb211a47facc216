import type { TypedArray } from "../core/dtype.js";
import { DisposedError } from "../errors/index.js";
import { type BufferSource, nextMemoryId } from "../expr/buffer.js";

/** Memory of the user's, or of an earlier result, that arrays read in place. */
export class Memory implements BufferSource {
  readonly id = nextMemoryId();
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

const known = new WeakMap<TypedArray, Memory>();

/** The memory of a typed array; the same object each time, so that arrays made of it twice are equal. */
export function memoryOf(data: TypedArray): Memory {
  let memory = known.get(data);
  if (memory === undefined || memory.byteLength !== data.byteLength) known.set(data, (memory = new Memory(data)));
  return memory;
}
