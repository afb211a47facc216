import { type DType, dtypeIndex, itemsize } from "../core/dtype.js";
import { contiguousStrides } from "../core/shape.js";
import type { Steps } from "../core/steps.js";
import type { Buffer } from "../expr/buffer.js";
import type { Expr } from "../expr/expr.js";
import { File } from "../expr/file.js";
import type { Node } from "../expr/node.js";
import { type Access, affine, identityAccess, throughView } from "./access.js";
import type { Emitter, TaskReader } from "./emit.js";
import { readOne } from "./files.js";
import { Fusion, type Layout, withCross } from "./fusion.js";
import { type Box, extents, volume } from "./grid.js";
import { emitStore } from "./store-stage.js";
import { Stored } from "./stored.js";
import type { Words } from "./words.js";

/** Strided memory that a kernel call reads or writes. */
export interface KernelOperand {
  readonly dtype: DType;
  readonly extents: readonly number[];
  readonly strides: readonly number[];
  readonly offset: number;
  slotId(reader: TaskReader): number;
}

export function writeOperand(words: Words, reader: TaskReader, x: KernelOperand): void {
  words.pushAll([x.slotId(reader), dtypeIndex(x.dtype), x.extents.length, x.offset, ...x.extents, ...x.strides]);
}

interface Memory {
  readonly source: Buffer | File | Stored;
  readonly access: Access;
}

/** An expression as memory, where it is that already: the user's, or one whole slot, behind views perhaps. */
function asMemory(expr: Expr, emitter: { stored(node: Expr): Stored | undefined }): Memory | undefined {
  let node = expr as Node;
  let access = identityAccess(expr.ndim);
  for (;;) {
    const stored = emitter.stored(node);
    if (stored !== undefined) return stored.whole ? { source: stored, access } : undefined;
    if (node.kind === "buffer" || node.kind === "file") return { source: node, access };
    if (node.kind !== "view") return undefined;
    access = throughView(node, access);
    node = node.inputs[0] as Node;
  }
}

/** What a kernel reads, box by box: memory in place, or computed into a slot first. */
export class Operand {
  readonly #memory: Memory | undefined;
  readonly #fusion: Fusion | undefined;

  private constructor(readonly expr: Expr, readonly emitter: Emitter, memory: Memory | undefined, fusion: Fusion | undefined) {
    this.#memory = memory;
    this.#fusion = fusion;
  }
  /** `inPlace` false: each box is made contiguous even where it is memory already. */
  static *of(expr: Expr, emitter: Emitter, inPlace = true): Steps<Operand> {
    const memory = inPlace ? asMemory(expr, emitter) : undefined;
    return new Operand(expr, emitter, memory, memory === undefined ? yield* Fusion.of([expr], [], expr.shape, emitter) : undefined);
  }
  /** Nanoseconds an element. */
  get cost(): number {
    return this.#fusion?.main.cost ?? 0.2;
  }
  get text(): string {
    return this.#fusion?.main.text ?? "";
  }
  /** How to walk the operand: as it lies in memory that it is computed into. */
  get layout(): Layout {
    const { shape } = this.expr;
    const axes = shape.map((_, axis) => axis);
    if (this.#memory?.source instanceof File) {
      const { source, access } = this.#memory;
      return withCross(shape, axes, [affine(access, contiguousStrides(source.shape), shape.length).steps], true);
    }
    return this.#fusion?.layout.fromFile ? this.#fusion.layout : { axes, square: false, fromFile: false };
  }
  /** How to walk the operand where the order of its elements is of no matter: as it lies in memory, if it does. */
  get anyOrder(): Layout {
    const { layout } = this;
    if (this.#memory === undefined || this.#memory.source instanceof File) return layout;
    const steps = this.#steps(this.#memory.source, this.#memory.access).steps.map(Math.abs);
    return { ...layout, axes: layout.axes.toSorted((a, b) => steps[b]! - steps[a]! || a - b) };
  }
  #steps(source: Buffer | Stored, access: Access): { first: number; steps: number[] } {
    return affine(access, source instanceof Stored ? source.strides(access.map(() => 0)) : source.strides, this.expr.ndim);
  }
  /** Where concatenations cut the domain. */
  get cuts(): readonly (readonly number[])[] {
    return this.#fusion?.cuts ?? this.expr.shape.map(() => []);
  }

  /** The operand of a box, once what fills it has been emitted. */
  *at(box: Box, layer: number): Steps<KernelOperand> {
    const { dtype } = this.expr;
    const size = extents(box);
    if (this.#memory !== undefined) {
      const { source, access } = this.#memory;
      if (source instanceof File) return this.#read(source, access, box);
      if (source instanceof Stored) yield* this.emitter.ensure(source);
      const block = access.map(() => 0);
      const { first, steps } = this.#steps(source, access);
      const offset = steps.reduce((n, s, axis) => n + s * box.low[axis]!, first + (source instanceof Stored ? 0 : source.offset));
      return { dtype, extents: size, strides: steps, offset, slotId: (reader) => (source instanceof Stored ? reader.blockId(source, block) : reader.bufferId(source)) };
    }
    const slot = this.emitter.slot(volume(box) * itemsize(dtype), layer);
    const strides = contiguousStrides(size);
    yield* emitStore(this.emitter, layer, this.#fusion!, box, { slot, offset: 0, strides });
    return { dtype, extents: size, strides, offset: 0, slotId: (reader) => reader.slotId(slot) };
  }

  /** Part of a file, in memory of its own. */
  #read(file: File, access: Access, box: Box): KernelOperand {
    const { slot, low, step, strides } = readOne(this.emitter, file, access, box);
    const first = access.map((a, axis) => (a.start + (a.domain < 0 ? 0 : a.step * box.low[a.domain]!) - low[axis]!) / (step[axis] || 1));
    const offset = first.reduce((n, x, axis) => n + x * strides[axis]!, 0);
    const { steps } = affine(access.map((a, axis) => ({ ...a, step: a.step / (step[axis] || 1) })), strides, this.expr.ndim);
    return { dtype: this.expr.dtype, extents: extents(box), strides: steps, offset, slotId: (reader) => reader.slotId(slot) };
  }
}
