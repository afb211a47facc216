import { commonDivisor } from "../core/common-divisor.js";
import { itemsize, lanesOf } from "../core/dtype.js";
import { contiguousStrides } from "../core/shape.js";
import { File, type FileSource } from "../expr/file.js";
import type { Access } from "./access.js";
import type { Emitter } from "./emit.js";
import type { Box } from "./grid.js";
import { runsOf } from "./picked-rows.js";
import { type Slot, TASK_KINDS } from "./plan.js";
import type { Load, PickedRows } from "./program.js";

/** Elements of a file: on each axis `count` of them from `low` on, `step` apart. */
interface Extract {
  readonly low: readonly number[];
  readonly step: readonly number[];
  readonly count: readonly number[];
}

/** What a task reads of a file, in a slot of its own; strides are those of neighbours in the slot. */
export interface FileBlock extends Extract {
  readonly slot: Slot;
  readonly strides: readonly number[];
}

/** For each load from a file, the block that it finds its elements in. */
export type FileBlocks = ReadonlyMap<Load, FileBlock>;

/** Loads are read together when that reads no more than so many times what they take one by one. */
const MERGE_FACTOR = 1.5;
/** Rows of which this share is read are read in full: then they lie side by side. */
const FULL_ROWS = 0.9;
const NONE: FileBlocks = new Map();

/** Emits reads of what loads take of files while the domain walks `box`: into slots that live as long as the task at hand. */
export function readFiles(emitter: Emitter, loads: readonly Load[], box: Box): FileBlocks {
  if (!loads.some((load) => load.source instanceof File)) return NONE;
  const blocks = new Map<Load, FileBlock>();
  const byFile = new Map<string, { file: File; extracts: { extract: Extract; loads: Load[] }[] }>();
  for (const load of loads) {
    if (!(load.source instanceof File)) continue;
    const file = load.source;
    if (load.rows !== undefined) {
      blocks.set(load, readRows(emitter, file, load.access, load.rows, box));
      continue;
    }
    let group = byFile.get(file.token);
    if (group === undefined) byFile.set(file.token, (group = { file, extracts: [] }));
    group.extracts.push({ extract: extractOf(load.access, box), loads: [load] });
  }
  for (const { file, extracts } of byFile.values()) {
    mergeClose(extracts);
    for (const { extract, loads: sharers } of extracts) {
      const block = readFile(emitter, file, withFullRows(extract, file.shape));
      for (const load of sharers) blocks.set(load, block);
    }
  }
  return blocks;
}

/** Emits the read of what one access takes. */
export const readOne = (emitter: Emitter, file: File, access: Access, box: Box): FileBlock => readFile(emitter, file, withFullRows(extractOf(access, box), file.shape));

function extractOf(access: Access, box: Box): Extract {
  const count = access.map((a) => (a.domain < 0 ? 1 : box.high[a.domain]! - box.low[a.domain]!));
  const low = access.map((a, axis) => {
    if (a.domain < 0) return a.start;
    const first = a.start + a.step * box.low[a.domain]!;
    return a.step < 0 ? first + a.step * (count[axis]! - 1) : first;
  });
  return { low, step: access.map((a) => (a.domain < 0 ? 0 : Math.abs(a.step))), count };
}

function mergeClose(extracts: { extract: Extract; loads: Load[] }[]): void {
  for (let i = 0; i < extracts.length; i++) {
    for (let j = i + 1; j < extracts.length; j++) {
      const [a, b] = [extracts[i]!, extracts[j]!];
      const both = around(a.extract, b.extract);
      if (sizeOf(both) > MERGE_FACTOR * (sizeOf(a.extract) + sizeOf(b.extract))) continue;
      extracts[i] = { extract: both, loads: [...a.loads, ...b.loads] };
      extracts.splice(j, 1);
      j = i; // what did not fit before may fit now
    }
  }
}

const sizeOf = ({ count }: Extract): number => count.reduce((a, b) => a * b, 1);

function around(a: Extract, b: Extract): Extract {
  const low = a.low.map((x, axis) => Math.min(x, b.low[axis]!));
  const step = a.step.map((s, axis) => commonDivisor(commonDivisor(s, b.step[axis]!), Math.abs(a.low[axis]! - b.low[axis]!)));
  const last = (x: Extract, axis: number): number => x.low[axis]! + x.step[axis]! * (x.count[axis]! - 1);
  const count = low.map((x, axis) => (step[axis] === 0 ? 1 : (Math.max(last(a, axis), last(b, axis)) - x) / step[axis]! + 1));
  return { low, step, count };
}

function withFullRows(extract: Extract, shape: readonly number[]): Extract {
  const [low, step, count] = [extract.low.slice(), extract.step.slice(), extract.count.slice()];
  for (let axis = shape.length - 1; axis > 0; axis--) {
    const n = shape[axis]!;
    if (n > 1 && (step[axis] !== 1 || count[axis]! < FULL_ROWS * n)) break;
    if (count.slice(0, axis).every((c) => c === 1)) break; // one run already
    [low[axis], step[axis], count[axis]] = [0, 1, n];
  }
  return { low, step, count };
}

