import { overdue, type Steps } from "../core/steps.js";
import type { Concat } from "../expr/concat.js";
import type { Expr } from "../expr/expr.js";
import { File } from "../expr/file.js";
import type { Node } from "../expr/node.js";
import { contiguousStrides } from "../core/shape.js";
import { type Access, accessKey, affine, identityAccess, isIdentityAccess, throughView } from "./access.js";
import type { Emitter } from "./emit.js";
import { type Box, cellBox, cellsPerAxis, type Grid, indices, mergeBorders, volume } from "./grid.js";
import { compile, type Load, type ReducerSink, type Template } from "./program.js";
import { Stored } from "./stored.js";

export interface Layout {
  readonly axes: readonly number[];
  readonly square: boolean;
  /** Whether elements are read from a file: then runs should be long. */
  readonly fromFile: boolean;
}

interface Compiled {
  readonly template: Template;
  readonly program: number;
}

/** Expressions over one domain, fused: where concatenations cut it, and a program for each piece. */
export class Fusion {
  /** Where the domain has to be cut, axis by axis. */
  cuts!: readonly (readonly number[])[];
  /** The program of the largest piece: what the others are like. */
  main!: Template;
  readonly #compiled = new Map<string, Compiled>();

  private constructor(
    readonly stores: readonly Expr[],
    readonly reducers: readonly ReducerSink[],
    readonly domain: readonly number[],
    readonly emitter: Emitter,
    readonly own: Expr | undefined,
  ) {}

  /** @param own the node that the stage at hand stores: here it is computed, not read. */
  static *of(stores: readonly Expr[], reducers: readonly ReducerSink[], domain: readonly number[], emitter: Emitter, own?: Expr): Steps<Fusion> {
    const fusion = new Fusion(stores, reducers, domain, emitter, own);
    fusion.cuts = yield* fusion.#findCuts();
    fusion.main = (yield* fusion.at(largest(fusion.pieces).low)).template;
    yield;
    return fusion;
  }

