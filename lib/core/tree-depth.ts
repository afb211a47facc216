import { logQuotient } from "./libm.js";

/**
 * How many steps a tree reduction takes to fold `blocks` blocks into one, `splitEvery` at a time; at least 1.
 *
 * As Dask counts: the ceiling of a quotient of floating logarithms, so one step more than needed for a few pairs
 * such as (125, 5) and (216, 6).
 */
export function treeDepth(blocks: number, splitEvery: number): number {
  if (blocks <= 1 || splitEvery <= 1) return 1;
  return Math.max(1, Math.ceil(logQuotient(blocks, splitEvery)));
}
