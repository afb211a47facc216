import { Expr } from "./expr.js";

/**
 * How many elements lie in each bin, or the sum of their weights. `inputs`: for each dimension the elements, all of one shape, and the edges
 * (1-d, float64, int64 or uint64, in whose dtype they are compared); then the weights, of the elements' shape, if there are any.
 * The last bin of a dimension holds its upper edge. Shape: the number of bins in each dimension; int64, float64 with weights.
 */
export class Histogram extends Expr {
  readonly kind = "histogram";
  constructor(readonly dimensions: number, inputs: readonly Expr[]) {
    const shape = Array.from({ length: dimensions }, (_, d) => inputs[2 * d + 1]!.shape[0]! - 1);
    super(shape, inputs.length > 2 * dimensions ? "float64" : "int64", inputs);
  }
  protected parameters(): unknown {
    return this.dimensions;
  }
  withInputs(inputs: readonly Expr[]): Expr {
    return new Histogram(this.dimensions, inputs);
  }
}
