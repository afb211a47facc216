// Arrays as plain lists: slow, eager, and easy to believe.

export type NaiveDType = "float64" | "int64" | "bool";
export type Element = number | bigint | boolean;

/** Elements in C order. */
export interface Naive {
  readonly dtype: NaiveDType;
  readonly shape: readonly number[];
  readonly data: readonly Element[];
}

export const count = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** Every index of a shape in C order. */
export function* indices(shape: readonly number[]): Generator<number[]> {
  const index = shape.map(() => 0);
  for (let left = count(shape); left > 0; left--) {
    yield [...index];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      if (++index[axis]! < shape[axis]!) break;
      index[axis] = 0;
    }
  }
}

/** The element at an index. */
export function at(x: Naive, index: readonly number[]): Element {
  let flat = 0;
  index.forEach((i, axis) => {
    if (!(i >= 0 && i < x.shape[axis]!)) throw new RangeError(`naive: index ${index} of shape ${x.shape}`);
    flat = flat * x.shape[axis]! + i;
  });
  return x.data[flat]!;
}

/** An array by a rule from index to element. */
export function build(dtype: NaiveDType, shape: readonly number[], rule: (index: number[]) => Element): Naive {
  return { dtype, shape, data: [...indices(shape)].map((index) => convert(rule(index), dtype)) };
}

/** An element as one of another dtype. */
export function convert(x: Element, dtype: NaiveDType): Element {
  switch (dtype) {
    case "float64": return Number(x);
    case "bool": return typeof x === "number" && Number.isNaN(x) ? true : Boolean(x);
    case "int64": return BigInt.asIntN(64, typeof x === "number" ? BigInt(Math.trunc(x)) : BigInt(x));
  }
}

export const promote = (a: NaiveDType, b: NaiveDType): NaiveDType =>
  a === "float64" || b === "float64" ? "float64" : a === "int64" || b === "int64" ? "int64" : "bool";
