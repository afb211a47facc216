import { drain } from "../../lib/core/steps.js";
import { full, map, slice } from "../../lib/expr/build.js";
import { Concat } from "../../lib/expr/concat.js";
import type { Expr } from "../../lib/expr/expr.js";
import { Iota } from "../../lib/expr/iota.js";
import { Reduce } from "../../lib/expr/reduce.js";
import { optimize } from "../../lib/optimize/pipeline.js";
import { postorder } from "../../lib/optimize/rewrite.js";
import { duration, table } from "../measure.js";

const add = (x: Expr, y: Expr | number): Expr =>
  map("add", "float64", "float64", [x, typeof y === "number" ? full([], "float64", y) : y], x.shape);
const source = (n: number): Expr => map("sqrt", "float64", "float64", [new Iota([n])], [n]);
const times = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);

const SHAPES: readonly [string, (n: number) => Expr[]][] = [
  ["a chain of operations", (n) => [times(n / 2).reduce<Expr>(add, source(1000))]],
  ["a slice of it", (n) => [slice(times(n / 2).reduce<Expr>(add, source(1000)), 0, 5, 1, 10)]],
  ["many folds of one array", (n) => {
    const x = source(1000);
    return times(n / 4).map((i) => new Reduce("max", slice(add(x, i), 0, 1, 1, 900), [0]));
  }],
  ["many arrays joined", (n) => [new Concat(times(n / 3).map((i) => add(source(10), i)), 0)]],
  ["stencil upon stencil", (n) => {
    let x = source(n);
    for (let left = n / 6; left > 0; left--) {
      const inner = x.shape[0]! - 2;
      x = add(add(slice(x, 0, 0, 1, inner), slice(x, 0, 1, 1, inner)), slice(x, 0, 2, 1, inner));
    }
    return [x];
  }],
];

/** What optimising costs, in processor time of the JavaScript thread: in proportion to the nodes, or something has gone wrong. */
export function optimizer(): void {
  const rows = [["optimising", "nodes", "a node", "nodes", "a node"]];
  for (const [name, make] of SHAPES) {
    rows.push([name, ...[1000, 10_000].flatMap((n) => {
      let best = Infinity;
      let nodes = 0;
      for (let i = 0; i < 7; i++) {
        const roots = make(n);
        nodes = postorder(roots).length;
        const start = process.cpuUsage().user;
        drain(optimize(roots));
        best = Math.min(best, process.cpuUsage().user - start);
      }
      return [String(nodes), duration(best / 1e6 / nodes)];
    })]);
  }
  console.log(table(rows));
}
