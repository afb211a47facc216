import { formatShape } from "../core/shape.js";
import { ShapeError } from "../errors/index.js";
import type { Expr } from "./expr.js";
import { Full } from "./full.js";
import { View } from "./view.js";

/**
 * Inputs whose lengths must agree along the given axes (counted from the first): where one's unknown lengths have become known, what is
 * repeated beside it takes them over.
 *
 * @throws {ShapeError} `ERR_BROADCAST` when lengths that masks decided differ.
 */
export function settleShapes(operation: string, inputs: readonly Expr[], axes: readonly number[]): readonly Expr[] {
  const length = new Map(axes.map((axis) => [axis, inputs.map((x) => x.shape[axis]!).find((n) => !Number.isNaN(n)) ?? NaN]));
  return inputs.map((x) => {
    const shape = x.shape.map((n, axis) => (Number.isNaN(n) ? (length.get(axis) ?? n) : n));
    const settled = x.shape.every((n, axis) => Object.is(n, shape[axis])) ? x
      : x instanceof Full ? new Full(shape, x.dtype, x.value)
      : x instanceof View ? new View(x.inputs[0]!, shape, x.axes, x.start)
      : x;
    const odd = axes.find((axis) => !agree(settled.shape[axis]!, length.get(axis)!));
    if (odd === undefined) return settled;
    const other = inputs.find((y) => y.shape[odd] === length.get(odd))!;
    const came = `shapes ${formatShape(settled.shape)} and ${formatShape(other.shape)}`;
    throw new ShapeError(`${operation}: the masks selected different numbers of elements, ${came}`, {
      code: "ERR_BROADCAST", shapes: [settled.shape, other.shape],
    });
  });
}

const agree = (a: number, b: number): boolean => a === b || Number.isNaN(a) || Number.isNaN(b);
