import { logQuotient, pow } from "./libm.js";

/**
 * How many steps a tree reduction takes to fold `blocks` blocks into one, `splitEvery` at a time; at least 1.
 *
 * As Dask counts: the ceiling of a quotient of floating logarithms, so one step more than needed for a few pairs
 * such as (125, 5) and (216, 6).
 */
export function treeDepth(blocks: number, splitEvery: number): number {
  if (blocks <= 1 || splitEvery <= 1) return 1;
  const estimate = Math.log(blocks) / Math.log(splitEvery);
  const lastBitCounts = Math.abs(estimate - Math.round(estimate)) < 1e-9;
  return Math.max(1, Math.ceil(lastBitCounts ? logQuotient(blocks, splitEvery) : estimate));
}

/**
 * How many blocks of each of several axes a step folds, when `splitEvery` is for all of them: its root, cut off, at least 2.
 * 64 on three axes gives 3, as the cube root of 64 comes out below 4 in C.
 */
export function splitPerAxis(splitEvery: number, axes: number): number {
  return Math.max(2, axes <= 1 ? splitEvery : Math.trunc(pow(splitEvery, 1 / axes)));
}
