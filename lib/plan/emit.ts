import { basename } from "node:path";
import { type DType, dtypeIndex } from "../core/dtype.js";
import type { Steps } from "../core/steps.js";
import type { Buffer, BufferSource } from "../expr/buffer.js";
import { nextMemoryId } from "../expr/buffer.js";
import type { Expr } from "../expr/expr.js";
import type { FileSource } from "../expr/file.js";
import type { Access } from "./access.js";
import { type FileBlocks, readFiles, RecentReads } from "./files.js";
import { type Box, indices } from "./grid.js";
import type { Layer, Slot, Task, TaskKind } from "./plan.js";
import type { Template } from "./program.js";
import type { SlotReader } from "./segments.js";
import { Stored } from "./stored.js";
import { Words } from "./words.js";

/** Collects a plan while stages emit their tasks, each after what it reads: depth first, so that few blocks live at once. */
export class Emitter {
  readonly slots: Slot[] = [];
  readonly programs: Template[] = [];
  readonly tasks: Task[] = [];
  readonly words = new Words(1 << 12);
  readonly layers: Layer[] = [];
  readonly buffers = new Map<number, BufferSource>();
  /** By token: files that were opened twice are one. */
  readonly files = new Map<string, FileSource>();
  bytesFromFiles = 0;
  readonly recentReads = new RecentReads();
  readonly #emitted = new Map<Stored, Set<number>>();

  constructor(private readonly storedByToken: ReadonlyMap<string, Stored>) {}

  stored(node: Expr): Stored | undefined {
    return this.storedByToken.get(node.token);
  }

  addProgram(template: Template): number {
    return this.programs.push(template) - 1;
  }
  readonly #copyPrograms = new Map<DType, number>();
  /** The program of one load and one store. */
  copyProgram(dtype: DType): number {
    let program = this.#copyPrograms.get(dtype);
    if (program === undefined) {
      const words = Float64Array.of(11, 1, 0, 0, 0, 1, 0, 1, dtypeIndex(dtype), 0, 0);
      program = this.addProgram({ words, text: "copy", loads: [], generators: [], stores: 1, reducers: 0, cost: 0.3 });
      this.#copyPrograms.set(dtype, program);
    }
    return program;
  }
  addLayer(name: string, cells: number, cellShape: readonly number[], complaint?: string): number {
    return this.layers.push({ name, cells, cellShape, complaint, weight: 0 }) - 1;
  }
  readonly #fileLayers = new Map<string, number>();
  /** The layer of all that is read from a file, or written to it; one more cell of it. */
  fileLayer(file: FileSource, cellShape: readonly number[]): number {
    let layer = this.#fileLayers.get(file.token);
    if (layer === undefined) {
      layer = this.addLayer(`${file.writable ? "write" : "read"} ${basename(file.name)}`, 0, cellShape.slice());
      this.#fileLayers.set(file.token, layer);
    }
    this.layers[layer]!.cells++;
    return layer;
  }
  /** The number by which tasks know a file. */
  fileId(file: FileSource): number {
    const known = this.files.get(file.token);
    if (known === undefined) this.files.set(file.token, file);
    return (known ?? file).id;
  }
  slot(bytes: number, layer: number): Slot {
    const slot: Slot = { id: nextMemoryId(), bytes, keep: false, writers: 0, readers: 0, layer };
    this.slots.push(slot);
    return slot;
  }
  /** The slot of a block, for the stage that writes it. */
  blockSlot(stored: Stored, block: readonly number[], layer: number): Slot {
    return stored.slot(block, (bytes) => this.slot(bytes, layer));
  }

  /** Emits whatever fills the blocks of `stored` that a box touches, unless it has been. */
  *ensure(stored: Stored, box?: Box): Steps {
    let done = this.#emitted.get(stored);
    if (done === undefined) this.#emitted.set(stored, (done = new Set()));
    const counts = stored.blockCounts;
    const range = box === undefined ? { low: counts.map(() => 0), high: counts.map((n) => n - 1) } : stored.blocksOf(box);
    for (const offset of indices(range.low.map((low, axis) => range.high[axis]! - low + 1))) {
      const block = offset.map((i, axis) => range.low[axis]! + i);
      const ordinal = stored.ordinal(block);
      if (done.has(ordinal)) continue;
      done.add(ordinal);
      yield* stored.stage.emitBlock(stored, block, this);
    }
  }

  /** Emits whatever a program reads for a box of its domain; what it reads of files is there for the task that comes next. */
  *ensureLoads(template: Template, box: Box): Steps<FileBlocks> {
    for (const { source, access, indexed } of template.loads) {
      if (source instanceof Stored && !this.#isWhole(source)) yield* this.ensure(source, source.whole ? undefined : through(access, box));
      if (indexed?.index instanceof Stored && !this.#isWhole(indexed.index)) yield* this.ensure(indexed.index);
    }
    return readFiles(this, template.loads, box);
  }

  /** Whether an array of one block has been emitted. */
  #isWhole(stored: Stored): boolean {
    return stored.whole && this.#emitted.has(stored);
  }

  /** Adds a task; `write` fills in its payload and tells what it reads. */
  addTask(layer: number, kind: TaskKind, weight: number, writes: readonly Slot[], write: (words: Words, reader: TaskReader) => void): void {
    const start = this.words.length;
    const reader = new TaskReader(this);
    write(this.words, reader);
    const reads = reader.slots;
    for (const slot of reads) slot.readers++;
    for (const slot of writes) slot.writers++;
    this.layers[layer]!.weight += weight;
    this.tasks.push({ layer, kind, weight, start, end: this.words.length, writes, reads });
  }
}

/** Notes the slots that one task reads. */
export class TaskReader implements SlotReader {
  #slots: Set<Slot> | undefined; // few tasks read any
  constructor(private readonly emitter: Emitter) {}

  get slots(): Slot[] {
    return this.#slots === undefined ? [] : [...this.#slots];
  }
  slotId(slot: Slot): number {
    (this.#slots ??= new Set()).add(slot);
    return slot.id;
  }
  blockId(stored: Stored, block: readonly number[]): number {
    return this.slotId(stored.slot(block, () => {
      throw new Error("internal: a block is read that no task has written");
    }));
  }
  bufferId(buffer: Buffer): number {
    buffer.source.check();
    this.emitter.buffers.set(buffer.source.id, buffer.source);
    return buffer.source.id;
  }
}

/** The box of an array that an access walks while the domain walks `box`. */
function through(access: Access, box: Box): Box {
  const ends = access.map((a) => {
    const first = a.start + (a.domain < 0 ? 0 : a.step * box.low[a.domain]!);
    const last = a.start + (a.domain < 0 ? 0 : a.step * (box.high[a.domain]! - 1));
    return [Math.min(first, last), Math.max(first, last) + 1] as const;
  });
  return { low: ends.map((e) => e[0]), high: ends.map((e) => e[1]) };
}

