import type { Shape } from "../core/shape.js";
import { Expr } from "./expr.js";

/** Where an output axis comes from: coordinate `start[axis] + step * c` of input axis `axis`; axis -1: repeated. */
export interface ViewAxis {
  readonly axis: number;
  readonly step: number;
}

/**
 * Slices, integer indices, transposes, new axes, flips and broadcasts: each output axis walks at most one input axis, and each
 * input axis is walked by at most one output axis; an input axis that none walks stands still at `start`.
 */
export class View extends Expr {
  readonly kind = "view";
  constructor(input: Expr, shape: Shape, readonly axes: readonly ViewAxis[], readonly start: readonly number[]) {
    super(shape, input.dtype, [input]);
  }
  protected parameters(): unknown {
    return [this.axes.map((a) => [a.axis, a.step]), this.start];
  }
  withInputs([input]: readonly Expr[]): Expr {
    // An unknown length of a repeated axis is settled by what it stands beside.
    const shape = this.shape.map((n, i) => (Number.isNaN(n) && this.axes[i]!.axis >= 0 ? input!.shape[this.axes[i]!.axis]! : n));
    return new View(input!, shape, this.axes, this.start);
  }
}

/** Same elements in C order, another shape of the same size. */
export class Reshape extends Expr {
  readonly kind = "reshape";
  constructor(input: Expr, shape: Shape) {
    super(shape, input.dtype, [input]);
  }
  protected parameters(): unknown {
    return null;
  }
  withInputs([input]: readonly Expr[]): Expr {
    const unknown = this.shape.findIndex(Number.isNaN);
    if (unknown < 0) return new Reshape(input!, this.shape);
    const rest = this.shape.reduce((a, n) => (Number.isNaN(n) ? a : a * n), 1);
    return new Reshape(input!, this.shape.map((n, i) => (i === unknown ? input!.size / rest : n)));
  }
}
