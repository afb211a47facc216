import type { NativeOp } from "../expr/generated/native-ops.js";
import type { Node } from "../expr/node.js";

// Nanoseconds an element, roughly (docs/performance.md). They decide how large cells are and what is worth storing, so
// they are constants: a plan must not depend on the machine.
const SLOW: Partial<Record<NativeOp, number>> = {
  power: 8, arctan2: 6, logaddexp: 8, logaddexp2: 8, hypot: 3, remainder: 3, floor_divide: 3, fmod: 8, i0: 10, sinc: 4,
  sin: 2, cos: 2, tan: 4, sincos: 3, arcsin: 4, arccos: 4, arctan: 4, sinh: 6, cosh: 6, tanh: 6, arcsinh: 8, arccosh: 8, arctanh: 8,
  exp: 2, exp2: 2, expm1: 5, log: 3, log2: 4, log10: 4, log1p: 5, cbrt: 4, sqrt: 0.7, divide: 0.7, nextafter: 2, spacing: 2, ldexp: 2, frexp: 2, modf: 1,
  random_beta: 60, random_binomial: 100, random_gamma: 40, random_geometric: 30, random_logseries: 50, random_negative_binomial: 120,
  random_noncentral_chisquare: 60, random_poisson: 70, random_vonmises: 90, random_zipf: 120,
};

/** An element that a program reads from memory, or from a file that is read for it. */
export const LOAD_NS = 0.15;
export const FILE_LOAD_NS = 0.5;
/** What an element costs a reducer. */
export const REDUCER_NS = 0.2;
/** And a scan that is fused into a program. */
export const SCAN_NS = 0.3;

/** What an element of a node costs by itself, its inputs not counted. */
export function costOf(node: Node): number {
  switch (node.kind) {
    case "map":
      return SLOW[node.op] ?? 0.25;
    case "cast":
      return 0.3;
    case "random":
      return node.generator === "random" || node.generator === "randomBits" || node.generator === "randomFloat32" ? 1
        : node.generator.startsWith("normal") || node.generator.startsWith("exponential") || node.generator === "integers" ? 2 : 30;
    case "reduce":
      return 0.3;
    case "file":
      return 2;
    case "rows":
      return 20;
    case "histogram":
      return 1;
    default:
      return 0.1;
  }
}
