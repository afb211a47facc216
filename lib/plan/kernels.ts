/** The kernels over whole blocks, in the order of `enum class BlockKernel` (native/kernels/table.h). */
const BLOCK_KERNELS = [
  "scanSum", "scanProd", "matmul", "compressFlat", "nonzero", "topk", "argtopk", "quantile",
  "quantileBrackets", "quantileCandidates", "quantileSelect", "histogram",
] as const;
export type BlockKernel = (typeof BLOCK_KERNELS)[number];
export const kernelIndex = (kernel: BlockKernel): number => BLOCK_KERNELS.indexOf(kernel);
