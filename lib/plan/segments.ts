import { File } from "../expr/file.js";
import type { FileBlocks } from "./files.js";
import { crossing } from "./fusion.js";
import { type Box, cellOf, indices } from "./grid.js";
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
): number {
  const borders = box.low.map((low, axis) => [low, ...blockBorders(template.loads, axis, low, box.high[axis]!), box.high[axis]!]);
  let count = 0;
  for (const index of indices(borders.map((b) => b.length - 1))) {
    const low = index.map((i, axis) => borders[axis]![i]!);
    const relative = low.map((x, axis) => x - box.low[axis]!);
    count++;
    words.push(Math.max(1, axes.length));
    if (axes.length === 0) words.push(1);
    for (const axis of axes) words.push(borders[axis]![index[axis]! + 1]! - low[axis]!);
    const steps = (byAxis: ArrayLike<number>): void => {
      if (axes.length === 0) words.push(0);
      for (const axis of axes) words.push(byAxis[axis]!);
    };
    for (const load of template.loads) writeLoad(words, load, low, axes, slots, files, steps);
    for (const g of template.generators) {
      words.push(dot(g.first, g.steps, low));
      steps(g.steps);
    }
    for (const store of stores) {
      words.push(store.slot.id);
      words.push(dot(store.offset, store.strides, relative));
      steps(store.strides);
    }
    for (const fold of folds) {
      words.push(dot(0, fold.keptStrides, relative));
      steps(fold.keptStrides);
      words.push(dot(fold.indexFirst, fold.indexSteps, low));
      steps(fold.indexSteps);
    }
  }
  return count;
}

const dot = (first: number, steps: readonly number[], x: readonly number[]): number => steps.reduce((n, s, axis) => n + s * x[axis]!, first);

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
  words: Words, load: Load, low: readonly number[], axes: readonly number[], slots: SlotReader, files: FileBlocks, write: (s: ArrayLike<number>) => void,
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
  words.push(offset);
  write(byDomain);
  if (indexed === undefined) return;
  const { index, walk } = indexed;
  words.push(index instanceof Stored ? slots.blockId(index, [0]) : slots.bufferId(index));
  words.push((index instanceof Stored ? 0 : index.offset) + walk.start + walk.step * low[walk.domain]!);
  words.push(axes.indexOf(walk.domain));
  words.push(indexed.limit);
}

/** Where, inside (low, high) on an axis of the domain, an operand goes from one block to the next. */
function blockBorders(loads: readonly Load[], domain: number, low: number, high: number): number[] {
  const found = new Set<number>();
  for (const { source, access } of loads) {
    if (!(source instanceof Stored) || source.whole) continue;
    access.forEach((a, axis) => {
      if (a.domain !== domain) return;
      const first = a.start + a.step * low;
      const last = a.start + a.step * (high - 1);
      const borders = source.grid[axis]!;
      for (let b = cellOf(borders, Math.min(first, last)) + 1; b < borders.length - 1 && borders[b]! <= Math.max(first, last); b++) {
        const x = crossing(a, borders[b]!)!;
        if (x > low && x < high) found.add(x);
      }
    });
  }
  return found.size === 0 ? [] : [...found].sort((a, b) => a - b);
}
