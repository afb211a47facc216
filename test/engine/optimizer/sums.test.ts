import { describe, expect, test } from "vitest";
import * as nd from "../../../lib/index.js";

const SPECIAL = [0, -0, 1, -1, 0.1, -0.3, 1e-310, 5e-324, 1.7e308, -1.7e308, Infinity, -Infinity, NaN, 2 ** 53, 1 / 3];

/** Bits, with one NaN for all. */
const bits = (data: Float64Array | Float32Array): number[] => [...new Uint8Array(data.map((x) => (Number.isNaN(x) ? NaN : x)).buffer)];

describe.each(["float64", "float32"] as const)("sums of sums of %s, joined", (dtype) => {
  const n = SPECIAL.length ** 3;
  const operand = (step: number): nd.ChunkedArray =>
    nd.fromArray(new (dtype === "float64" ? Float64Array : Float32Array)(Array.from({ length: n }, (_, i) => SPECIAL[Math.floor(i / step) % SPECIAL.length]!)), { chunks: 100 });
  const [a, b, c] = [operand(1), operand(SPECIAL.length), operand(SPECIAL.length ** 2)];

  test.each([
    ["(a + b) + c", () => a.add(b).add(c)],
    ["c + (a + b)", () => c.add(a.add(b))],
    ["(a + b) − c", () => a.add(b).sub(c)],
    ["((a + b) + c) + a − b", () => a.add(b).add(c).add(a).sub(b)],
  ])("%s has the bits of one step after the other", async (_, make) => {
    const x = make();
    expect(x.explain().programs.join()).toMatch(/add_(add|subtract)/);
    const joined = await x.compute();
    const apart = await x.compute({ optimizeGraph: false });
    expect(joined.dtype).toBe(dtype);
    expect(bits(joined.data as Float64Array)).toEqual(bits(apart.data as Float64Array));
  });
});
