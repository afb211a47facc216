import { randomBytes } from "node:crypto";
import { OptionError } from "../../errors/index.js";

/** What a generator starts from: a whole number ≥ 0, or a list of them. The same seed gives the same numbers, everywhere. */
export type Seed = number | bigint | readonly (number | bigint)[];

const WORD = (x: bigint): bigint => BigInt.asUintN(64, x);
const GOLDEN = 0x9e3779b97f4a7c15n;

/** The finaliser of SplitMix64 (Steele, Lea & Flood, "Fast splittable pseudorandom number generators", 2014). */
function mix(x: bigint): bigint {
  x = WORD((x ^ (x >> 30n)) * 0xbf58476d1ce4e5b9n);
  x = WORD((x ^ (x >> 27n)) * 0x94d049bb133111ebn);
  return x ^ (x >> 31n);
}

/** Gives each draw a key of its own. */
export interface KeySource {
  /** The key of the next draw; `seed` takes the place of the source's own state where it is allowed. */
  next(seed?: Seed): bigint;
  /** Whether a single draw may name a seed. */
  readonly takesSeed: boolean;
}

/**
 * The keys of successive draws: draw n from state s has the key mix(s + n · 2⁶⁴/φ), as in SplitMix64. The state is the seed's 64-bit words
 * mixed one after the other; without a seed it is fresh entropy.
 */
export class Keys implements KeySource {
  readonly takesSeed = false;
  #state: bigint;

  constructor(operation: string, seed?: Seed | null) {
    this.#state = seed === undefined || seed === null ? randomBytes(8).readBigUInt64LE() : stateOf(operation, seed);
  }
  next(): bigint {
    this.#state = WORD(this.#state + GOLDEN);
    return mix(this.#state);
  }
}

/** The key of part `part` of a draw, for distributions that need several independent numbers an element. */
export const partKey = (key: bigint, part: number): bigint => (part === 0 ? key : mix(WORD(key + BigInt(part) * GOLDEN)));

function stateOf(operation: string, seed: Seed): bigint {
  const parts = Array.isArray(seed) ? (seed as readonly (number | bigint)[]) : [seed as number | bigint];
  let state = BigInt(parts.length);
  for (const part of parts) {
    const words = wordsOf(operation, part, seed);
    for (const word of [BigInt(words.length), ...words]) state = mix(WORD((state ^ word) + GOLDEN));
  }
  return state;
}

function wordsOf(operation: string, part: unknown, seed: unknown): bigint[] {
  const whole = typeof part === "bigint" || (typeof part === "number" && Number.isSafeInteger(part));
  if (!whole || BigInt(part) < 0n) {
    throw new OptionError(`${operation}: expected a seed of whole numbers ≥ 0 (below 2^53, or bigints), got ${String(part)}`, { option: "seed", received: seed });
  }
  const words: bigint[] = [];
  for (let rest = BigInt(part); rest > 0n; rest >>= 64n) words.push(WORD(rest));
  return words;
}
