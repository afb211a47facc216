import type { AnyArray } from "../../../lib/array/chunked-array.js";
import * as nd from "../../../lib/index.js";

interface Options {
  readonly size: number[];
  readonly chunks?: number[];
}

/** One array of each family of random numbers. */
export function draws({ size, chunks = [-1, -1] }: Options): Readonly<Record<string, AnyArray>> {
  const rng = (seed: number): ReturnType<typeof nd.random.defaultRng> => nd.random.defaultRng(seed);
  const o = { size, chunks };
  return {
    random: rng(1).random(size, { chunks }),
    random32: rng(2).random(size, { chunks, dtype: "float32" }),
    integers: rng(3).integers(-50, { high: 1000, ...o }),
    normal: rng(4).normal(10, 0.1, o),
    standardNormal32: rng(5).standardNormal(size, { chunks, dtype: "float32" }),
    exponential: rng(6).exponential(2, o),
    uniform: rng(7).uniform(-1, 3, o),
    gamma: rng(8).gamma(2.5, 1.5, o),
    beta: rng(9).beta(0.5, 2, o),
    poisson: rng(10).poisson(30, o),
    binomial: rng(11).binomial(40, 0.3, o),
    geometric: rng(12).geometric(0.2, o),
    lognormal: rng(13).lognormal(0, 1, o),
    vonmises: rng(14).vonmises(0, 2, o),
    zipf: rng(15).zipf(3, o),
    hypergeometric: rng(16).hypergeometric(20, 30, 15, o),
    chisquare: rng(17).chisquare(3, o),
    weibull: rng(18).weibull(1.5, o),
  } as Readonly<Record<string, AnyArray>>;
}
