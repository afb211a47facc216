import { drawChoice } from "./choice.js";
import { DISTRIBUTIONS, STANDARD } from "./distributions.js";
import { drawDistribution, drawStandard } from "./draw.js";
import type { KeySource } from "./keys.js";
import { drawMultinomial } from "./multinomial.js";
import { drawPermutation } from "./permutation.js";

type Call = (keys: KeySource, args: readonly unknown[]) => unknown;

const calls = new Map<string, Call>([
  ["choice", drawChoice],
  ["multinomial", drawMultinomial],
  ["permutation", drawPermutation],
]);
for (const name of Object.keys(DISTRIBUTIONS) as (keyof typeof DISTRIBUTIONS)[]) calls.set(name, (keys, args) => drawDistribution(name, keys, args));
for (const name of Object.keys(STANDARD) as (keyof typeof STANDARD)[]) calls.set(name, (keys, args) => drawStandard(name, keys, args));

/** Gives `target` the functions of `Draws`; `keysOf` finds the keys of what they are called on. */
export function installDraws<T extends object>(target: T, keysOf: (self: T) => KeySource): void {
  for (const [name, call] of calls) {
    const { [name]: value } = { [name](this: T, ...args: unknown[]): unknown {
      return call(keysOf(this), args);
    } };
    Object.defineProperty(target, name, { value, writable: true, configurable: true, enumerable: true });
  }
}
