// How far two results are apart: exactly equal, or within a number of units in the last place.
import { type DType, kindOf, lanesOf } from "../../lib/core/dtype.js";
import { fromFloat16 } from "../../lib/core/float16.js";
import type { Elements } from "./numpy-fixtures.js";

const DIGITS: Partial<Record<DType, number>> = { float16: 11, float32: 24, float64: 53, complex64: 24, complex128: 53 };
const LEAST: Partial<Record<DType, number>> = { float16: -24, float32: -149, float64: -1074, complex64: -149, complex128: -1074 };

/** Size of the last place of a number in a dtype. */
function lastPlace(x: number, dtype: DType): number {
  const exponent = x === 0 ? -2000 : Math.floor(Math.log2(Math.abs(x)));
  return 2 ** Math.max(exponent - DIGITS[dtype]! + 1, LEAST[dtype]!);
}

const number = (x: Elements, i: number): number => (x.dtype === "float16" ? fromFloat16(x.data[i] as number) : Number(x.data[i]));
const atEnd = (x: number): number => (Math.abs(x) === Infinity ? Math.sign(x) : 0);

/** Units in the last place between real numbers; 0 also for NaN and NaN, Infinity where they are of different kinds. */
function apart(a: number, b: number, dtype: DType, scale = 0): number {
  if (Object.is(a, b) || (Number.isNaN(a) && Number.isNaN(b))) return 0;
  if (Number.isNaN(a) || Number.isNaN(b)) return Infinity;
  if (a === 0 && b === 0) return Infinity; // zeros of different signs
  if (atEnd(a) !== atEnd(b)) {
    const end = finite(dtype);
    return apart(atEnd(a) ? atEnd(a) * end : a, atEnd(b) ? atEnd(b) * end : b, dtype) + 1;
  }
  return Math.abs(a - b) / lastPlace(Math.max(Math.abs(b), scale), dtype);
}

const finite = (dtype: DType): number => (dtype === "float16" ? 65504 : DIGITS[dtype] === 24 ? (2 - 2 ** -23) * 2 ** 127 : Number.MAX_VALUE);

export interface Difference {
  /** The largest distance in units of the last place; Infinity for different kinds of values, or for exact dtypes. */
  readonly ulp: number;
  readonly at: number;
  readonly got: string;
  readonly expected: string;
}

/** How signs of zero and parts of complex numbers count. */
export interface Rules {
  /** −0 is as good as 0. */
  readonly anyZero?: boolean;
  /** Complex numbers with an infinite or NaN part: any other such is as good. */
  readonly anyInfinity?: boolean;
  /** Places are counted as those of a number of this size at least: what was added up may have cancelled. */
  readonly scale?: number;
}

/** The element that is farthest off. Complex numbers are measured as points: the distance in units of the larger part's last place. */
export function difference(got: Elements, expected: Elements, rules: Rules = {}): Difference {
  let worst: Difference = { ulp: 0, at: -1, got: "", expected: "" };
  const lanes = lanesOf(expected.dtype);
  const exact = kindOf(expected.dtype) !== "float" && lanes === 1;
  const count = expected.data.length / lanes;
  for (let i = 0; i < count; i++) {
    const ulp = exact ? (got.data[i] === expected.data[i] ? 0 : Infinity)
      : lanes === 2 ? complexApart(got, expected, i, rules) : realApart(number(got, i), number(expected, i), expected.dtype, rules);
    if (ulp > worst.ulp) worst = { ulp, at: i, got: text(got, i), expected: text(expected, i) };
  }
  return worst;
}

function realApart(a: number, b: number, dtype: DType, { anyZero, scale }: Rules): number {
  return anyZero && a === 0 && b === 0 ? 0 : apart(a, b, dtype, scale);
}

function complexApart(x: Elements, y: Elements, i: number, rules: Rules): number {
  const [a, b, c, d] = [x.data[2 * i], x.data[2 * i + 1], y.data[2 * i], y.data[2 * i + 1]] as number[];
  const whole = [a, b, c, d].every((v) => Number.isFinite(v!));
  if (!whole) {
    const plain = Math.max(realApart(a!, c!, y.dtype, rules), realApart(b!, d!, y.dtype, rules));
    return rules.anyInfinity && !(Number.isFinite(a!) && Number.isFinite(b!)) && !(Number.isFinite(c!) && Number.isFinite(d!)) ? 0 : plain;
  }
  const scale = lastPlace(Math.max(Math.abs(c!), Math.abs(d!), rules.scale ?? 0), y.dtype);
  const sign = (p: number, q: number): number => (!rules.anyZero && p === 0 && q === 0 && !Object.is(p, q) ? Infinity : 0);
  return Math.max(Math.abs(a! - c!) / scale, Math.abs(b! - d!) / scale, sign(a!, c!), sign(b!, d!));
}

/** The size of the largest finite element. */
export function largest(x: Elements): number {
  let most = 0;
  for (let i = 0; i < x.data.length; i++) {
    const size = Math.abs(number(x, i));
    if (size > most && size !== Infinity) most = size;
  }
  return most;
}

/** One element as text. */
export function text(x: Elements, i: number): string {
  if (lanesOf(x.dtype) === 2) return `${text({ ...x, dtype: "float64" }, 2 * i)}${Number(x.data[2 * i + 1]) < 0 ? "" : "+"}${text({ ...x, dtype: "float64" }, 2 * i + 1)}i`;
  if (kindOf(x.dtype) !== "float") return String(x.data[i]);
  const value = number(x, i);
  return Object.is(value, -0) ? "-0" : String(value);
}
