import type { DType } from "../../core/dtype.js";
import type { Shape } from "../../core/shape.js";
import { UnsupportedError } from "../../errors/index.js";
import { cast, full, map } from "../../expr/build.js";
import type { Expr } from "../../expr/expr.js";
import type { NativeOp } from "../../expr/generated/native-ops.js";
import { type GeneratorKind, GENERATORS, Random } from "../../expr/random.js";
import { partKey } from "./keys.js";
import { ARRAY_DRAWS } from "./array-draws.js";

/** A number, or an expression that broadcasts to the draw's shape. */
export type Term = number | Expr;

type FloatOp = Extract<NativeOp, "add" | "subtract" | "multiply" | "divide" | "sqrt" | "exp" | "expm1" | "log" | "power" | "maximum" | "square" | "ceil">;
type Comparison = Extract<NativeOp, "less" | "less_equal" | "greater" | "greater_equal">;

/** Writes the transformation of random numbers as expressions of one shape and one float dtype; numbers alone are worked out at once. */
export class Formula {
  #part = 0;

  constructor(readonly operation: string, readonly shape: Shape, readonly dtype: "float32" | "float64", readonly key: bigint) {}

  /** Uniform in [0, 1), standard normal, or exponential numbers, of a stream of their own. */
  standard(kind: "random" | "normal" | "exponential"): Expr {
    return this.#random(this.dtype === "float32" ? `${kind}Float32` : kind);
  }
  /** Exponential numbers without the zero, of which one in 2⁵³ is: for logarithms. */
  positiveExponential(): Expr {
    return this.apply("maximum", this.standard("exponential"), 2 ** -54);
  }
  /** Numbers of a native generator, of a stream of their own; float64 or int64, whatever the formula's dtype. */
  draw(generator: keyof typeof ARRAY_DRAWS | "hypergeometric", ...terms: readonly Term[]): Expr {
    if (terms.every((x) => typeof x === "number")) return this.#random(generator, terms as number[]);
    if (generator === "hypergeometric") {
      throw new UnsupportedError(`${this.operation}: expected numbers as parameters, got an array`, { hint: "draw once for each element and stack" });
    }
    const inputs = [this.#random("random"), ...terms.map((x) => (typeof x === "number" ? full([], "float64", x) : x))];
    return cast(ARRAY_DRAWS[generator].apply("float64", "float64", inputs, this.shape), GENERATORS[generator]);
  }
  #random(generator: GeneratorKind, p: readonly number[] = []): Expr {
    return new Random(this.shape, generator, { key: partKey(this.key, this.#part++), p });
  }

  add = (a: Term, b: Term): Term => (a === 0 ? b : b === 0 ? a : both(a, b) ? a + (b as number) : this.apply("add", a, b));
  subtract = (a: Term, b: Term): Term => (b === 0 ? a : both(a, b) ? a - (b as number) : this.apply("subtract", a, b));
  multiply = (a: Term, b: Term): Term => (a === 1 ? b : b === 1 ? a : both(a, b) ? a * (b as number) : this.apply("multiply", a, b));
  divide = (a: Term, b: Term): Term => (b === 1 ? a : both(a, b) ? a / (b as number) : this.apply("divide", a, b));
  sqrt = (a: Term): Term => (typeof a === "number" ? Math.sqrt(a) : this.apply("sqrt", a));
  /** loc + scale · x. */
  affine = (loc: Term, scale: Term, x: Term): Term => this.add(loc, this.multiply(scale, x));

  apply(op: FloatOp, ...terms: readonly Term[]): Expr {
    return map(op, this.dtype, this.dtype, terms.map((x) => this.expr(x)), this.shape);
  }
  compare(op: Comparison, a: Term, b: Term): Expr {
    return map(op, this.dtype, "bool", [this.expr(a), this.expr(b)], this.shape);
  }
  where(condition: Expr, a: Term, b: Term): Expr {
    return map("where", this.dtype, this.dtype, [condition, this.expr(a), this.expr(b)], this.shape);
  }
  expr(x: Term): Expr {
    return typeof x === "number" ? full([], this.dtype as DType, x) : x;
  }
}

const both = (a: Term, b: Term): a is number => typeof a === "number" && typeof b === "number";
