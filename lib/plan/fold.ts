import type { Emitter } from "./emit.js";
import type { FoldedBox } from "./fold-box.js";
import { FoldResults, type Place, partsOfGroup, type Targets } from "./fold-results.js";
import { type Box, type Grid, indices } from "./grid.js";
import type { Slot } from "./plan.js";

/** A run of the parts that a cell of kept elements is folded in: merged, when all are there, into one result. */
interface Group {
  readonly first: number;
  readonly count: number;
  /** How many parts each of its own groups has. */
  readonly each: number;
  /** Where it is merged to. */
  readonly places: readonly Place[];
  /** What its groups leave, one after the other. */
  readonly partials: readonly Slot[];
  readonly groups: (Group | undefined)[];
  readonly parent: Group | undefined;
  missing: number;
}

/** A cell of kept elements. */
interface Cell {
  readonly targets: Targets;
  /** Undefined when it is folded in one part. */
  readonly root: Group | undefined;
  finished: boolean;
}

/** One of several folds in one pass over a domain. The cells of the domain are folded in any order, as they suit them all. */
export class Fold extends FoldResults {
  #partCounts!: readonly number[];
  readonly #cells = new Map<string, Cell>();

  get #parts(): number {
    return this.#partCounts.reduce((a, b) => a * b, 1);
  }

  /** @param layer of the tasks that fold. */
  prepareFor(grid: Grid, layer: number, emitter: Emitter): void {
    this.#partCounts = this.axes.map((axis) => grid[axis]!.length - 1);
    this.prepare(grid, this.#parts, layer, emitter);
  }

  /** The cells of the domain that a cell of kept elements is folded from. */
  *partsOf(cell: readonly number[]): Generator<readonly number[]> {
    for (const part of indices(this.#partCounts)) {
      yield this.domain.map((_, axis) => (this.axes.includes(axis) ? part[this.axes.indexOf(axis)]! : cell[this.kept.indexOf(axis)]!));
    }
  }

  /** Where the task that folds a cell of the domain leaves the fields. */
  folding(index: readonly number[], box: Box, emitter: Emitter): FoldedBox {
    const cell = this.#cell(index, emitter);
    const { capacity } = cell.targets;
    const state = this.state(box);
    if (cell.root === undefined) return { capacity, places: cell.targets.places, state };
    const part = this.#partOf(index);
    const group = this.#groupOf(cell, part, emitter);
    const offset = Math.floor((part - group.first) / group.each) * capacity;
    return { capacity, places: group.partials.map((slot) => ({ slot, offset })), state };
  }

  /** Emits what is left to do when a cell of the domain has been folded: groups of partial results are merged as they come, so that few are held. */
  folded(index: readonly number[], emitter: Emitter): void {
    const cell = this.#cell(index, emitter);
    let group = cell.root === undefined ? undefined : this.#groupOf(cell, this.#partOf(index), emitter);
    for (; group !== undefined; group = group.parent) {
      if (--group.missing > 0) return;
      this.merge(group.groups.length, cell.targets.capacity, group.partials, group.places, emitter);
    }
    cell.targets.finish();
    cell.finished = true;
  }

  isFinished(cell: readonly number[]): boolean {
    return this.#cells.get(cell.join())?.finished === true;
  }

  #partOf(index: readonly number[]): number {
    return this.axes.reduce((n, axis, i) => n * this.#partCounts[i]! + index[axis]!, 0);
  }

  /** The innermost group of a part. */
  #groupOf(cell: Cell, part: number, emitter: Emitter): Group {
    let group = cell.root!;
    while (group.each > 1) {
      const at = Math.floor((part - group.first) / group.each);
      const places = group.partials.map((slot) => ({ slot, offset: at * cell.targets.capacity }));
      const count = Math.min(group.each, group.count - at * group.each);
      if (count === 1) return group;
      group = group.groups[at] ??= this.#group(group.first + at * group.each, count, cell.targets.capacity, places, group, emitter);
    }
    return group;
  }

  #group(first: number, count: number, capacity: number, places: readonly Place[], parent: Group | undefined, emitter: Emitter): Group {
    const each = partsOfGroup(count);
    const groups = Math.ceil(count / each);
    return { first, count, each, places, partials: this.partials(groups, capacity, emitter), groups: new Array<undefined>(groups), parent, missing: groups };
  }

  #cell(index: readonly number[], emitter: Emitter): Cell {
    const at = this.kept.map((axis) => index[axis]!);
    const key = at.join();
    let found = this.#cells.get(key);
    if (found === undefined) {
      const targets = this.targets(at, emitter);
      const root = this.#parts === 1 ? undefined : this.#group(0, this.#parts, targets.capacity, targets.places, undefined, emitter);
      this.#cells.set(key, (found = { targets, root, finished: false }));
    }
    return found;
  }
}
