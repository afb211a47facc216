import { map } from "../expr/build.js";
import type { Expr } from "../expr/expr.js";
import { Full } from "../expr/full.js";
import { Cast, MapOp } from "../expr/map.js";
import type { Node } from "../expr/node.js";
import { Reduce } from "../expr/reduce.js";

/** What a reducer makes nothing of. */
const NEUTRAL: Readonly<Record<string, number>> = { sum: 0, prod: 1 };

/**
 * A sum of what a mask selects is a sum with zeros where it does not: nothing has to be selected first. Element-wise operations between the two
 * go along, as long as all that they take is selected by the same mask or is a constant.
 */
export function foldSelections(node: Node): Expr {
  if (node.kind !== "reduce" || NEUTRAL[node.reducer] === undefined || node.axes.length !== 1) return node;
  const all = beforeSelection(node.inputs[0] as Node, 0, new Map());
  if (all === undefined) return node;
  const { values, mask } = all;
  const neutral = new Full([], values.dtype, NEUTRAL[node.reducer]!);
  const chosen = map("where", values.dtype, values.dtype, [mask, values, neutral], values.shape);
  return new Reduce(node.reducer, chosen, values.shape.map((_, axis) => axis), node.field);
}

interface BeforeSelection {
  readonly values: Expr;
  readonly mask: Expr;
}

/** The same operations on what is selected from; undefined when they are not element by element, or too deep to be worth it. */
function beforeSelection(node: Node, depth: number, done: Map<string, BeforeSelection | undefined>): BeforeSelection | undefined {
  if (!done.has(node.token)) done.set(node.token, find(node, depth, done));
  return done.get(node.token);
}

function find(node: Node, depth: number, done: Map<string, BeforeSelection | undefined>): BeforeSelection | undefined {
  if (node.kind === "select") return { values: node.inputs[0]!, mask: node.inputs[1]! };
  if ((node.kind !== "map" && node.kind !== "cast") || depth > 32) return undefined;
  const inputs = node.inputs.map((x) => (x instanceof Full ? x : beforeSelection(x as Node, depth + 1, done)));
  const selected = inputs.filter((x): x is BeforeSelection => x !== undefined && !(x instanceof Full));
  if (selected.length === 0 || inputs.includes(undefined) || selected.some((x) => x.mask.token !== selected[0]!.mask.token)) return undefined;
  const { shape } = selected[0]!.values;
  const values = inputs.map((x) => (x instanceof Full ? new Full(shape, x.dtype, x.value) : (x as BeforeSelection).values));
  const mapped = node.kind === "cast" ? new Cast(values[0]!, node.dtype) : new MapOp(node.op, node.loop, node.dtype, values, node.output);
  return { values: mapped, mask: selected[0]!.mask };
}
