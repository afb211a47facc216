import { ChunkedArray } from "../../array/chunked-array.js";
import type { DType } from "../../core/dtype.js";
import type { LoopRule } from "../../core/loop-rule.js";
import type { Shape } from "../../core/shape.js";
import type { InexactOf, NoBool } from "../../array/result-types.js";
import { blockwise } from "../../graph/blockwise.js";
import { type ArrayLike, toArray } from "../operand.js";
import { floorDivide, remainder } from "./arithmetic.js";
import { applyNative } from "./elementwise.js";
import { type Native, native } from "./native.js";

const frexpOf = native("frexp", 1, "FLOATING", 2);
const modfOf = native("modf", 1, "FLOATING", 2);

/**
 * Splits each number into a fraction in ±[0.5, 1) and a power of two: x = mantissa · 2^exponent.
 *
 * @returns the mantissa, a float, and the exponent, int32.
 * @see numpy.frexp
 */
export function frexp<D extends DType, S extends Shape>(x: ChunkedArray<D, S>): [ChunkedArray<InexactOf<D>, S>, ChunkedArray<"int32", S>];
export function frexp(x: ArrayLike): [ChunkedArray, ChunkedArray<"int32">];
export function frexp(x: ArrayLike): [ChunkedArray, ChunkedArray] {
  return pair("frexp", frexpOf, "frexp", ["mantissa-frexp", "exponent-frexp"], x);
}

/**
 * Splits each number into its fraction and its whole part, both with its sign.
 *
 * @returns the fraction and the whole part, both floats.
 * @see numpy.modf
 */
export function modf<D extends DType, S extends Shape>(x: ChunkedArray<D, S>): [ChunkedArray<InexactOf<D>, S>, ChunkedArray<InexactOf<D>, S>];
export function modf(x: ArrayLike): [ChunkedArray, ChunkedArray];
export function modf(x: ArrayLike): [ChunkedArray, ChunkedArray] {
  return pair("modf", modfOf, "floatTwice", ["modf1-modf", "modf2-modf"], x);
}

/** One layer that finds both results, and one for each that picks it. */
function pair(name: string, op: Native, rule: LoopRule, labels: readonly [string, string], x: ArrayLike): [ChunkedArray, ChunkedArray] {
  const input = toArray(name, x);
  const [first, second] = [0, 1].map((k) => applyNative(name, op, rule, [input.expr], k));
  const both = blockwise(name, input.chunks, [input.graph], first!.token);
  return [
    new ChunkedArray(first!, blockwise(labels[0], input.chunks, [both], first!.token)),
    new ChunkedArray(second!, blockwise(labels[1], input.chunks, [both], second!.token)),
  ];
}

/**
 * The floor of the quotient and the remainder, x = q·y + r.
 *
 * @see numpy.divmod
 */
export function divmod<D extends DType, S extends Shape>(x: ChunkedArray<D, S>, y: ArrayLike): [ChunkedArray<NoBool<D>>, ChunkedArray<NoBool<D>>];
export function divmod(x: ArrayLike, y: ArrayLike): [ChunkedArray, ChunkedArray];
export function divmod(x: ArrayLike, y: ArrayLike): [ChunkedArray, ChunkedArray] {
  const quotient = floorDivide.as("floordiv");
  const rest = remainder.as("mod");
  return [quotient(x, y), rest(x, y)];
}
