import type { Naive } from "../../support/naive/value.js";

/** One operation of a program: what it computes, and the line of code that says so. */
export interface Step {
  /** The steps whose values it takes. */
  readonly inputs: readonly number[];
  /** The call as code, given the names of its inputs; `cut` chooses one of two chunkings. */
  readonly code: (names: readonly string[], cut: 0 | 1) => string;
  /** The same by plain loops. */
  readonly naive: (...inputs: readonly Naive[]) => Naive;
  /** Sums and products of exactly representable numbers are exact in any order; others are compared with a tolerance. */
  readonly exact: boolean;
  /** How many elements there are is known only when it has run. */
  readonly selects?: boolean;
}

/** A step with what it computes, eagerly. */
export interface Made extends Step {
  readonly value: Naive;
  readonly isExact: boolean;
  /** The length of its only axis is known to none before it has run. */
  readonly unknown: boolean;
}

export interface Program {
  readonly seed: number;
  readonly steps: readonly Made[];
}

/** The steps that no other step takes. */
export const leaves = (steps: readonly Made[]): number[] => {
  const used = new Set(steps.flatMap((s) => s.inputs));
  return steps.map((_, i) => i).filter((i) => !used.has(i));
};

export const nameOf = (i: number): string => `x${i}`;

/** The program as lines of code. */
export function codeOf(program: Program, cut: 0 | 1): string[] {
  return program.steps.map((step, i) => `const ${nameOf(i)} = ${step.code(step.inputs.map(nameOf), cut)};`);
}

const literal = (x: number | bigint | boolean): string => (typeof x === "bigint" ? `${x}n` : Object.is(x, -0) ? "-0" : String(typeof x === "boolean" ? Number(x) : x));
const CLASSES = { float64: "Float64Array", int64: "BigInt64Array", bool: "Uint8Array" } as const;

/** Code for an array in memory. */
export function memoryCode(value: Naive, chunks: string): string {
  return `nd.fromArray(${CLASSES[value.dtype]}.from([${value.data.map(literal).join(", ")}]), { shape: [${value.shape}], dtype: "${value.dtype}", chunks: ${chunks} })`;
}
