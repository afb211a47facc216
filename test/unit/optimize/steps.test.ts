import { expect, it } from "vitest";
import { slice } from "../../../lib/expr/build.js";
import type { Expr } from "../../../lib/expr/expr.js";
import { MapOp } from "../../../lib/expr/map.js";
import { ORDER, runPasses } from "../../../lib/optimize/pipeline.js";
import { buffer, op, scalar } from "../../support/exprs.js";

function chain(length: number): Expr {
  let x: Expr = buffer([1000]);
  for (let i = 0; i < length; i++) x = op("add", x, scalar(i + 1));
  return slice(x, 0, 3, 2, 100);
}

function pieces(length: number): number {
  const work = runPasses([chain(length)], ORDER, false);
  let count = 0;
  while (!work.next().done) count++;
  return count;
}

it("the longer an expression, the more pauses, in proportion", () => {
  const [one, four] = [pieces(500), pieces(2000)];
  expect(one).toBeGreaterThan(20);
  expect(four / one).toBeGreaterThan(3);
  expect(four / one).toBeLessThan(4.5);
});

it("no piece makes more nodes than a pause is apart", () => {
  const work = runPasses([chain(2000)], ORDER, false);
  let made = 0;
  const { withInputs } = MapOp.prototype;
  MapOp.prototype.withInputs = function (inputs) {
    made++;
    return withInputs.call(this, inputs);
  };
  try {
    for (;;) {
      made = 0;
      const done = work.next().done;
      expect(made).toBeLessThan(600);
      if (done) break;
    }
  } finally {
    MapOp.prototype.withInputs = withInputs;
  }
});
