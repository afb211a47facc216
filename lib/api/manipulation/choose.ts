import { type AnyArray, ChunkedArray } from "../../array/chunked-array.js";
import { installMethods } from "../../array/methods.js";
import { isInteger } from "../../core/dtype.js";
import { resultType } from "../../core/promotion.js";
import { isScalar, type Scalar } from "../../core/scalar.js";
import { DTypeError, OptionError } from "../../errors/index.js";
import * as build from "../../expr/build.js";
import type { Expr } from "../../expr/expr.js";
import { ensure } from "../ensure.js";
import { type ArrayLike, type Operand, toArray, toOperand } from "../operand.js";
import { elementwise, shapeOfTerms, type Term, termAs } from "../ufuncs/elementwise.js";
import { chooseAs } from "../ufuncs/where.js";
import { blockwise } from "../../graph/blockwise.js";
import { unifyGraphs } from "../unify.js";

declare module "../../array/chunked-array.js" {
  interface ChunkedArray<D, S> {
    /** Takes each element from the array of `choices` that this array names. See {@link choose}. */
    choose(choices: readonly ArrayLike[]): ChunkedArray;
  }
}

/**
 * Takes each element from the one of `choices` whose number stands at its place in `x`; all are broadcast.
 *
 * Computing fails when a number is not one of 0 to the number of choices − 1.
 *
 * @throws {DTypeError} `ERR_DTYPE` when `x` holds no integers.
 * @throws {OptionError} `ERR_OPTION` when there are no choices.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * console.log((await nd.choose([0, 1, 0], [[1, 2, 3], [-1, -2, -3]]).compute()).toNested()); // [1n, -2n, 3n]
 * ```
 * @see numpy.choose
 */
export function choose(x: ArrayLike, choices: readonly ArrayLike[]): ChunkedArray {
  const index = toArray("choose", x);
  if (!isInteger(index.dtype) && index.dtype !== "bool") {
    throw new DTypeError(`choose: expected integers that name choices, got ${index.dtype}`, {
      dtypes: [index.dtype], hint: "cast with astype",
    });
  }
  if (choices.length === 0) {
    throw new OptionError("choose: expected at least one choice, got none", {
      option: "choices", received: choices,
    });
  }
  const operands: Operand[] = [index, ...choices.map((choice) => toOperand("choose", choice))];
  return elementwise("choose", "variadic_choose", operands, ([number, ...terms]) => {
    const dtype = resultType(...terms.map((term) => (isScalar(term) ? term : term!.dtype)));
    const known = inRange(build.cast(number as Expr, "int64"), terms.length);
    const shape = shapeOfTerms("choose", [known, ...(terms as Term[])]);
    return terms.reduceRight<Expr | undefined>((rest, term, k) => {
      const own = termAs("choose", term!, dtype);
      if (rest === undefined) return build.broadcastTo(own, shape);
      return chooseAs("choose", dtype, build.map("equal", "int64", "bool", [known, build.full([], "int64", k)], known.shape), own, rest);
    }, undefined)!;
  });
}

function inRange(index: Expr, count: number): Expr {
  const constant = (value: number): Expr => build.full([], "int64", value);
  const low = build.map("greater_equal", "int64", "bool", [index, constant(0)], index.shape);
  const high = build.map("less", "int64", "bool", [index, constant(count)], index.shape);
  return ensure(index, build.map("logical_and", "bool", "bool", [low, high], index.shape),
    `choose: an index is out of bounds for ${count} choices`);
}

/** What {@link select} takes where no condition is true. */
export interface SelectOptions {
  /** 0 by default. */
  readonly default?: Scalar;
}

/**
 * Takes each element from the choice of the first condition that is true at its place; all are broadcast.
 *
 * @throws {OptionError} `ERR_OPTION` when there are no conditions, or not as many as choices.
 * @throws {DTypeError} `ERR_DTYPE` when a condition is not bool.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * const x = nd.arange(6);
 * console.log((await nd.select([x.lt(2), x.gt(3)], [x, x.mul(10)], { default: -1 }).compute()).toNested()); // [0n, 1n, -1n, -1n, 40n, 50n]
 * ```
 * @see numpy.select
 */
