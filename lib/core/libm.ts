// log and pow with the bits that C's library gives. V8's own differ in the last bit for a few arguments, and that is
// enough to change a chunk from 255 to 256 or to add a layer to a reduction. glibc's are correctly rounded all but
// always; these are computed to about 100 bits and rounded once, so they are too.
import { add, type DoubleDouble, divide, exactly, multiply } from "./double-double.js";

const LN2: DoubleDouble = { hi: 0.6931471805599453, lo: 2.3190468138462996e-17 };

/** The natural logarithm, correctly rounded. */
export function log(x: number): number {
  if (!(x > 0 && x < Infinity)) return Math.log(x);
  const result = logPrecise(x);
  return result.hi + result.lo;
}

/** The logarithm of `x` to a base as Python's `math.log(x, base)` computes it: the rounded quotient of two rounded logarithms. */
export const logQuotient = (x: number, base: number): number => log(x) / log(base);

/**
 * `x` to the power of `y`, correctly rounded, for x > 0 and results of full precision.
 * Other arguments (zero, negative, infinite or NaN; overflow and underflow) go to Math.pow, which has no choice there.
 */
export function pow(x: number, y: number): number {
  if (!(x > 0 && x < Infinity) || !Number.isFinite(y) || y === 0) return Math.pow(x, y);
  const exponent = multiply(logPrecise(x), exactly(y));
  if (Math.abs(exponent.hi) > 700) return Math.pow(x, y);
  return expRounded(exponent);
}

/** ln x = e ln 2 + 2 artanh((m − 1) / (m + 1)) for x = m 2ᵉ, m near 1. */
function logPrecise(x: number): DoubleDouble {
  let exponent = 0;
  let mantissa = x;
  if (mantissa < 2 ** -1022) {
    mantissa *= 2 ** 54;
    exponent -= 54;
  }
  const guess = Math.floor(Math.log2(mantissa));
  mantissa = scale(mantissa, -guess);
  exponent += guess;
  while (mantissa > Math.SQRT2) mantissa /= 2, exponent++;
  while (mantissa < Math.SQRT1_2) mantissa *= 2, exponent--;
  const s = divide(exactly(mantissa - 1), add(exactly(mantissa), exactly(1)));
  const square = multiply(s, s);
  let series = exactly(0);
  for (let k = 23; k >= 0; k--) series = add(multiply(series, square), divide(exactly(1), exactly(2 * k + 1)));
  const fraction = multiply(series, { hi: 2 * s.hi, lo: 2 * s.lo });
  return add(multiply(LN2, exactly(exponent)), fraction);
}

function expRounded(x: DoubleDouble): number {
  const k = Math.round(x.hi / LN2.hi);
  const rest = add(x, multiply(LN2, exactly(-k)));
  // |rest| ≤ ln 2 / 2: thirty terms of the series are below 2^-110.
  let series = exactly(1);
  for (let n = 30; n >= 1; n--) series = add(exactly(1), divide(multiply(series, rest), exactly(n)));
  return scale(series.hi + series.lo, k);
}

// In two steps, as 2^k itself may overflow where the product does not.
function scale(x: number, k: number): number {
  const half = Math.trunc(k / 2);
  return x * 2 ** half * 2 ** (k - half);
}
