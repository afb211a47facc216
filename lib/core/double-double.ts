// Numbers as unevaluated sums hi + lo of two doubles, about 106 bits. (Dekker 1971; Knuth, TAOCP 2, 4.2.2.)

export interface DoubleDouble {
  readonly hi: number;
  readonly lo: number;
}

const SPLITTER = 2 ** 27 + 1;

/** a + b, exactly; |a| ≥ |b|. */
function quickSum(a: number, b: number): DoubleDouble {
  const hi = a + b;
  return { hi, lo: b - (hi - a) };
}

/** a + b, exactly. */
function twoSum(a: number, b: number): DoubleDouble {
  const hi = a + b;
  const part = hi - a;
  return { hi, lo: a - (hi - part) + (b - part) };
}

/** a · b, exactly, as long as neither nears overflow. */
function twoProduct(a: number, b: number): DoubleDouble {
  const hi = a * b;
  const sa = SPLITTER * a, ah = sa - (sa - a), al = a - ah;
  const sb = SPLITTER * b, bh = sb - (sb - b), bl = b - bh;
  return { hi, lo: ah * bh - hi + ah * bl + al * bh + al * bl };
}

export function add(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const high = twoSum(a.hi, b.hi);
  const low = twoSum(a.lo, b.lo);
  const once = quickSum(high.hi, high.lo + low.hi);
  return quickSum(once.hi, once.lo + low.lo);
}

export function multiply(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const product = twoProduct(a.hi, b.hi);
  return quickSum(product.hi, product.lo + (a.hi * b.lo + a.lo * b.hi));
}

export function divide(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const first = a.hi / b.hi;
  const rest = add(a, negate(multiply(b, { hi: first, lo: 0 })));
  const second = rest.hi / b.hi;
  const rest2 = add(rest, negate(multiply(b, { hi: second, lo: 0 })));
  const sum = quickSum(first, second);
  return add(sum, { hi: rest2.hi / b.hi, lo: 0 });
}

export const negate = (a: DoubleDouble): DoubleDouble => ({ hi: -a.hi, lo: -a.lo });

export const exactly = (x: number): DoubleDouble => ({ hi: x, lo: 0 });
