import type { ChunkedArray } from "../../array/chunked-array.js";
import type { DType } from "../../core/dtype.js";
import { toDType, type DTypeLike } from "../../core/dtype.js";
import type { LoopRule } from "../../core/loop-rule.js";
import type { Scalar } from "../../core/scalar.js";
import type { Shape } from "../../core/shape.js";
import type { Broadcast } from "../../array/result-types.js";
import { cast } from "../../expr/build.js";
import type { Expr } from "../../expr/expr.js";
import { type ArrayLike, toOperand } from "../operand.js";
import { checkOptions } from "../options.js";
import { applyNative, elementwise, loopOfTerms, shapeOfTerms, type Term, termAs } from "./elementwise.js";
import type { Loops } from "../../expr/loops.js";
import { native } from "./native.js";
import type { BinaryResult, UnaryResult, Weak } from "./result-dtypes.js";

export interface UfuncOptions {
  /** The dtype of the result; the operation's own when not given. */
  readonly dtype?: DTypeLike;
}

/** What a declaration says of an element-wise operation. */
export interface UfuncDeclaration<R extends LoopRule> {
  /** How the dtypes follow from the operands': a rule of lib/core/loop-rule.ts. */
  readonly rule: R;
  /** The dtypes that the native operation of this name has loops for. */
  readonly loops?: Loops;
  /** The native operation's name where it is not `numpy`. */
  readonly op?: string;
  /** NumPy's name, which is also the layer's in the graph. */
  readonly numpy: string;
  /**
   * Computes what there is no native loop for: dtypes outside `loops`, or everything when there are none. Terms have one
   * dtype, the loop's.
   */
  readonly otherwise?: (terms: readonly Expr[], loop: DType, shape: Shape) => Expr;
  /** Builds the expression in place of all that, for operations that look at their scalars. */
  readonly build?: (...terms: readonly Term[]) => Expr;
}

interface UfuncBase<R extends LoopRule> {
  readonly numpy: string;
  readonly rule: R;
  readonly nin: 1 | 2;
  /** The expression of the operation on terms. @internal */
  build(...terms: readonly Term[]): Expr;
  /** The operation under another name in messages and in the graph: what an operator calls. @internal */
  as(label: string, build?: (...terms: readonly Term[]) => Expr): Ufunc;
}

/** An element-wise operation on one array. */
export interface UnaryUfunc<R extends LoopRule> extends UfuncBase<R> {
  <D extends DType, S extends Shape>(x: ChunkedArray<D, S>, options?: UfuncOptions & { dtype?: undefined }): ChunkedArray<UnaryResult<R, D>, S>;
  <D extends DType, S extends Shape, E extends DType>(x: ChunkedArray<D, S>, options: { readonly dtype: E }): ChunkedArray<E, S>;
  (x: ArrayLike, options?: UfuncOptions): ChunkedArray;
}

/** An element-wise operation on two arrays that broadcast. */
export interface BinaryUfunc<R extends LoopRule> extends UfuncBase<R> {
  <A extends DType, S extends Shape, B extends DType, T extends Shape>(
    x: ChunkedArray<A, S>, y: ChunkedArray<B, T>, options?: { dtype?: undefined },
  ): ChunkedArray<BinaryResult<R, A, B>, Broadcast<S, T>>;
  <A extends DType, S extends Shape, V extends Scalar>(
    x: ChunkedArray<A, S>, y: V, options?: { dtype?: undefined },
  ): ChunkedArray<BinaryResult<R, A, Weak<A, V>>, S>;
  <A extends DType, S extends Shape, V extends Scalar>(
    x: V, y: ChunkedArray<A, S>, options?: { dtype?: undefined },
  ): ChunkedArray<BinaryResult<R, Weak<A, V>, A>, S>;
  (x: ArrayLike, y: ArrayLike, options?: UfuncOptions): ChunkedArray;
}

/** An element-wise operation of either kind, as tables of them see it. */
export type Ufunc = ((...args: readonly (ArrayLike | UfuncOptions | undefined)[]) => ChunkedArray) & UfuncBase<LoopRule>;

const declared = new Map<string, Ufunc>();

/** Every declared operation by its public name. */
export const ufuncs = (): ReadonlyMap<string, Ufunc> => declared;

/** Declares an operation on one array. */
export function unary<const R extends LoopRule>(name: string, declaration: UfuncDeclaration<R>): UnaryUfunc<R> {
  return declare(name, 1, declaration) as unknown as UnaryUfunc<R>;
}

/** Declares an operation on two arrays. */
export function binary<const R extends LoopRule>(name: string, declaration: UfuncDeclaration<R>): BinaryUfunc<R> {
  return declare(name, 2, declaration) as unknown as BinaryUfunc<R>;
}

function declare(name: string, nin: 1 | 2, declaration: UfuncDeclaration<LoopRule>): Ufunc {
  const build = builder(name, nin, declaration);
  const ufunc = callable(name, declaration.numpy, nin, declaration, build);
  declared.set(name, ufunc);
  return ufunc;
}

function callable(
  name: string, label: string, nin: 1 | 2, declaration: UfuncDeclaration<LoopRule>, build: (...terms: readonly Term[]) => Expr,
): Ufunc {
  const call = (...args: readonly unknown[]): ChunkedArray => {
    const operands = Array.from({ length: nin }, (_, i) => toOperand(name, args[i] as ArrayLike));
    const options = (args[nin] ?? {}) as UfuncOptions;
    checkOptions(name, options, ["dtype"]);
    const { dtype } = options;
    return elementwise(name, label, operands, (terms) => {
      const result = build(...terms);
      return dtype === undefined ? result : cast(result, toDType(dtype, name));
    });
  };
  Object.defineProperty(call, "name", { value: name });
  return Object.assign(call, {
    numpy: declaration.numpy, rule: declaration.rule, nin, build,
    as: (other: string, own = build) => callable(other, other, nin, declaration, own),
  }) as Ufunc;
}

function builder(
  name: string, nin: 1 | 2, { rule, loops, op, numpy, otherwise, build }: UfuncDeclaration<LoopRule>,
): (...terms: readonly Term[]) => Expr {
  if (build) return build;
  const operation = loops && native(op ?? numpy, nin, loops);
  return (...terms) => {
    const { loop } = loopOfTerms(name, rule, terms);
    if (operation?.has(loop)) return applyNative(name, operation, rule, terms);
    return otherwise!(terms.map((x) => termAs(name, x, loop)), loop, shapeOfTerms(name, terms));
  };
}
