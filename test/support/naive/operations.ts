// NumPy's operations over plain lists, one loop each.
import { at, build, convert, count, type Element, indices, type Naive, type NaiveDType, promote } from "./value.js";

/** The shape that shapes broadcast to. */
export function broadcastShape(...shapes: readonly (readonly number[])[]): number[] {
  const ndim = Math.max(...shapes.map((s) => s.length));
  return Array.from({ length: ndim }, (_, axis) => {
    const lengths = shapes.map((s) => s[axis - (ndim - s.length)] ?? 1);
    const wide = lengths.filter((n) => n !== 1);
    if (new Set(wide).size > 1) throw new RangeError(`naive: shapes ${shapes.join(" and ")} do not broadcast`);
    return wide[0] ?? 1;
  });
}

const under = (x: Naive, index: readonly number[]): Element =>
  at(x, x.shape.map((n, axis) => (n === 1 ? 0 : index[axis + index.length - x.shape.length]!)));

export function broadcastTo(x: Naive, shape: readonly number[]): Naive {
  return build(x.dtype, shape, (index) => under(x, index));
}

/** Element by element, in the operands' promoted dtype. */
export function elementwise(operands: readonly Naive[], dtype: NaiveDType, f: (...x: Element[]) => Element, loop?: NaiveDType): Naive {
  const inner = loop ?? operands.map((x) => x.dtype).reduce(promote);
  return build(dtype, broadcastShape(...operands.map((x) => x.shape)), (index) => f(...operands.map((x) => convert(under(x, index), inner))));
}

export function where(condition: Naive, x: Naive, y: Naive): Naive {
  const dtype = promote(x.dtype, y.dtype);
  return build(dtype, broadcastShape(condition.shape, x.shape, y.shape), (index) =>
    convert(under(condition, index), "bool") ? under(x, index) : under(y, index));
}

/** One part of an index: an integer, a slice resolved to [start, step, length], or a new axis. */
export type Part = { readonly at: number } | { readonly start: number; readonly step: number; readonly length: number } | "new";

export function getitem(x: Naive, parts: readonly Part[]): Naive {
  const shape = parts.flatMap((p) => (p === "new" ? [1] : "at" in p ? [] : [p.length]));
  return build(x.dtype, shape, (index) => {
    const places = [...index];
    return at(x, parts.flatMap((p) => {
      if (p === "new") return places.shift(), [];
      return ["at" in p ? p.at : p.start + p.step * places.shift()!];
    }));
  });
}

export function transpose(x: Naive, axes: readonly number[]): Naive {
  return build(x.dtype, axes.map((a) => x.shape[a]!), (index) => {
    const from: number[] = [];
    axes.forEach((axis, i) => (from[axis] = index[i]!));
    return at(x, from);
  });
}

export const reshape = (x: Naive, shape: readonly number[]): Naive => ({ ...x, shape });

export function flip(x: Naive, axis: number): Naive {
  return build(x.dtype, x.shape, (index) => at(x, index.map((i, a) => (a === axis ? x.shape[a]! - 1 - i : i))));
}

export function roll(x: Naive, shift: number, axis: number): Naive {
  const n = x.shape[axis]!;
  return build(x.dtype, x.shape, (index) => at(x, index.map((i, a) => (a === axis ? (((i - shift) % n) + n) % n : i))));
}

export function concatenate(arrays: readonly Naive[], axis: number): Naive {
  const dtype = arrays.map((x) => x.dtype).reduce(promote);
  const shape = arrays[0]!.shape.map((n, a) => (a === axis ? arrays.reduce((sum, x) => sum + x.shape[a]!, 0) : n));
  return build(dtype, shape, (index) => {
    let place = index[axis]!;
    for (const x of arrays) {
      if (place < x.shape[axis]!) return at(x, index.map((i, a) => (a === axis ? place : i)));
      place -= x.shape[axis]!;
    }
    throw new RangeError("naive: beyond the last array");
  });
}

export function stack(arrays: readonly Naive[], axis: number): Naive {
  const shape = [...arrays[0]!.shape];
  shape.splice(axis, 0, arrays.length);
  const dtype = arrays.map((x) => x.dtype).reduce(promote);
  return build(dtype, shape, (index) => at(arrays[index[axis]!]!, index.filter((_, a) => a !== axis)));
}

export function take(x: Naive, list: readonly number[], axis: number): Naive {
  const n = x.shape[axis]!;
  return build(x.dtype, x.shape.map((m, a) => (a === axis ? list.length : m)), (index) =>
    at(x, index.map((i, a) => (a === axis ? (list[i]! + n) % n : i))));
}

export function repeat(x: Naive, times: number, axis: number): Naive {
  return build(x.dtype, x.shape.map((n, a) => (a === axis ? n * times : n)), (index) => at(x, index.map((i, a) => (a === axis ? Math.floor(i / times) : i))));
}

export function select(x: Naive, mask: Naive): Naive {
  const data = x.data.filter((_, i) => mask.data[i]);
  return { dtype: x.dtype, shape: [data.length], data };
}

