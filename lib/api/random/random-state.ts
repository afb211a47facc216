import type { ChunkedArray } from "../../array/chunked-array.js";
import type { ShapeOf } from "../../array/result-types.js";
import type { ChunkOptions, DrawIntegers, Draws, DrawStandard, Size } from "./draws.js";
import { drawSized } from "./draw.js";
import { installDraws } from "./install.js";
import { drawIntegers } from "./integers.js";
import { Keys, type KeySource, type Seed } from "./keys.js";

/** The names that NumPy's older interface has beside the distributions. */
export interface OlderDraws<X = object> {
  /** Draws numbers evenly from [0, 1). The layer is called `random_sample`, as in Dask. @see numpy.random.random */
  readonly random: DrawStandard<X>;
  /** Draws numbers evenly from [0, 1): another name of `random`. @see numpy.random.random_sample */
  readonly randomSample: DrawStandard<X>;
  /** Draws whole numbers evenly from [low, high), from [0, low) when there is one bound. @see numpy.random.randint */
  readonly randint: DrawIntegers<object, X>;
  /** Draws whole numbers evenly from low up to high, both included; from 1 when there is one bound. @see numpy.random.random_integers */
  readonly randomIntegers: DrawIntegers<object, X>;
}

/** The functions of {@link OlderDraws} on some keys. */
export const olderDraws = (keys: () => KeySource): OlderDraws<never> => ({
  random: ((...args: unknown[]) => drawSized("random", "random_sample", keys(), args, (f) => f.standard("random"))) as never,
  randomSample: ((...args: unknown[]) => drawSized("randomSample", "random_sample", keys(), args, (f) => f.standard("random"))) as never,
  randint: ((...args: unknown[]) => drawIntegers("randint", keys(), args)) as never,
  randomIntegers: ((...args: unknown[]) => drawIntegers("randomIntegers", keys(), args)) as never,
});

/**
 * The older interface with a state of its own. Its numbers are those of a {@link Generator} with the same seed; NumPy's Mersenne Twister is not
 * imitated.
 *
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * const state = new nd.random.RandomState(7);
 * console.log((await state.randint(0, 10, { size: 5 }).compute()).shape); // [5]
 * ```
 * @see numpy.random.RandomState
 */
export class RandomState {
  #keys: Keys;

  /** Starts from a seed, or from fresh entropy without one. */
  constructor(seed?: Seed | null) {
    this.#keys = new Keys("RandomState", seed);
    Object.assign(this, olderDraws(() => this.#keys));
  }
  /** Starts anew from a seed, or from fresh entropy without one. @see numpy.random.seed */
  seed(seed?: Seed | null): void {
    this.#keys = new Keys("seed", seed);
  }
  /** Draws whole numbers evenly from 0 to 2⁶³ − 1. @see numpy.random.RandomState.tomaxint */
  tomaxint<const S extends Size = []>(size?: S, options: Omit<ChunkOptions, "dtype"> = {}): ChunkedArray<"int64", ShapeOf<S>> {
    return drawIntegers("tomaxint", this.#keys, [0n, 2n ** 63n, { ...options, size }]) as ChunkedArray<"int64", ShapeOf<S>>;
  }

  static {
    installDraws(this.prototype, (self) => self.#keys);
  }
}
export interface RandomState extends Draws, OlderDraws {}