export function select(
  conditions: readonly ArrayLike[], choices: readonly ArrayLike[], { default: otherwise = 0 }: SelectOptions = {},
): ChunkedArray {
  if (conditions.length === 0 || conditions.length !== choices.length) {
    const came = `${conditions.length} conditions and ${choices.length} choices`;
    throw new OptionError(`select: expected as many choices as conditions and at least one, got ${came}`, {
      option: "choices", received: choices.length,
    });
  }
  const tests = conditions.map((condition) => boolOf("select", condition));
  const operands: Operand[] = [...tests, ...choices.map((choice) => toOperand("select", choice))];
  return elementwise("select", "select", operands, (terms) => {
    const values = terms.slice(tests.length);
    const dtype = resultType(...values.map((term) => (isScalar(term) ? term : term.dtype)), otherwise);
    const shape = shapeOfTerms("select", terms);
    const start = build.broadcastTo(termAs("select", otherwise, dtype), shape);
    return values.reduceRight<Expr>((rest, value, k) => chooseAs("select", dtype, terms[k]!, value, rest), start);
  });
}

function boolOf(operation: string, condition: ArrayLike): ChunkedArray {
  const array = toArray(operation, condition);
  if (array.dtype === "bool") return array;
  throw new DTypeError(`${operation}: expected conditions of bool, got ${array.dtype}`, {
    dtypes: [array.dtype], hint: "compare, or cast with astype",
  });
}

/** What {@link piecewise} puts in a place: a value, or a function of the array. */
export type Piece = Scalar | ((x: ChunkedArray) => ArrayLike);

/**
 * Puts together an array from pieces: where a condition is true stands its value, or what its function gives. A later condition wins over an
 * earlier one; one piece more than conditions is for the places where none is true, which else are 0.
 *
 * A function sees the whole array and must give one of its shape; the result has the dtype of `x`.
 *
 * @throws {OptionError} `ERR_OPTION` when the numbers of conditions and pieces do not fit.
 * @throws {DTypeError} `ERR_DTYPE` when a condition is not bool.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * const x = nd.arange(-2, 3);
 * console.log((await nd.piecewise(x, [x.lt(0)], [(y) => y.neg(), 7]).compute()).toNested()); // [2n, 1n, 7n, 7n, 7n]
 * ```
 * @see numpy.piecewise
 */
export function piecewise(x: ArrayLike, conditions: readonly ArrayLike[], pieces: readonly Piece[]): ChunkedArray {
  const array = toArray("piecewise", x);
  if (pieces.length !== conditions.length && pieces.length !== conditions.length + 1) {
    const n = conditions.length;
    throw new OptionError(`piecewise: expected ${n} or ${n + 1} pieces for ${n} conditions, got ${pieces.length}`, {
      option: "pieces", received: pieces.length,
    });
  }
  const tests = conditions.map((condition) => boolOf("piecewise", condition));
  const shape = array.expr.shape;
  const value = (piece: Piece): Expr => {
    const given = typeof piece === "function" ? toOperand("piecewise", piece(array)) : piece;
    return build.broadcastTo(termAs("piecewise", isScalar(given) ? given : given.expr, array.dtype), shape);
  };
  const start = value(pieces.length > conditions.length ? pieces[conditions.length]! : 0);
  const expr = tests.reduce((rest, test, k) => chooseAs("piecewise", array.dtype, test.expr, value(pieces[k]!), rest), start);
  const { graphs, chunks } = unifyGraphs("piecewise", [array, ...tests]);
  return new ChunkedArray(expr, blockwise("piecewise", chunks, graphs, expr.token));
}

installMethods({ choose: (x: AnyArray, choices: readonly ArrayLike[]) => choose(x, choices) });
