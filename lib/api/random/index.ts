import type { Draws } from "./draws.js";
import { defaultRng, Generator } from "./generator.js";
import { installDraws } from "./install.js";
import { Keys, type KeySource, type Seed } from "./keys.js";
import { type OlderDraws, olderDraws, RandomState } from "./random-state.js";

export type {
  ChoiceOptions, ChunkOptions as RandomChunkOptions, DrawOptions, DrawIntegers, DrawReal, Draws, DrawStandard, DrawWhole, Size,
} from "./draws.js";
export type { Seed } from "./keys.js";
export type { OlderDraws } from "./random-state.js";
export type { Parameter } from "./parameters.js";

/** A seed for one draw. */
export interface SeedOption {
  /** Makes the draw what `defaultRng(seed)` would draw first; without it, numbers are fresh in each run of the program. */
  readonly seed?: Seed;
}

/** The functions of `nd.random`. */
export interface RandomModule extends Draws<SeedOption>, OlderDraws<SeedOption> {
  readonly defaultRng: typeof defaultRng;
  readonly Generator: typeof Generator;
  readonly RandomState: typeof RandomState;
  /** Makes the draws that follow, of functions of this module without a seed of their own, start from a seed. @see numpy.random.seed */
  seed(seed?: Seed | null): void;
}

/** Keys from the module's state, or from a draw's own seed. */
class ModuleKeys implements KeySource {
  readonly takesSeed = true;
  #keys: Keys | undefined;

  start(seed?: Seed | null): void {
    this.#keys = new Keys("seed", seed);
  }
  next(seed?: Seed): bigint {
    if (seed !== undefined) return new Keys("seed", seed).next();
    return (this.#keys ??= new Keys("random")).next();
  }
}

const keys = new ModuleKeys();

/**
 * Random numbers. Functions draw from a hidden state with fresh entropy, or from `seed` when the options name one; `defaultRng(seed)` makes a
 * generator for several draws.
 *
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * const x = nd.random.normal(10, 0.1, { size: [2000, 2000], chunks: 500, seed: 42 });
 * console.log(await x.mean().compute()); // about 10
 * ```
 * @see dask.array.random
 */
export const random: RandomModule = {
  defaultRng,
  Generator,
  RandomState,
  seed: (seed?: Seed | null) => keys.start(seed),
  ...olderDraws(() => keys),
} as unknown as RandomModule;
installDraws(random, () => keys);
