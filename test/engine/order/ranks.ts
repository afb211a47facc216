import { describe, expect, test } from "vitest";
import type { AnyArray } from "../../../lib/array/chunked-array.js";
import type { DType } from "../../../lib/core/dtype.js";
import * as nd from "../../../lib/index.js";
import { hashed } from "../../../bench/inputs.js";

/** Rows with a character. */
const KINDS: Readonly<Record<string, (i: number, u: number) => number>> = {
  random: (_, u) => u,
  sorted: (i) => i,
  falling: (i) => -i,
  constant: () => 3,
  few: (_, u) => Math.floor(8 * u),
  zeros: (i, u) => (u > 0.4 ? 1 : i % 2 ? 0 : -0),
  wide: (_, u) => Math.sign(u) * 10 ** (300 * Math.abs(u)),
  infinite: (_, u) => (u > 0.3 ? Infinity : u < -0.3 ? -Infinity : u),
};
const HOLES = [0, 0.001, 0.3, 1];

function rowOf(kind: string, n: number, holes: number, seed: number): Float64Array {
  const u = hashed(new Float64Array(n), seed, false) as Float64Array;
  const h = hashed(new Float64Array(n), seed + 1, false) as Float64Array;
  return u.map((v, i) => (h[i]! + 0.5 < holes ? NaN : KINDS[kind]!(i, v)));
}

const compare = (a: number, b: number): number => (Number.isNaN(a) ? (Number.isNaN(b) ? 0 : 1) : Number.isNaN(b) ? -1 : a < b ? -1 : a > b ? 1 : 0);

/** numpy.quantile's "linear" of sorted numbers. */
function linear(sorted: ArrayLike<number>, q: number): number {
  const n = sorted.length;
  if (n === 0) return NaN;
  const index = (n - 1) * q;
  if (q === 0 || q === 1) return sorted[index]!;
  const low = Math.min(Math.floor(index), n - 1);
  const high = Math.min(low + 1, n - 1);
  const [a, b, t] = [sorted[low]!, sorted[high]!, index - low];
  const difference = b - a;
  return t >= 0.5 ? b - difference * (1 - t) : a + difference * t;
}

const values = async (x: AnyArray): Promise<number[]> => {
  const got = await x.compute();
  return got instanceof nd.NDArray ? Array.from(got.data as ArrayLike<number | bigint>, Number) : [Number(got)];
};
const same = (a: number, b: number): boolean => a === b || (Number.isNaN(a) && Number.isNaN(b));

/** Declares the tests of quantiles and largest elements over rows of these lengths. */
export function checkRanks(title: string, lengths: readonly number[], kinds: readonly string[] = Object.keys(KINDS), holed: readonly number[] = HOLES): void {
  describe.each(kinds)(`%s rows, ${title}`, (kind) => {
    test.each(lengths)("of %d have the quantiles that sorting gives", async (n) => {
      for (const holes of holed) {
        const row = rowOf(kind, n, holes, n);
        const sorted = row.filter((v) => !Number.isNaN(v)).sort();
        const q = [0.5, 0, 0.01, 0.99, 0.25, 1, 0.75, 0.333];
        const wanted = q.map((p) => linear(sorted, p));
        const x = nd.fromArray(row, { chunks: Math.ceil(n / 3) });
        const forms = { memory: x, computed: nd.negative(nd.negative(x)), reversed: nd.flip(x) } as unknown as Record<string, AnyArray>;
        for (const [form, y] of Object.entries(forms)) {
          const got = await values(nd.nanquantile(y, q));
          expect(got.every((v, i) => same(v, wanted[i]!)), `${form}, ${holes} NaN: ${got.join()} for ${wanted.join()}`).toBe(true);
          const plain = await values(nd.quantile(y, 0.25));
          expect(plain[0]! + 0, `${form}, ${holes}`).toBe(sorted.length < n ? NaN : wanted[4]! + 0);
          const [low, high] = [(n: number) => sorted[Math.floor((n - 1) / 2)]!, (n: number) => sorted[Math.ceil((n - 1) / 2)]!].map((f) => f(sorted.length));
          const middle = sorted.length === 0 ? NaN : low === high ? low! : (low! + high!) / 2;
          expect((await values(nd.nanmedian(y)))[0]! + 0, `${form}, ${holes}, median`).toBe(middle + 0);
          expect((await values(nd.nanquantile(y, 0.5, { method: "lower" })))[0]! + 0).toBe((low ?? NaN) + 0);
        }
      }
    });
    test.each(lengths)("of %d have the largest and the smallest that sorting gives", async (n) => {
      for (const dtype of ["float64", "float32", "int32"] as DType[]) {
        for (const holes of dtype === "int32" ? [0] : holed) {
          const float = rowOf(kind, n, holes, n + 7);
          const row = dtype === "float32" ? Float32Array.from(float) : dtype === "int32" ? Int32Array.from(float, (v) => Math.max(-1e9, Math.min(1e9, 1000 * v))) : float;
          // Only the ends are sorted of what is long: those beyond the 200th element from either end are none of the first 100.
          const bounds = n > 4000 ? row.toSorted() : undefined;
          const reals = bounds === undefined ? 0 : bounds.findLastIndex((v) => !Number.isNaN(v)) + 1;
          const places = Array.from(row, (_, i) => i);
          const near = (far: (v: number) => boolean): number[] => (bounds === undefined ? places.slice() : places.filter((i) => !far(row[i]!)));
          const order = near((v) => v > bounds![Math.min(200, reals - 1)]! || (Number.isNaN(v) && reals > 200)).sort((i, j) => compare(row[i]!, row[j]!) || i - j);
          const backwards = near((v) => v < bounds![Math.max(0, reals - 200)]! || (!Number.isNaN(v) && n - reals > 200)).sort((i, j) => compare(row[j]!, row[i]!) || i - j);
          const x = nd.fromArray(row, { chunks: Math.ceil(n / 4) }) as AnyArray;
          for (const k of [1, 5, -3, 100, -n]) {
            if (Math.abs(k) > 1000) continue;
            const wanted = (k > 0 ? backwards : order).slice(0, Math.abs(k));
            for (const y of [x, nd.negative(nd.negative(x)) as AnyArray]) {
              expect(await values(nd.argtopk(y, k)), `argtopk(${k}) of ${dtype}, ${holes} NaN`).toEqual(wanted);
              const got = await values(nd.topk(y, k));
              expect(got.length).toBe(wanted.length);
              expect(got.every((v, i) => same(v, row[wanted[i]!]!)), `topk(${k}) of ${dtype}, ${holes} NaN`).toBe(true);
            }
          }
        }
      }
    });
  });
}
