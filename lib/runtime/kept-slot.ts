import { type DType, itemsize, type TypedArray, viewAs } from "../core/dtype.js";
import { DisposedError } from "../errors/index.js";
import type { BufferSource } from "../expr/buffer.js";
import { blockBytes } from "../plan/block-bytes.js";
import type { Engine } from "./engine.js";

/** A result that an engine keeps and counts until it is disposed of, or nothing reads it any more. It outlives the engine. */
export class KeptSlot implements BufferSource {
  readonly byteLength: number;
  readonly blockBytes: number;
  #data: TypedArray | undefined;
  #disposed = false;

  constructor(readonly id: number, readonly dtype: DType, readonly size: number, readonly engine: Engine) {
    this.byteLength = size * itemsize(dtype);
    const bytes = (this.blockBytes = blockBytes(this.byteLength));
    engine.keep(this);
    forgotten.register(this, () => engine.letGo(id, bytes), this);
  }

  /** Set where it is read outside of its engine. */
  get data(): TypedArray | undefined {
    return this.#data;
  }
  check(): void {
    if (this.#disposed) throw new DisposedError("compute: the array was persisted and its memory has been disposed of");
  }
  comeTo(engine: object): void {
    if (engine !== this.engine) this.leave();
  }
  /** Makes its memory readable without its engine. */
  leave(): void {
    if (this.#data !== undefined || this.#disposed) return;
    this.#data = viewAs(this.dtype, this.engine.native.shareSlot(this.id), 0, this.size);
  }
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#data = undefined;
    forgotten.unregister(this);
    this.engine.letGo(this.id, this.blockBytes);
  }
}

const forgotten = new FinalizationRegistry<() => void>((letGo) => letGo());
