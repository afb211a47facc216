import type { DType } from "../core/dtype.js";
import type { Shape } from "../core/shape.js";
import { Expr } from "./expr.js";

/** The generators of the kernels, in the order of `enum class Generator` (native/kernels/table.h), and what they give. */
export const GENERATORS = {
  iota: "int64",
  randomBits: "uint64",
  random: "float64",
  randomFloat32: "float32",
  normal: "float64",
  normalFloat32: "float32",
  exponential: "float64",
  exponentialFloat32: "float32",
  integers: "int64",
  gamma: "float64",
  poisson: "int64",
  binomial: "int64",
  geometric: "int64",
  hypergeometric: "int64",
  logseries: "int64",
  zipf: "int64",
  vonmises: "float64",
  beta: "float64",
  negativeBinomial: "int64",
  noncentralChisquare: "float64",
  permutation: "int64",
} as const satisfies Record<string, DType>;
export type GeneratorKind = keyof typeof GENERATORS;

export interface RandomParameters {
  /** A stream of its own: the counter-based generator's key, 64 bits. */
  readonly key: bigint;
  /** `integers`: low + uniform in [0, range], both as 64-bit patterns; `permutation`: of [0, range]. */
  readonly low?: bigint;
  readonly range?: bigint;
  /** The distribution's own parameters, at most four. */
  readonly p?: readonly number[];
}

/** Random numbers: an element is a pure function of the key and its flat index in `shape`. */
export class Random extends Expr {
  readonly kind = "random";
  constructor(shape: Shape, readonly generator: GeneratorKind, readonly random: RandomParameters, dtype: DType = GENERATORS[generator]) {
    super(shape, dtype, []);
  }
  protected parameters(): unknown {
    const { key, low = 0n, range = 0n, p = [] } = this.random;
    return [this.generator, key, low, range, p];
  }
  withInputs(): Expr {
    return this;
  }
}
