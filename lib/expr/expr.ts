import type { DType } from "../core/dtype.js";
import type { Shape } from "../core/shape.js";
import { tokenOf } from "../core/token.js";
import type { Origin } from "./origin.js";

/**
 * What an array's elements are: an immutable node over other nodes, without chunks. How the array looks as a graph of
 * chunks is lib/graph's business. A size that only the data tell (a boolean mask) is NaN.
 */
export abstract class Expr {
  abstract readonly kind: string;
  #token: string | undefined;
  /** Set once, by the first array that has it. */
  origin: Origin | undefined;

  constructor(
    readonly shape: Shape,
    readonly dtype: DType,
    readonly inputs: readonly Expr[],
  ) {}

  get ndim(): number {
    return this.shape.length;
  }
  get size(): number {
    return this.shape.reduce((a, b) => a * b, 1);
  }
  /** Equal tokens: equal values. */
  get token(): string {
    if (this.#token !== undefined) return this.#token;
    // Inputs first, on a stack of our own: a chain of ten thousand operations is no reason to run out of the engine's.
    const stack: Expr[] = [this];
    while (stack.length > 0) {
      const top = stack[stack.length - 1]!;
      const waiting = top.#token === undefined ? top.inputs.filter((x) => x.#token === undefined) : [];
      if (waiting.length > 0) stack.push(...waiting);
      else (top.#token ??= tokenOf([top.kind, top.dtype, top.shape, top.parameters(), top.inputs.map((x) => x.#token!)])), stack.pop();
    }
    return this.#token!;
  }

  /** Everything but kind, shape, dtype and inputs that decides the value. */
  protected abstract parameters(): unknown;
  /** The same operation on other inputs of the same dtypes, whose unknown sizes may have become known. */
  abstract withInputs(inputs: readonly Expr[]): Expr;
}
