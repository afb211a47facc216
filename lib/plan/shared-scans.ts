import type { Expr } from "../expr/expr.js";
import type { Node } from "../expr/node.js";
import type { Reduce } from "../expr/reduce.js";
import { type Access, accessKey, identityAccess, throughView } from "./access.js";

/** Reductions that one pass computes at most: each wants a state, and the registers of all should stay in cache. */
const MOST_TOGETHER = 24;
/** How many nodes down sources are looked for. */
const FAR = 256;

/** Reductions that fold in one pass. */
export interface Scan {
  readonly reduces: readonly string[];
  readonly sources: ReadonlySet<string>;
}

/**
 * Which reductions fold in one pass: those over one domain and the same axes, none of which depends on another's result, that read a source
 * together (the means of x, of y and of x·y are one pass over x and y).
 */
export class SharedScans {
  readonly #byDomain = new Map<string, Scan[]>();
  readonly #byToken = new Map<string, Scan>();

  /** @param level reductions of one level do not depend on each other. */
  add(node: Reduce, level: number): void {
    const input = node.inputs[0]!;
    const key = `${level}|${input.shape.join()}|${node.axes.join()}`;
    let scan: Scan = { reduces: [node.token], sources: sourcesOf(input) };
    const apart: Scan[] = [];
    for (const other of this.#byDomain.get(key) ?? []) {
      const room = scan.reduces.length + other.reduces.length <= MOST_TOGETHER;
      if (room && [...scan.sources].some((x) => other.sources.has(x))) {
        scan = { reduces: [...scan.reduces, ...other.reduces], sources: new Set([...scan.sources, ...other.sources]) };
      } else apart.push(other);
    }
    this.#byDomain.set(key, [...apart, scan]);
    for (const token of scan.reduces) this.#byToken.set(token, scan);
  }

  of(node: Reduce): Scan {
    return this.#byToken.get(node.token)!;
  }
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
