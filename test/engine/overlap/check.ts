import { describe, expect, test } from "vitest";
import * as nd from "../../../lib/index.js";
import type { AnyArray } from "../../../lib/array/chunked-array.js";
import type { Boundary } from "../../../lib/api/overlap/map-overlap.js";

const value = (i: number): number => ((i * 7919) % 101) - 50;

/** The element that stands at a coordinate beyond the edges. */
function at(x: (i: number) => number, n: number, i: number, kind: Boundary): number {
  if (i >= 0 && i < n) return x(i);
  if (kind === "nearest") return x(i < 0 ? 0 : n - 1);
  if (kind === "periodic") return x((i + n) % n);
  if (kind === "reflect") return x(i < 0 ? -i - 1 : 2 * n - 1 - i);
  return Number(kind);
}

/** Stencils against loops that spell them out. */
export function checkOverlap(how: string): void {
  describe(how, () => {
    test.each(["nearest", "periodic", "reflect", 3] as Boundary[])("five points, boundary %s: the same values by slices and by roll", async (boundary) => {
      const [n, m] = [23, 37];
      const x = nd.fromArray(Float64Array.from({ length: n * m }, (_, i) => value(i)), { shape: [n, m], chunks: [7, 10] }) as AnyArray;
      const sliced = x.mapOverlap((p: AnyArray) =>
        p.get(":-2", "1:-1").add(p.get("2:", "1:-1")).add(p.get("1:-1", ":-2")).add(p.get("1:-1", "2:")).subtract(p.get("1:-1", "1:-1").multiply(4)),
      { depth: 1, boundary });
      const rolled = x.mapOverlap((p: AnyArray) =>
        nd.roll(p, 1, { axis: 0 }).add(nd.roll(p, -1, { axis: 0 })).add(nd.roll(p, 1, { axis: 1 })).add(nd.roll(p, -1, { axis: 1 })).subtract(p.multiply(4)),
      { depth: 1, boundary });
      const here = (i: number, j: number): number => at((r) => at((c) => value(r * m + c), m, j, boundary), n, i, boundary);
      const want = Array.from({ length: n }, (_, i) => Array.from({ length: m }, (_, j) => here(i - 1, j) + here(i + 1, j) + here(i, j - 1) + here(i, j + 1) - 4 * here(i, j)));
      expect((await sliced.compute()).toNested()).toEqual(want);
      expect((await rolled.compute()).toNested()).toEqual(want);
      const squares = want.flat().reduce((a, b) => a + b * b, 0);
      for (const y of [sliced, rolled]) expect(Number(await y.multiply(y).sum().compute())).toBe(squares);
    });

    test("of what is computed, and of another stencil: the same as of the elements", async () => {
      const cross = (p: AnyArray): AnyArray => p.get(":-2", "1:-1").add(p.get("2:", "1:-1")).add(p.get("1:-1", ":-2")).subtract(p.get("1:-1", "2:"));
      const drawn = nd.exp(nd.random.defaultRng(3).normal(0, 1, { size: [40, 50], chunks: 9 })) as AnyArray;
      const there = nd.asarray(await drawn.compute()) as AnyArray;
      for (const boundary of ["nearest", "periodic", 2] as Boundary[]) {
        const twice = (x: AnyArray): AnyArray => x.mapOverlap(cross, { depth: 1, boundary }).mapOverlap(cross, { depth: 1, boundary });
        expect((await twice(drawn).compute()).toNested()).toEqual((await twice(there).compute()).toNested());
        const square = (x: AnyArray): AnyArray => x.mapOverlap(cross, { depth: 1, boundary });
        const [a, b] = [drawn, there].map((x) => square(x).multiply(square(x)).sum());
        const [lazy, known] = [Number(await a!.compute()), Number(await b!.compute())];
        expect(Math.abs(lazy - known)).toBeLessThan(1e-12 * known);
      }
    });

    test("a depth of more than a chunk, by axis, and nothing beyond the edges", async () => {
      const x = nd.arange(60, { dtype: "float64" }).reshape([5, 12]).rechunk([2, 4]) as AnyArray;
      const far = x.mapOverlap((p: AnyArray) => p.get(":", ":-10").add(p.get(":", "10:")), { depth: { 1: 5 }, boundary: { 1: "reflect" } });
      expect(far.chunks).toEqual([[2, 2, 1], [12]]);
      const want = Array.from({ length: 5 }, (_, i) => Array.from({ length: 12 }, (_, j) => [j - 5, j + 5].reduce((s, k) => s + at((c) => 12 * i + c, 12, k, "reflect"), 0)));
      expect((await far.compute()).toNested()).toEqual(want);
      const inside = x.mapOverlap((p: AnyArray) => p.cumsum({ axis: 1 }), { depth: [0, 1] });
      expect((await inside.compute()).toNested()).toEqual((await x.cumsum({ axis: 1 }).compute()).toNested());
    });
  });
}
