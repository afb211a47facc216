// In place of lib/plan/sizes.ts: plans cut arrays of a hundred elements as they would cut large ones. For vi.mock.
export const CELL_NS = 8;
export const SMALLEST_CELL = 8;
export const LARGEST_CELL = 64;
export const MOST_CELLS = 1 << 13;
export const CELL_SIDE = 2;
export const KEPT_RUN = 3;
export const MOST_KEPT = 6;
export const SMALLEST_FILE_CELL = 12;
export const LARGEST_FILE_CELL = 64;
export const FILE_SIDE = 4;
export const PRODUCT_SIDE = 3;
export const PRODUCT_PART = 8;
export const PRODUCT_DEPTH = 2;
export const LARGE_PRODUCT_BYTES = 600;
export const PRODUCT_BLOCK = 4;
export const PRODUCT_PANEL = 3;
export const ONE_PIECE_BYTES = 32;
