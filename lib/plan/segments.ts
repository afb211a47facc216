import { File } from "../expr/file.js";
import type { FileBlocks } from "./files.js";
import { crossing } from "./fusion.js";
import { type Box, cellBox, cellOf, indices } from "./grid.js";
import type { Slot } from "./plan.js";
import type { Load, Template } from "./program.js";
import type { Buffer } from "../expr/buffer.js";
import { Stored } from "./stored.js";
import type { Words } from "./words.js";

/** Where a store puts the elements of the box. */
export interface StoreTarget {
  readonly slot: Slot;
  /** Element of the box's first position, and the step along each axis of the domain. */
  readonly offset: number;
  readonly strides: readonly number[];
}

/** Where the positions of the box stand in the reducers' state, and what index they have for arg-reductions. */
export interface ReduceTarget {
  readonly keptStrides: readonly number[];
  readonly indexFirst: number;
  readonly indexSteps: readonly number[];
}

/** Where the positions of the box stand among the lanes of a scan; `before`: whether something comes before the box. */
export interface ScanTarget {
  readonly axis: number;
  readonly strides: readonly number[];
  readonly before: Slot | undefined;
}

/** What a segment needs from outside: the slots of what is read. */
export interface SlotReader {
  /** The id of the slot of a block, noted as read by the task at hand. */
  blockId(stored: Stored, block: readonly number[]): number;
  bufferId(source: Buffer): number;
  slotId(slot: Slot): number;
}

/**
 * Writes the segments of a box of the domain: as many as it takes for each operand to lie in one block in each.
 * @returns how many.
 */
export function writeSegments(
  words: Words, template: Template, box: Box, axes: readonly number[], slots: SlotReader, files: FileBlocks, stores: readonly StoreTarget[], folds: readonly ReduceTarget[] = [],
  scan?: ScanTarget,
): number {
  const blocked = template.loads.filter(({ source }) => source instanceof Stored && !source.whole);
  if (blocked.length === 0) {
    writeSegment(words, template, box.low, box.high, box.low, axes, slots, files, stores, folds, scan);
    return 1;
  }
  const borders = box.low.map((low, axis) => [low, ...blockBorders(blocked, axis, low, box.high[axis]!), box.high[axis]!]);
  let count = 0;
  for (const index of indices(borders.map((b) => b.length - 1))) {
    const { low, high } = cellBox(borders, index);
    writeSegment(words, template, low, high, box.low, axes, slots, files, stores, folds, scan);
    count++;
  }
  return count;
}

/** @param origin where the positions of stores and folds are counted from. */
function writeSegment(
  words: Words, template: Template, low: readonly number[], high: readonly number[], origin: readonly number[], axes: readonly number[], slots: SlotReader, files: FileBlocks,
  stores: readonly StoreTarget[], folds: readonly ReduceTarget[], scan: ScanTarget | undefined,
): void {
  const steps = (first: number, byAxis: ArrayLike<number>): void => {
    words.push(first);
    if (axes.length === 0) words.push(0);
    for (const axis of axes) words.push(byAxis[axis]!);
  };
  words.push(Math.max(1, axes.length));
  if (axes.length === 0) words.push(1);
  for (const axis of axes) words.push(high[axis]! - low[axis]!);
  for (const load of template.loads) {
    if (load.fixed === undefined) writeLoad(words, load, low, axes, slots, files, steps);
    else {
      words.push(slots.bufferId(load.source as Buffer));
      steps(load.fixed.first + along(load.fixed.steps, low), load.fixed.steps);
    }
  }
  for (const g of template.generators) steps(g.first + along(g.steps, low), g.steps);
  for (const { slot, offset, strides } of stores) {
    words.push(slot.id);
    steps(offset + between(strides, origin, low), strides);
  }
  for (const { keptStrides, indexFirst, indexSteps } of folds) {
    steps(between(keptStrides, origin, low), keptStrides);
    steps(indexFirst + along(indexSteps, low), indexSteps);
  }
  if (scan === undefined) return;
  words.push(scan.before === undefined && low[scan.axis] === origin[scan.axis] ? 1 : 0);
  steps(between(scan.strides, origin, low), scan.strides);
}

