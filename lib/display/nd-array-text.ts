import type { DType, ScalarOf } from "../core/dtype.js";
import { kindOf } from "../core/dtype.js";
import type { NDArray } from "../array/nd-array.js";
import { DisposedError, isNdloomError } from "../errors/index.js";

/** Arrays of more elements are shown by the first and the last along each axis. */
const MOST_ELEMENTS = 1000;
const EDGE = 3;
const LINE_WIDTH = 80;
/** Digits that tell elements apart; more are seldom read. */
const DIGITS: Readonly<Partial<Record<DType, number>>> = { float16: 4, float32: 7, float64: 8, complex64: 7, complex128: 8 };

/** An array in memory as NumPy prints it: rows in brackets, large ones with their middle left out. */
export function elementsText(x: NDArray): string {
  try {
    x.data;
  } catch (error) {
    if (isNdloomError(error) && error instanceof DisposedError) return `${x} (disposed)`;
    throw error;
  }
  if (x.size === 0) return `${x} []`;
  const short = x.size > MOST_ELEMENTS;
  // The places shown of each axis; -1 is what is left out.
  const places = x.shape.map((n) => {
    const all = Array.from({ length: short ? Math.min(n, 2 * EDGE) : n }, (_, i) => i);
    return short && n > 2 * EDGE ? [...all.slice(0, EDGE), -1, ...all.slice(EDGE).map((i) => n - 2 * EDGE + i)] : all;
  });
  const digits = DIGITS[x.dtype] ?? 0;
  const shown = new Map<string, string>();
  const collect = (index: readonly number[]): void => {
    if (index.length === x.ndim) shown.set(index.join(), elementText(x.item(...index), digits));
    else for (const i of places[index.length]!) if (i >= 0) collect([...index, i]);
  };
  collect([]);
  const width = [...shown.values()].reduce((n, text) => Math.max(n, text.length), 0);
  const build = (index: readonly number[]): string => {
    const axis = index.length;
    const indent = " ".repeat(axis + 1);
    if (axis === x.ndim) return shown.get(index.join())!.padStart(kindOf(x.dtype) === "bool" ? 0 : width);
    const parts = places[axis]!.map((i) => (i < 0 ? "..." : build([...index, i])));
    if (axis === x.ndim - 1) return `[${wrapped(parts, indent)}]`;
    return `[${parts.join(`,${"\n".repeat(x.ndim - 1 - axis)}${indent}`)}]`;
  };
  return x.ndim === 0 ? `${x} ${shown.get("")!}` : `${x}\n${build([])}`;
}

/** Elements with commas between, in lines of at most so many characters. */
function wrapped(parts: readonly string[], indent: string): string {
  let text = "";
  let column = indent.length;
  parts.forEach((part, i) => {
    if (i > 0) {
      text += ",";
      const breaks = column + part.length + 2 > LINE_WIDTH;
      text += breaks ? `\n${indent}` : " ";
      column = breaks ? indent.length : column + 2;
    }
    text += part;
    column += part.length;
  });
  return text;
}

function elementText(value: ScalarOf<DType>, digits: number): string {
  if (typeof value === "object") return `${real(value.re, digits)}${value.im < 0 || Object.is(value.im, -0) ? "-" : "+"}${real(Math.abs(value.im), digits)}j`;
  return typeof value === "number" && digits > 0 ? real(value, digits) : String(value);
}

/** Whole numbers are never rounded; others to digits after the point, or small ones to as many that count. */
function real(value: number, digits: number): string {
  if (Object.is(value, -0)) return "-0";
  if (!Number.isFinite(value) || Number.isInteger(value)) return String(value);
  return String(Number(digits === 8 && Math.abs(value) >= 1 ? value.toFixed(digits) : value.toPrecision(digits)));
}
