import type { Expr } from "../expr/expr.js";
import type { Node } from "../expr/node.js";
import type { Reduce } from "../expr/reduce.js";
import { type Access, accessKey, identityAccess, throughView } from "./access.js";
import { sharedCells } from "./cells.js";
import { MOST_PARTIALS } from "./sizes.js";

/** Reducers that one pass has at most: each wants a state, and the registers of all should stay in cache. */
const MOST_REDUCERS = 24;
/** As many as a program may have (docs/plan-format.md). */
const MOST_FOLDS = 8;
/** Bytes of a partial result: moments have three fields. */
const PARTIAL_BYTES = 24;
/** What all partial results may take, for they may wait for each other until the end. */
const SMALL_BYTES = 64 * 2 ** 20;
/** How many nodes down sources are looked for. */
const FAR = 256;

/** Reductions that fold in one pass. */
export interface Scan {
  readonly sources: ReadonlySet<string>;
  /** By axes. */
  readonly folds: ReadonlyMap<string, { readonly axes: readonly number[]; readonly reducers: ReadonlySet<string> }>;
  readonly reduces: readonly Reduce[];
}

/**
 * Which reductions fold in one pass: those over one domain, none of which depends on another's result, that read a source together (the means of x,
 * of y and of x·y are one pass over x and y). They may fold different axes when that leaves few partial results.
 */
export class SharedScans {
  readonly #byDomain = new Map<string, Scan[]>();
  readonly #byToken = new Map<string, Scan>();

  /** @param level reductions of one level do not depend on each other. */
  add(node: Reduce, level: number): void {
    const input = node.inputs[0]!;
    const key = `${level}|${input.shape.join()}`;
    const fold = { axes: node.axes, reducers: new Set([`${node.reducer}|${input.token}`]) };
    let scan: Scan = { sources: sourcesOf(input), folds: new Map([[node.axes.join(), fold]]), reduces: [node] };
    const apart: Scan[] = [];
    for (const other of this.#byDomain.get(key) ?? []) {
      const both = [...scan.sources].some((x) => other.sources.has(x)) ? together(scan, other) : undefined;
      if (both !== undefined && isCheap(both, input.shape)) scan = both;
      else apart.push(other);
    }
    this.#byDomain.set(key, [...apart, scan]);
    for (const { token } of scan.reduces) this.#byToken.set(token, scan);
  }

  of(node: Reduce): Scan {
    return this.#byToken.get(node.token)!;
  }
}

function together(a: Scan, b: Scan): Scan {
  const folds = new Map(a.folds);
  for (const [key, { axes, reducers }] of b.folds) folds.set(key, { axes, reducers: new Set([...(folds.get(key)?.reducers ?? []), ...reducers]) });
  return { sources: new Set([...a.sources, ...b.sources]), folds, reduces: [...a.reduces, ...b.reduces] };
}

function isCheap({ folds }: Scan, shape: readonly number[]): boolean {
  const each = [...folds.values()].map(({ axes, reducers }) => ({ axes, reducers: reducers.size }));
  if (each.reduce((n, f) => n + f.reducers, 0) > MOST_REDUCERS || each.length > MOST_FOLDS) return false;
  if (each.length === 1) return true;
  const { partials } = sharedCells(shape, each, { axes: shape.map((_, axis) => axis), square: false, fromFile: false });
  return partials <= MOST_PARTIALS && partials * shape.reduce((a, b) => a * b, 1) * PARTIAL_BYTES <= SMALL_BYTES;
}

/** What an element-wise expression reads or generates of its own size, each with how it is walked; its own token when there is nothing. */
function sourcesOf(expr: Expr): Set<string> {
  const sources = new Set<string>();
  const seen = new Set<string>();
  const stack: [Node, Access][] = [[expr as Node, identityAccess(expr.ndim)]];
  while (stack.length > 0 && seen.size < FAR) {
    const [node, access] = stack.pop()!;
    const key = `${node.token}|${accessKey(access)}`;
    if (seen.has(key)) continue;
    seen.add(key);
    if (node.kind === "map" || node.kind === "cast") node.inputs.forEach((x) => stack.push([x as Node, access]));
    else if (node.kind === "view") stack.push([node.inputs[0] as Node, throughView(node, access)]);
    else if (node.kind !== "full" && node.size >= expr.size) {
      // Not where it starts: slices of one array that are shifted against each other share nearly all that they read.
      const memory = node.kind === "buffer" ? `${node.source.id} ${node.strides.join()}` : node.token;
      sources.add(`${memory}|${access.map((a) => `${a.domain} ${a.step}`).join()}`);
    }
  }
  return sources.size > 0 ? sources : new Set([expr.token]);
}