/** What was just read is not read again for the tasks that come next, such as the mirror image of a cell. */
export class RecentReads {
  readonly #reads: { readonly key: string; readonly at: number; readonly block: FileBlock }[] = [];

  find(key: string, at: number): FileBlock | undefined {
    return this.#reads.find((read) => read.key === key && at - read.at <= RECENT_TASKS)?.block;
  }
  note(key: string, at: number, block: FileBlock): void {
    if (this.#reads.push({ key, at, block }) > RECENT_READS) this.#reads.shift();
  }
}
/** How many reads, and how many tasks ago: their blocks stay in memory meanwhile. */
const RECENT_READS = 4;
const RECENT_TASKS = 4;

function readFile(emitter: Emitter, file: File, extract: Extract): FileBlock {
  const { low, step, count } = extract;
  const key = [file.token, low, step, count].join("|");
  const recent = emitter.recentReads.find(key, emitter.tasks.length);
  if (recent !== undefined) return recent;
  const layer = emitter.fileLayer(file.source, count);
  const slot = emitter.slot(sizeOf(extract) * itemsize(file.dtype), layer);
  const strides = contiguousStrides(count);
  emitRead(emitter, layer, file, extract, slot, 0, strides);
  const block = { slot, low, step, count, strides };
  emitter.recentReads.note(key, emitter.tasks.length, block);
  return block;
}

/** Reads rows that an index picks, each run of them into its place. */
function readRows(emitter: Emitter, file: File, access: Access, { axis, domain, at }: PickedRows, box: Box): FileBlock {
  const extract = extractOf(access, box);
  const rows = Array.from({ length: extract.count[axis]! }, (_, i) => at(box.low[domain]! + i));
  const layer = emitter.fileLayer(file.source, extract.count);
  const slot = emitter.slot(sizeOf(extract) * itemsize(file.dtype), layer);
  const strides = contiguousStrides(extract.count);
  const along = <T>(list: readonly T[], value: T): T[] => list.map((x, i) => (i === axis ? value : x));
  for (const { first, count, step } of runsOf(rows)) {
    const last = first + count - 1;
    const run = {
      low: along(extract.low, Math.min(rows[first]!, rows[last]!)), step: along(extract.step, Math.abs(step)), count: along(extract.count, count),
    };
    // Backwards in the file is forwards in the file, and backwards in the slot.
    const [start, turned] = step < 0 ? [last, -strides[axis]!] : [first, strides[axis]!];
    emitRead(emitter, layer, file, run, slot, start * strides[axis]!, along(strides, turned));
  }
  return { slot, low: along(extract.low, box.low[domain]!), step: along(extract.step, 1), count: extract.count, strides };
}

function emitRead(emitter: Emitter, layer: number, file: File, extract: Extract, slot: Slot, offset: number, strides: readonly number[]): void {
  const { low, step, count } = extract;
  const bytesEach = itemsize(file.dtype);
  const elements = sizeOf(extract);
  const fileStrides = contiguousStrides(file.shape);
  const first = low.reduce((n, x, axis) => n + x * fileStrides[axis]!, 0);
  const swap = file.bigEndian ? bytesEach / lanesOf(file.dtype) : 0;
  emitter.addTask(layer, TASK_KINDS.readFile, elements, [slot], (words) => {
    words.pushAll([emitter.fileId(file.source), slot.id, swap > 1 ? swap : 0, Math.max(1, count.length), ...axesOr(count, 1)]);
    words.pushAll([file.byteOffset + first * bytesEach, ...axesOr(step.map((s, axis) => s * fileStrides[axis]! * bytesEach), 0)]);
    words.pushAll([offset, ...axesOr(strides, 0), bytesEach]);
  });
  emitter.bytesFromFiles += elements * bytesEach;
}

/** A task has at least one axis. */
const axesOr = (values: readonly number[], none: number): readonly number[] => (values.length === 0 ? [none] : values);

/** Where blocks of an array go in a file. */
export interface FilePlace {
  readonly file: FileSource;
  /** Of the array's first element, and between neighbours along each axis. */
  readonly byteOffset: number;
  readonly byteStrides: readonly number[];
}

/** Emits the write of a block, which lies in a slot as `strides` say. */
export function writeFile(emitter: Emitter, place: FilePlace, low: readonly number[], count: readonly number[], slot: Slot, strides: readonly number[], bytesEach: number): void {
  const layer = emitter.fileLayer(place.file, count);
  const offset = low.reduce((n, x, axis) => n + x * place.byteStrides[axis]!, place.byteOffset);
  emitter.addTask(layer, TASK_KINDS.writeFile, count.reduce((a, b) => a * b, 1), [], (words, reader) => {
    words.pushAll([emitter.fileId(place.file), reader.slotId(slot), 0, Math.max(1, count.length), ...axesOr(count, 1)]);
    words.pushAll([offset, ...axesOr(place.byteStrides, 0), 0, ...axesOr(strides, 0), bytesEach]);
  });
}