/** Folds axes in C order of the folded elements. */
export function reduce(x: Naive, axes: readonly number[], keepdims: boolean, dtype: NaiveDType, fold: (elements: Element[]) => Element): Naive {
  const kept = x.shape.map((n, a) => (axes.includes(a) ? 1 : n));
  const folded = x.shape.map((n, a) => (axes.includes(a) ? n : 1));
  const whole = build(dtype, kept, (index) => {
    const elements: Element[] = [];
    for (const inner of indices(folded)) elements.push(at(x, index.map((i, a) => i + inner[a]!)));
    return fold(elements);
  });
  return keepdims ? whole : reshape(whole, x.shape.filter((_, a) => !axes.includes(a)));
}

export function scan(x: Naive, axis: number, dtype: NaiveDType, f: (a: Element, b: Element) => Element): Naive {
  return build(dtype, x.shape, (index) => {
    let sum = convert(at(x, index.map((i, a) => (a === axis ? 0 : i))), dtype);
    for (let k = 1; k <= index[axis]!; k++) sum = convert(f(sum, convert(at(x, index.map((i, a) => (a === axis ? k : i))), dtype)), dtype);
    return sum;
  });
}

/** Sums and products in a dtype; integers wrap around. */
export function addUp(elements: readonly Element[], dtype: NaiveDType): Element {
  return elements.map((e) => convert(e, dtype)).reduce((a, b) => convert(plus(a, b), dtype), convert(0, dtype));
}
export function multiplyUp(elements: readonly Element[], dtype: NaiveDType): Element {
  return elements.map((e) => convert(e, dtype)).reduce((a, b) => convert(times(a, b), dtype), convert(1, dtype));
}

export const plus = (a: Element, b: Element): Element =>
  typeof a === "bigint" ? a + (b as bigint) : typeof a === "boolean" ? a || (b as boolean) : a + (b as number);
export const times = (a: Element, b: Element): Element =>
  typeof a === "bigint" ? a * (b as bigint) : typeof a === "boolean" ? a && (b as boolean) : a * (b as number);

export function matmul(a: Naive, b: Naive): Naive {
  const dtype = promote(a.dtype, b.dtype);
  const [m, k, n] = [a.shape[0]!, a.shape[1]!, b.shape[1]!];
  return build(dtype, [m, n], ([i, j]) =>
    addUp(Array.from({ length: k }, (_, l) => times(convert(at(a, [i!, l]), dtype), convert(at(b, [l, j!]), dtype))), dtype));
}

export function pad(x: Naive, widths: readonly (readonly [number, number])[], fill: Element): Naive {
  return build(x.dtype, x.shape.map((n, a) => n + widths[a]![0] + widths[a]![1]), (index) => {
    const from = index.map((i, a) => i - widths[a]![0]);
    return from.every((i, a) => i >= 0 && i < x.shape[a]!) ? at(x, from) : fill;
  });
}

export function diff(x: Naive, axis: number): Naive {
  return build(x.dtype, x.shape.map((n, a) => (a === axis ? n - 1 : n)), (index) => {
    const [high, low] = [at(x, index.map((i, a) => (a === axis ? i + 1 : i))), at(x, index)];
    return plus(high, typeof low === "bigint" ? -low : -(low as number));
  });
}

/** The last two axes' lower or upper triangle; zeros elsewhere. */
export function triangle(x: Naive, lower: boolean, k: number): Naive {
  return build(x.dtype, x.shape, (index) => {
    const [row, column] = index.slice(-2) as [number, number];
    return (lower ? column <= row + k : column >= row + k) ? at(x, index) : convert(0, x.dtype);
  });
}

/** Each run of elements along an axis replaced by another. */
export function alongAxis(x: Naive, axis: number, dtype: NaiveDType, f: (elements: Element[]) => readonly Element[]): Naive {
  const run = (index: readonly number[]): readonly Element[] =>
    f(Array.from({ length: x.shape[axis]! }, (_, i) => at(x, index.map((v, a) => (a === axis ? i : v)))));
  const length = run(x.shape.map(() => 0)).length;
  return build(dtype, x.shape.map((n, a) => (a === axis ? length : n)), (index) => run(index)[index[axis]!]!);
}

/** One element wherever the coordinate on an axis is such. */
export function replaceAt(x: Naive, axis: number, is: (coordinate: number) => boolean, element: Element): Naive {
  return build(x.dtype, x.shape, (index) => (is(index[axis]!) ? element : at(x, index)));
}

/** Elements of the first axes at points given by a list for each, the rest of the axes whole. */
export function points(x: Naive, lists: readonly (readonly number[])[]): Naive {
  const rest = x.shape.slice(lists.length);
  return build(x.dtype, [lists[0]!.length, ...rest], ([p, ...others]) =>
    at(x, [...lists.map((list, a) => (list[p!]! + x.shape[a]!) % x.shape[a]!), ...others]));
}

export const floorDivide = (a: Element, b: Element): Element => {
  if (typeof a === "number") return Math.floor(a / (b as number));
  const [x, y] = [BigInt(a), BigInt(b)];
  if (y === 0n) return 0n;
  return x / y - (x % y !== 0n && x < 0n !== y < 0n ? 1n : 0n);
};
export const remainder = (a: Element, b: Element): Element => {
  if (typeof a === "number") {
    const r = a % (b as number);
    return r !== 0 && r < 0 !== (b as number) < 0 ? r + (b as number) : r;
  }
  return BigInt(b) === 0n ? 0n : BigInt(a) - BigInt(floorDivide(a, b)) * BigInt(b);
};

export const size = (x: Naive): number => count(x.shape);
