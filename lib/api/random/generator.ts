import type { Draws, DrawIntegers, DrawStandard } from "./draws.js";
import { drawSized } from "./draw.js";
import { installDraws } from "./install.js";
import { drawIntegers } from "./integers.js";
import { Keys, type KeySource, type Seed } from "./keys.js";

/**
 * Random numbers by seed and place: an element is a function of the seed, the number of the draw, and the element's index, computed by a
 * counter-based generator (ARS-7, rounds of AES). Chunks, threads and machines do not change it, and any part of an array can be computed alone.
 *
 * Values are not NumPy's, whose generators must be run in order.
 *
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * const rng = nd.random.defaultRng(42);
 * const [x, y] = [rng.normal(0, 1, { size: 1000 }), rng.normal(0, 1, { size: 1000 })]; // two draws, different numbers
 * console.log(await nd.compute([x.mean(), y.mean()]));
 * ```
 * @see numpy.random.Generator
 */
export class Generator {
  readonly #keys: KeySource;

  /** Starts from a seed, or from fresh entropy without one. */
  constructor(seed?: Seed | null) {
    this.#keys = new Keys("Generator", seed);
  }

  /**
   * Draws numbers evenly from [0, 1): multiples of 2⁻⁵³, or of 2⁻²⁴ as float32.
   *
   * @example
   * ```ts
   * import * as nd from "ndloom";
   * const x = nd.random.defaultRng(1).random([4, 4], { chunks: 2, dtype: "float32" });
   * console.log(x.name.startsWith("random-"), x.dtype); // true float32
   * ```
   * @see numpy.random.Generator.random
   */
  readonly random: DrawStandard<object> = (...args: unknown[]) =>
    drawSized("random", "random", this.#keys, args, (f) => f.standard("random")) as never;

  /**
   * Draws whole numbers evenly from [low, high), from [0, low) when there is one bound; with `endpoint` the upper bound can come out too.
   *
   * @returns int64 unless a dtype is given: an integer dtype or bool
   * @throws {OptionError} `ERR_OPTION` when there is nothing between the bounds, or the dtype does not hold them.
   * @example
   * ```ts
   * import * as nd from "ndloom";
   * const dice = nd.random.defaultRng(1).integers(1, 6, { size: 100, endpoint: true, dtype: "uint8" });
   * console.log(await dice.max().compute()); // 6
   * ```
   * @see numpy.random.Generator.integers
   */
  readonly integers: DrawIntegers<{ readonly endpoint?: boolean }, object> = (...args: unknown[]) => drawIntegers("integers", this.#keys, args) as never;

  static {
    installDraws(this.prototype, (self) => self.#keys);
  }
}
export interface Generator extends Draws {}

/**
 * Makes a generator: of a seed the same numbers each time, without one from fresh entropy. A generator is returned as it is.
 *
 * @param seed a whole number ≥ 0, a bigint of any size, or a list of them
 * @throws {OptionError} `ERR_OPTION` for any other seed.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * const x = nd.random.defaultRng(42).random(3);
 * // the same three numbers each time
 * console.log((await x.compute()).toNested());
 * ```
 * @see numpy.random.default_rng
 */
export function defaultRng(seed?: Seed | Generator | null): Generator {
  return seed instanceof Generator ? seed : new Generator(seed);
}
