import type { ChunkedArray } from "../../array/chunked-array.js";
import { resultType } from "../../core/promotion.js";
import { formatShape } from "../../core/shape.js";
import { OptionError, ShapeError } from "../../errors/index.js";
import { array } from "../creation/asarray.js";
import { diag } from "../creation/diagonal.js";
import { zeros } from "../creation/full.js";
import { get } from "../indexing/get.js";
import { dot } from "../linalg/tensordot.js";
import { concatenate } from "../manipulation/concatenate.js";
import { squeeze } from "../manipulation/expand.js";
import { reshape } from "../manipulation/reshape.js";
import { transpose } from "../manipulation/transpose.js";
import { astype } from "../manipulation/astype.js";
import { type ArrayLike, isArrayLike, toArray } from "../operand.js";
import { checkOptions } from "../options.js";
import { sum } from "../reductions/sums.js";
import { maximum } from "../ufuncs/arithmetic.js";
import { conjugate } from "../ufuncs/complex.js";
import { sqrt } from "../ufuncs/exponential.js";
import { operators } from "../ufuncs/operators.js";
import { average } from "./average.js";

export interface CovarianceOptions {
  /** Whether a row is a variable and a column an observation; true when not given. */
  readonly rowvar?: boolean;
  /** Whether to divide by the number of observations and not by one less. */
  readonly bias?: boolean;
  /** Taken off the number of observations in the divisor; overrides `bias`. */
  readonly ddof?: number;
  /** How often each observation counts. */
  readonly fweights?: ArrayLike;
  /** How much each observation weighs. */
  readonly aweights?: ArrayLike;
}

export type CorrelationOptions = Pick<CovarianceOptions, "rowvar">;

/**
 * The covariance matrix of variables, those of `y` after those of `m`: [n, observations] → [n, n]; a variance without axes for one variable.
 *
 * @throws {ShapeError} `ERR_SHAPE` for more than two axes or weights that do not fit.
 * @throws {OptionError} `ERR_OPTION` when ddof is no whole number.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * console.log((await nd.cov([[0, 1, 2], [2, 1, 0]]).compute()).toNested()); // [[1, -1], [-1, 1]]
 * ```
 * @see numpy.cov
 */
export function cov(m: ArrayLike, options?: CovarianceOptions): ChunkedArray;
export function cov(m: ArrayLike, y: ArrayLike, options?: CovarianceOptions): ChunkedArray;
export function cov(m: ArrayLike, second?: ArrayLike | CovarianceOptions, third?: CovarianceOptions): ChunkedArray {
  const [y, options] = isArrayLike(second) ? [second, third ?? {}] : [undefined, second ?? third ?? {}];
  checkOptions("cov", options, ["rowvar", "bias", "ddof", "fweights", "aweights"]);
  return covariance(m, y, options);
}

function covariance(m: ArrayLike, y: ArrayLike | undefined, options: CovarianceOptions): ChunkedArray {
  const { rowvar = true, bias = false, ddof = bias ? 0 : 1 } = options;
  if (!Number.isInteger(ddof)) throw new OptionError(`cov: expected a whole number, got ${String(ddof)}`, { option: "ddof", received: ddof });
  const x = toArray("cov", m);
  const second = y === undefined ? undefined : toArray("cov", y);
  const dtype = resultType(x.dtype, ...(second ? [second.dtype] : []), "float64");
  for (const one of second ? [x, second] : [x]) {
    if (one.ndim > 2) throw new ShapeError(`cov: expected at most 2 axes, got shape ${formatShape(one.shape)}`, { shapes: [one.shape] });
  }
  const rows = array(x, { ndmin: 2, dtype });
  const first = !rowvar && x.ndim !== 1 ? transpose(rows) : rows;
  if (first.shape[0] === 0) return zeros([0, 0], { dtype });
  const variables = second === undefined ? first : concatenate([first, otherRows(second, rowvar, dtype)], { axis: 0 });
  const weights = weightsOf(variables, options);
  const [centre, weightSums] = average(variables, { axis: 1, weights, returned: true });
  const divisor = divisorOf(variables, weights, weightSums, ddof, options);
  const away = operators.sub(variables, get(centre, "...", null));
  const weighed = weights === undefined ? away : operators.mul(away, weights);
  const products = dot(away, conjugate(transpose(weighed) as ChunkedArray));
  return squeeze(operators.mul(products, divisor));
}

function otherRows(y: ChunkedArray, rowvar: boolean, dtype: ChunkedArray["dtype"]): ChunkedArray {
  const rows = array(y, { ndmin: 2, dtype });
  return !rowvar && rows.shape[0] !== 1 ? transpose(rows) : rows;
}

function weightsOf(variables: ChunkedArray, { fweights, aweights }: CovarianceOptions): ChunkedArray | undefined {
  const [f, a] = ([["fweights", fweights], ["aweights", aweights]] as const).map(([name, given]) => {
    if (given === undefined) return undefined;
    const w = astype(toArray("cov", given), "float64");
    if (w.ndim > 1 || w.shape[0] !== variables.shape[1]) {
      throw new ShapeError(`cov: expected ${name} of shape (${variables.shape[1]},), got ${formatShape(w.shape)}`, { shapes: [w.shape] });
    }
    return w as ChunkedArray;
  });
  return f && a ? operators.mul(f, a) : (f ?? a);
}

/** 1 over the degrees of freedom, which do not fall below 0. */
function divisorOf(variables: ChunkedArray, weights: ChunkedArray | undefined, sums: ChunkedArray, ddof: number, { aweights }: CovarianceOptions): ChunkedArray | number {
  if (weights === undefined) return 1 / Math.max(0, variables.shape[1] - ddof);
  const total = get(sums, 0) as ChunkedArray;
  const taken = ddof === 0 ? total
    : aweights === undefined ? operators.sub(total, ddof)
    : operators.sub(total, operators.div(operators.mul(sum(operators.mul(weights, aweights)) as ChunkedArray, ddof), total));
  return operators.div(1, maximum(taken as ArrayLike, 0));
}

/**
 * The matrix of Pearson's correlation coefficients of variables: covariances over the product of the standard deviations.
 *
 * @see numpy.corrcoef
 */
export function corrcoef(x: ArrayLike, options?: CorrelationOptions): ChunkedArray;
export function corrcoef(x: ArrayLike, y: ArrayLike, options?: CorrelationOptions): ChunkedArray;
export function corrcoef(x: ArrayLike, second?: ArrayLike | CorrelationOptions, third?: CorrelationOptions): ChunkedArray {
  const [y, options] = isArrayLike(second) ? [second, third ?? {}] : [undefined, second ?? third ?? {}];
  checkOptions("corrcoef", options, ["rowvar"]);
  const c = covariance(x, y, options);
  if (c.ndim === 0) return operators.div(c, c);
  const variances = diag(c);
  const deviations = sqrt(reshape(variances, [variances.shape[0], 1]) as ChunkedArray) as ChunkedArray;
  return operators.div(operators.div(c, deviations), transpose(deviations));
}
