/** The greatest common divisor of two whole numbers that are not negative; of one and 0 it is that one. */
export function commonDivisor(a: number, b: number): number {
  while (b !== 0) [a, b] = [b, a % b];
  return a;
}
