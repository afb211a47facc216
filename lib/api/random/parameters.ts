import { ChunkedArray } from "../../array/chunked-array.js";
import { isComplex } from "../../core/dtype.js";
import { isScalar } from "../../core/scalar.js";
import { isKnown, type Shape } from "../../core/shape.js";
import { DTypeError, OptionError, ShapeError } from "../../errors/index.js";
import { type ArrayLike, toArray } from "../operand.js";
import type { Formula, Term } from "./formula.js";

/** A parameter of a distribution: a number, or an array of them that broadcasts to the draw's shape. */
export type Parameter = number | ArrayLike;

/** What a parameter must be. Elements of an array that are not give NaN. */
export interface Rule {
  /** As messages say it: "a number ≥ 0". */
  readonly text: string;
  readonly holds: (x: number) => boolean;
  /** The same for an array's elements. */
  readonly mask?: (f: Formula, x: Term) => ReturnType<Formula["compare"]>;
}

export const RULES = {
  number: { text: "a number", holds: (x) => !Number.isNaN(x) },
  nonNegative: { text: "a number ≥ 0", holds: (x) => x >= 0, mask: (f, x) => f.compare("greater_equal", x, 0) },
  positive: { text: "a number > 0", holds: (x) => x > 0, mask: (f, x) => f.compare("greater", x, 0) },
  finitePositive: { text: "a finite number > 0", holds: (x) => x > 0 && x < Infinity },
  finiteNonNegative: { text: "a finite number ≥ 0", holds: (x) => x >= 0 && x < Infinity },
  mean: { text: "a number ≥ 0 and below 2^63", holds: (x) => x >= 0 && x < 2 ** 63 },
  count: { text: "a whole number ≥ 0", holds: (x) => Number.isSafeInteger(x) && x >= 0 },
  probability: { text: "a number from 0 to 1", holds: (x) => x >= 0 && x <= 1 },
  positiveProbability: { text: "a number above 0, up to 1", holds: (x) => x > 0 && x <= 1 },
  properProbability: { text: "a number from 0 to below 1", holds: (x) => x >= 0 && x < 1 },
  aboveOne: { text: "a finite number > 1", holds: (x) => x > 1 && x < Infinity },
} as const satisfies Record<string, Rule>;

/** A parameter as a distribution declares it. */
export interface ParameterDeclaration {
  readonly name: string;
  readonly rule: keyof typeof RULES;
  /** What it is when not given; required without one. */
  readonly otherwise?: number;
}

/** A parameter that has been resolved: a number, or an array. */
export type Resolved = number | ChunkedArray;

/** Resolves a parameter and checks it when it is a number. */
export function resolveParameter(operation: string, { name, rule, otherwise }: ParameterDeclaration, value: unknown): Resolved {
  const given = value === undefined ? otherwise : value;
  const { text, holds } = RULES[rule];
  const wrong = (came: string): OptionError => new OptionError(`${operation}: expected ${text} as ${name}, got ${came}`, { option: name, received: value });
  if (given === undefined || given === null) throw wrong(String(given));
  if (typeof given === "number" || typeof given === "bigint" || typeof given === "boolean") {
    const number = Number(given);
    if (!holds(number)) throw wrong(String(given));
    return number;
  }
  if (isScalar(given)) throw wrong("a complex number");
  if (typeof given !== "object") throw wrong(typeof given === "string" ? JSON.stringify(given) : String(given));
  const array = toArray(operation, given as ArrayLike);
  if (isComplex(array.dtype)) {
    throw new DTypeError(`${operation}: expected real numbers as ${name}, got ${array.dtype}`, { dtypes: [array.dtype] });
  }
  if (!isKnown(array.shape)) {
    throw new ShapeError(`${operation}: ${name} has lengths that are not known yet`, { shapes: [array.shape], hint: "compute them first, with computeChunkSizes()" });
  }
  return array;
}

export const shapesOf = (parameters: readonly Resolved[]): Shape[] =>
  parameters.flatMap((x) => (x instanceof ChunkedArray ? [x.shape as Shape] : []));
