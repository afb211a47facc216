// Ways for the same array to lie in memory and to be cut; every one has equal elements.
import * as nd from "../../lib/index.js";
import type { AnyArray } from "../../lib/array/chunked-array.js";
import { type Elements, pick } from "./numpy-fixtures.js";

export interface Source {
  readonly name: string;
  readonly make: (x: Elements) => AnyArray;
}

const strides = (shape: readonly number[]): number[] => {
  const s = shape.map(() => 1);
  for (let i = shape.length - 2; i >= 0; i--) s[i] = s[i + 1]! * shape[i + 1]!;
  return s;
};

/** For each place of a new shape, in C order, the place in `x` that `from` tells. */
function moved(x: Elements, shape: readonly number[], from: (index: readonly number[]) => readonly number[]): Elements {
  const own = strides(x.shape);
  const theirs = strides(shape);
  const size = shape.reduce((a, b) => a * b, 1);
  const positions = Array.from({ length: size }, (_, flat) => {
    const index = shape.map((n, axis) => Math.floor(flat / theirs[axis]!) % n);
    return from(index).reduce((sum, i, axis) => sum + i * own[axis]!, 0);
  });
  return pick(x, positions, shape);
}

const array = (x: Elements, chunks: unknown): AnyArray => nd.fromArray(x.data, { shape: [...x.shape], chunks: chunks as never, dtype: x.dtype });
const small = (x: Elements): number[] => x.shape.map((n, axis) => Math.max(1, Math.min(n, axis % 2 === 0 ? 2 : 3)));

export const SOURCES: readonly Source[] = [
  { name: "one chunk", make: (x) => array(x, -1) },
  { name: "small chunks", make: (x) => array(x, small(x)) },
  { name: "transposed", make: (x) => array(moved(x, [...x.shape].reverse(), (i) => [...i].reverse()), -1).T },
  {
    name: "backwards on every axis, small chunks",
    make: (x) => array(moved(x, x.shape, (i) => i.map((v, axis) => x.shape[axis]! - 1 - v)), small(x)).get(...x.shape.map(() => "::-1")),
  },
  {
    name: "a strided box of a larger array",
    make: (x) => {
      const wide = x.shape.map((n) => 2 * n + 1);
      return array(moved(x, wide, (i) => i.map((v, axis) => Math.min(Math.floor(v / 2), x.shape[axis]! - 1))), -1).get(...x.shape.map(() => "1::2"));
    },
  },
  { name: "joined from two", make: (x) => {
    const whole = array(x, -1);
    return x.shape.length === 0 ? whole : nd.concatenate([whole.get("0:2"), whole.get("2:")]);
  } },
];
