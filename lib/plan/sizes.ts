// How finely plans cut work and memory. Tests of small arrays put smaller numbers in their place.

/**
 * A cell should take a thread about a millisecond: long against the cost of a task (some microseconds on the JavaScript side, one on the
 * other), short against the wait for the last thread.
 */
export const CELL_NS = 1_000_000;
/** From so many cells on, those of folds, which leave little in memory, are larger: so many times at most. */
export const MANY_CELLS = 128;
export const LONGER_CELL = 3;
export const SMALLEST_CELL = 1 << 14;
export const LARGEST_CELL = 1 << 21;
/** A plan of more tasks than this would cost the JavaScript thread more than it gains. */
export const MOST_CELLS = 1 << 13;
/** Sides of square cells are multiples of this. */
export const CELL_SIDE = 64;
/** Elements of a square cell at most: it and its mirror image, which is computed next, read the same memory, from cache the second time. */
export const SQUARE_CELL = 2 ** 18;
/** Kept elements that a reducer's cell has when it folds rows below each other: some rows of cache lines, a state that stays in L1. */
export const KEPT_RUN = 2048;
/** And at most: the state has to stay in L2. */
export const MOST_KEPT = 1 << 15;

/** Partial results that a task merges. */
export const MERGED_AT_ONCE = 64;

/** Runs of the last axis that a pass with several folds has at least: some pages. */
export const SHARED_RUN = 1024;
/** Partial results for an element of the domain, above which a pass of its own is cheaper. */
export const MOST_PARTIALS = 1 / 64;

/** Cells whose elements are read from a file, which takes long runs, and several cells in memory at once. */
export const SMALLEST_FILE_CELL = 1 << 20;
export const LARGEST_FILE_CELL = 1 << 22;
export const FILE_SIDE = 1024;

/** Side of a cell of a matrix product. */
export const PRODUCT_SIDE = 768;
export const MANY_PRODUCT_CELLS = 64;
/** Rows and columns in multiples of this suit the kernel. */
export const PRODUCT_TILE = 24;
/** Multiplications that are worth a part of k of their own, and the shortest such part. */
export const PRODUCT_PART = 2 ** 24;
export const PRODUCT_DEPTH = 512;

/** Operands and results of a product that are larger are taken block by block. */
export const LARGE_PRODUCT_BYTES = 2 ** 28;
/** Side of those blocks: twenty floating point operations and more for a byte that is read. */
export const PRODUCT_BLOCK = 2048;

/** Bytes of a cell of a scan: what it writes is still in the last cache for whoever reads it next. In L2 it would be half as many, and twice the tasks. */
export const CHAIN_BYTES = 2 ** 21;
/** And where the scan is fused with what folds it, and nothing is written. */
export const FUSED_CHAIN_BYTES = 2 ** 23;
/** Lanes of such a cell that lie side by side, fewest and most, and lanes below each other. */
export const CHAIN_RUN = [256, 1024] as const;
export const CHAIN_ROWS = 64;
/** Chains of cells that can be at work at once, so that a scan need not be cut otherwise. */
export const FEWEST_CHAINS = 8;

/** A row longer than this is searched in pieces, at the same time. */
export const LONG_ROW = 1 << 20;
/** Elements that tell where the quantiles of a long row lie, roughly. */
export const ROW_SAMPLE = 1 << 17;

/** Small arrays are kept in one piece: blocks would only cost. */
export const ONE_PIECE_BYTES = 2 ** 22;

/** Smaller blocks are not worth a write to the spill file. */
export const SPILLED_BYTES = 2 ** 16;