function along(steps: readonly number[], x: readonly number[]): number {
  let n = 0;
  for (let axis = 0; axis < x.length; axis++) n += steps[axis]! * x[axis]!;
  return n;
}

const between = (steps: readonly number[], from: readonly number[], to: readonly number[]): number => (from === to ? 0 : along(steps, to) - along(steps, from));

/** Memory as a load finds it: where the array's element `first` lies in it, and how far apart are elements that are `steps` apart in the array. */
interface Memory {
  readonly id: number;
  readonly offset: number;
  readonly first: readonly number[] | undefined;
  readonly steps: readonly number[] | undefined;
  readonly strides: readonly number[];
}

function memoryOf(load: Load, coordinate: readonly number[], slots: SlotReader, files: FileBlocks): Memory {
  const { source, indexed } = load;
  if (source instanceof Stored) {
    const block = coordinate.map((c, axis) => (axis === indexed?.axis ? 0 : cellOf(source.grid[axis]!, c)));
    const first = block.map((b, axis) => source.grid[axis]![b]!);
    return { id: slots.blockId(source, block), offset: 0, first, steps: undefined, strides: source.strides(block) };
  }
  if (source instanceof File) {
    const { slot, low, step, strides } = files.get(load)!;
    return { id: slots.slotId(slot), offset: 0, first: low, steps: step, strides };
  }
  return { id: slots.bufferId(source), offset: source.offset, first: undefined, steps: undefined, strides: source.strides };
}

function writeLoad(
  words: Words, load: Load, low: readonly number[], axes: readonly number[], slots: SlotReader, files: FileBlocks,
  write: (first: number, steps: ArrayLike<number>) => void,
): void {
  const { access, indexed } = load;
  const coordinate = access.map((a) => a.start + (a.domain < 0 ? 0 : a.step * low[a.domain]!));
  const { id, offset: base, first, steps, strides } = memoryOf(load, coordinate, slots, files);
  words.push(id);
  let offset = base;
  const byDomain = new Float64Array(low.length);
  access.forEach((a, axis) => {
    const at = axis === indexed?.axis ? indexed.shift : coordinate[axis]!;
    const apart = steps?.[axis] || 1;
    offset += ((at - (first?.[axis] ?? 0)) / apart) * strides[axis]!;
    if (a.domain >= 0) byDomain[a.domain]! += ((axis === indexed?.axis ? indexed.scale : a.step) / apart) * strides[axis]!;
  });
  write(offset, byDomain);
  if (indexed === undefined) return;
  const { index, walk } = indexed;
  words.push(index instanceof Stored ? slots.blockId(index, [0]) : slots.bufferId(index));
  words.push((index instanceof Stored ? 0 : index.offset) + walk.start + walk.step * low[walk.domain]!);
  words.push(axes.indexOf(walk.domain));
  words.push(indexed.limit);
}

/** Where, inside (low, high) on an axis of the domain, an operand goes from one block to the next. */
function blockBorders(blocked: readonly Load[], domain: number, low: number, high: number): number[] {
  const found = new Set<number>();
  for (const { source, access } of blocked) {
    access.forEach((a, axis) => {
      if (a.domain !== domain) return;
      const first = a.start + a.step * low;
      const last = a.start + a.step * (high - 1);
      const borders = (source as Stored).grid[axis]!;
      for (let b = cellOf(borders, Math.min(first, last)) + 1; b < borders.length - 1 && borders[b]! <= Math.max(first, last); b++) {
        const x = crossing(a, borders[b]!)!;
        if (x > low && x < high) found.add(x);
      }
    });
  }
  return found.size === 0 ? [] : [...found].sort((a, b) => a - b);
}