  /** The program for the piece of the domain that a box lies in. */
  *at(low: readonly number[]): Steps<Compiled> {
    const key = this.cuts.every((c) => c.length === 0) ? "" : this.cuts.map((c, axis) => c.filter((x) => x <= low[axis]!).length).join();
    let found = this.#compiled.get(key);
    if (found === undefined) {
      const pick = (concat: Concat, access: Access): number => pickInput(concat, access, low);
      const template = yield* compile(this.stores, this.reducers, identityAccess(this.domain.length), { stored: (x) => this.#stored(x), pick });
      found = { template, program: this.emitter.addProgram(template) };
      this.#compiled.set(key, found);
    }
    return found;
  }

  /** The boxes that concatenations cut the domain into. */
  get pieces(): Box[] {
    const grid = this.domain.map((n, axis) => [0, ...this.cuts[axis]!, n]);
    return Array.from(indices(cellsPerAxis(grid)), (index) => cellBox(grid, index));
  }

  cut(grid: Grid): Grid {
    return grid.map((borders, axis) => mergeBorders(borders, this.cuts[axis]!));
  }

  /**
   * How to walk the domain: its axes as they lie in memory, outermost first, by the operand that is read throughout (for a stage that stores: by what
   * it writes). When some other operand has its neighbours along another axis, the two are the last, and `square` is true.
   */
  get layout(): Layout {
    return (this.#layout ??= this.#findLayout());
  }
  #layout: Layout | undefined;
  #findLayout(): Layout {
    const ndim = this.domain.length;
    const axes = this.domain.map((_, axis) => axis);
    const { loads, generators } = this.main;
    const strides = loads.map((load) => stridesAlongDomain(load, ndim));
    if (this.stores.length === 0) {
      const main = [...strides, ...generators.map((g) => g.steps)].find((s) => axes.every((axis) => this.domain[axis] === 1 || s[axis] !== 0));
      if (main !== undefined) axes.sort((a, b) => Math.abs(main[b]!) - Math.abs(main[a]!) || a - b);
    }
    return withCross(this.domain, axes, strides, loads.some((load) => load.source instanceof File));
  }

  /** The cells of an array of the domain's shape that the program reads place for place, if there is one. */
  alignedGrid(): Grid | undefined {
    for (const load of this.main.loads) {
      if (load.source instanceof Stored && !load.source.whole && isIdentityAccess(load.access) && load.access.length === this.domain.length &&
        this.domain.every((n, axis) => n === (load.source as Stored).shape[axis])) return load.source.grid;
    }
    return undefined;
  }

  #stored(node: Expr): Stored | undefined {
    return node.token === this.own?.token ? undefined : this.emitter.stored(node);
  }

  *#findCuts(): Steps<number[][]> {
    const cuts = this.domain.map(() => new Set<number>());
    const seen = new Set<string>();
    const stack: [Expr, Access][] = [...this.stores, ...this.reducers.flatMap((r) => r.inputs)].map((x) => [x, identityAccess(this.domain.length)]);
    while (stack.length > 0) {
      const [node, access] = stack.pop()! as [Node, Access];
      const key = `${node.token}|${accessKey(access)}`;
      if (seen.has(key) || this.#stored(node) !== undefined) continue;
      seen.add(key);
      if (overdue()) yield;
      if (node.kind === "view") stack.push([node.inputs[0]!, throughView(node, access)]);
      else if (node.kind === "map" || node.kind === "cast") node.inputs.forEach((x) => stack.push([x, access]));
      else if (node.kind === "concat") {
        let border = 0;
        for (const input of node.inputs) {
          const low = border;
          stack.push([input, access.map((a, axis) => (axis === node.axis ? { ...a, start: a.start - low } : a))]);
          border += input.shape[node.axis]!;
          const x = crossing(access[node.axis]!, border);
          const d = access[node.axis]!.domain;
          if (x !== undefined && x > 0 && x < this.domain[d]!) cuts[d]!.add(x);
        }
      }
    }
    return cuts.map((set) => [...set].sort((a, b) => a - b));
  }
}

/** The first domain coordinate on the far side of a border, as the walk meets it. */
export function crossing(a: Access[number], border: number): number | undefined {
  if (a.domain < 0) return undefined;
  return a.step > 0 ? Math.ceil((border - a.start) / a.step) : Math.floor((a.start - border) / -a.step) + 1;
}

function pickInput(concat: Concat, access: Access, low: readonly number[]): number {
  const a = access[concat.axis]!;
  const coordinate = a.start + (a.domain < 0 ? 0 : a.step * low[a.domain]!);
  let end = 0;
  return concat.inputs.findIndex((x) => (end += x.shape[concat.axis]!) > coordinate);
}

/** Axes in the order to walk them; when an operand (`strides` along the domain) has its neighbours along another than the last, that one is the last but one. */
export function withCross(domain: readonly number[], axes: readonly number[], strides: readonly (readonly number[])[], fromFile: boolean): Layout {
  const last = axes[axes.length - 1]!;
  const cross = strides.map((s) => s.findIndex((x, axis) => Math.abs(x) === 1 && domain[axis]! > 1 && s[last] !== 0))
    .find((axis) => axis >= 0 && axis !== last);
  if (cross === undefined) return { axes, square: false, fromFile };
  return { axes: [...axes.filter((axis) => axis !== cross && axis !== last), cross, last], square: true, fromFile };
}

function stridesAlongDomain({ source, access }: Load, ndim: number): number[] {
  return affine(access, stridesOf(source), ndim).steps;
}

const stridesOf = (source: Load["source"]): readonly number[] =>
  source instanceof Stored ? source.strides(source.blockCounts.map(() => 0)) : source instanceof File ? contiguousStrides(source.shape) : source.strides;

const largest = (boxes: readonly Box[]): Box => boxes.reduce((a, b) => (volume(b) > volume(a) ? b : a));
