import type { ChunkedArray } from "../../array/chunked-array.js";
import type { ShapeOf } from "../../array/result-types.js";
import type { ChunksSpec } from "../../core/chunks.js";
import type { DType } from "../../core/dtype.js";
import type { Shape } from "../../core/shape.js";
import type { ArrayLike } from "../operand.js";
import type { Parameter } from "./parameters.js";

/** A shape, or the length of one axis. */
export type Size = number | Shape;
/** The dtypes of real random numbers. */
export type Real = "float64" | "float32";
/** The dtypes of random whole numbers. */
export type Whole = "bool" | "int8" | "int16" | "int32" | "int64" | "uint8" | "uint16" | "uint32" | "uint64";

/** How a draw is cut and what it holds. */
export interface ChunkOptions<D extends DType = DType> {
  /** How to cut the array; `"auto"` when not given. Numbers do not depend on it. */
  readonly chunks?: ChunksSpec;
  readonly dtype?: D;
}
/** The same, and how many numbers. */
export interface DrawOptions<S extends Size = Size, D extends DType = DType> extends ChunkOptions<D> {
  /** The shape; that of the parameters when not given: one number when they are numbers. */
  readonly size?: S;
}
type Fixed<S extends Size> = Omit<DrawOptions<S>, "dtype">;

type AsParameters<A extends readonly unknown[]> = { [I in keyof A]: Parameter };

/** A distribution of real numbers with parameters `A`; all of them may stand in the options, too. */
export interface DrawReal<A extends readonly unknown[], N, X> {
  <const S extends Size = [], D extends Real = "float64">(...args: [...A, options?: DrawOptions<S, D> & X]): ChunkedArray<D, ShapeOf<S>>;
  <const S extends Size = [], D extends Real = "float64">(options: DrawOptions<S, D> & N & X): ChunkedArray<D, ShapeOf<S>>;
  <D extends Real = "float64">(...args: [...AsParameters<A>, options?: DrawOptions<Size, D> & X]): ChunkedArray<D>;
}
/** A distribution of whole numbers with parameters `A`; all of them may stand in the options, too. */
export interface DrawWhole<A extends readonly unknown[], N, X> {
  <const S extends Size = []>(...args: [...A, options?: Fixed<S> & X]): ChunkedArray<"int64", ShapeOf<S>>;
  <const S extends Size = []>(options: Fixed<S> & N & X): ChunkedArray<"int64", ShapeOf<S>>;
  (...args: [...AsParameters<A>, options?: Fixed<Size> & X]): ChunkedArray<"int64">;
}
/** A distribution without parameters: the size comes first. */
export interface DrawStandard<X> {
  <const S extends Size = [], D extends Real = "float64">(size?: S, options?: ChunkOptions<D> & X): ChunkedArray<D, ShapeOf<S>>;
}

/** How {@link Draws.choice} chooses. */
export interface ChoiceOptions<S extends Size = Size> extends Omit<DrawOptions<S>, "dtype"> {
  /** Whether one element can be chosen twice; true when not given. */
  readonly replace?: boolean;
  /** The elements' probabilities, which add up to 1; all the same when not given. */
  readonly p?: ArrayLike;
  /** 0, the only axis that there is. */
  readonly axis?: 0 | -1;
  /** Accepted for NumPy's sake: what is chosen without replacement comes in random order either way. */
  readonly shuffle?: boolean;
}
/** How {@link Draws.choice} is called: with an array, or with a number `n` for the numbers below it. */
export interface Choice<X> {
  <const S extends Size = []>(a: number | bigint, options?: ChoiceOptions<S> & X): ChunkedArray<"int64", ShapeOf<S>>;
  <D extends DType, const S extends Size = []>(a: ChunkedArray<D>, options?: ChoiceOptions<S> & X): ChunkedArray<D, ShapeOf<S>>;
  <const S extends Size = []>(a: ArrayLike, options?: ChoiceOptions<S> & X): ChunkedArray<DType, ShapeOf<S>>;
}
/** How {@link Draws.permutation} is called: with an array, or with a number `n` for the numbers below it. */
export interface Permutation<X> {
  (x: number | bigint, options?: X): ChunkedArray<"int64", [number]>;
  <D extends DType, S extends Shape>(x: ChunkedArray<D, S>, options?: X): ChunkedArray<D, S>;
  (x: ArrayLike, options?: X): ChunkedArray;
}

type Bound = number | bigint;
/** How uniform whole numbers are drawn: from `low` up to `high`, or from 0 when there is one bound only. */
export interface DrawIntegers<O, X> {
  <const S extends Size = [], D extends Whole = "int64">(low: Bound, high?: Bound | null, options?: DrawOptions<S, D> & O & X): ChunkedArray<D, ShapeOf<S>>;
  <const S extends Size = [], D extends Whole = "int64">(
    low: Bound, options: DrawOptions<S, D> & O & X & { readonly high?: Bound | null },
  ): ChunkedArray<D, ShapeOf<S>>;
}

/**
 * The distributions, as methods of {@link Generator} and {@link RandomState} and as functions of `nd.random`.
 *
 * Parameters are numbers or arrays that broadcast to the size. A number outside the domain is refused; an element of an array gives NaN, or 0 of
 * whole numbers. An element depends on the seed, the draw's place among the generator's draws and the element's place in the array; never on
 * chunks, threads or the machine.
 */
export interface Draws<X = object> {
  /**
   * Draws from the beta distribution with shapes `a` and `b`, both > 0.
   *
   * @example
   * ```ts
   * import * as nd from "ndloom";
   * console.log(await nd.random.defaultRng(1).beta(2, 3, { size: 100_000 }).mean().compute()); // about 0.4
   * ```
   * @see numpy.random.Generator.beta
   */
  readonly beta: DrawReal<[a: number, b: number], { readonly a: Parameter; readonly b: Parameter }, X>;
  /**
   * Draws the number of successes in `n` trials that succeed with probability `p`.
   *
   * @example
   * ```ts
   * import * as nd from "ndloom";
   * console.log(await nd.random.defaultRng(1).binomial(10, 0.5, { size: 10_000 }).max().compute()); // 10n
   * ```
   * @see numpy.random.Generator.binomial
   */
  readonly binomial: DrawWhole<[n: number, p: number], { readonly n: Parameter; readonly p: Parameter }, X>;
  /** Draws from the chi-square distribution with `df` > 0 degrees of freedom. @see numpy.random.Generator.chisquare */
  readonly chisquare: DrawReal<[df: number], { readonly df: Parameter }, X>;
  /**
   * Chooses elements of a 1-d array, or of the numbers below `a`.
   *
   * Without replacement the size is at most the number of elements. Choices with `p` but no replacement hold and sort one number for each element.
   * The layer is called `da.random.choice`; an array in several chunks is drawn as one.
   *
   * @throws {OptionError} `ERR_OPTION` when `p` does not fit, or there are not enough elements.
   * @throws {ShapeError} `ERR_SHAPE` when `a` is not 1-d.
   * @example
   * ```ts
   * import * as nd from "ndloom";
   * // each of 0..5 once
   * const dice = nd.random.defaultRng(1).choice(6, { size: [2, 3], replace: false });
   * console.log((await dice.compute()).shape); // [2, 3]
   * ```
   * @see numpy.random.Generator.choice
   */
  readonly choice: Choice<X>;
  /** Draws waiting times of mean `scale`. @see numpy.random.Generator.exponential */
  readonly exponential: DrawReal<[scale?: number], { readonly scale?: Parameter }, X>;
  /** Draws from Fisher's distribution with `dfnum` and `dfden` degrees of freedom, both > 0. @see numpy.random.Generator.f */
  readonly f: DrawReal<[dfnum: number, dfden: number], { readonly dfnum: Parameter; readonly dfden: Parameter }, X>;
  /** Draws from the gamma distribution of a `shape` ≥ 0 and a `scale` ≥ 0, 1 when not given. @see numpy.random.Generator.gamma */
  readonly gamma: DrawReal<[shape: number, scale?: number], { readonly shape: Parameter; readonly scale?: Parameter }, X>;
  /** Draws the number of trials up to the first success, of probability `p`. @see numpy.random.Generator.geometric */
  readonly geometric: DrawWhole<[p: number], { readonly p: Parameter }, X>;
  /** Draws from Gumbel's distribution of extremes around `loc`, of `scale` ≥ 0. @see numpy.random.Generator.gumbel */
  readonly gumbel: DrawReal<[loc?: number, scale?: number], { readonly loc?: Parameter; readonly scale?: Parameter }, X>;
  /**
   * Draws the number of good elements among `nsample` taken from `ngood` good and `nbad` bad ones. Parameters are numbers only.
   *
   * @throws {OptionError} `ERR_OPTION` when more are taken than there are, or there are 10⁹ or more.
   * @see numpy.random.Generator.hypergeometric
   */
  readonly hypergeometric: DrawWhole<[ngood: number, nbad: number, nsample: number], { readonly ngood: number; readonly nbad: number; readonly nsample: number }, X>;
  /** Draws from Laplace's distribution around `loc`, of `scale` ≥ 0. @see numpy.random.Generator.laplace */
  readonly laplace: DrawReal<[loc?: number, scale?: number], { readonly loc?: Parameter; readonly scale?: Parameter }, X>;
  /** Draws from the logistic distribution around `loc`, of `scale` ≥ 0. @see numpy.random.Generator.logistic */
  readonly logistic: DrawReal<[loc?: number, scale?: number], { readonly loc?: Parameter; readonly scale?: Parameter }, X>;
  /** Draws numbers whose logarithms are normal with `mean` and deviation `sigma` ≥ 0. @see numpy.random.Generator.lognormal */
  readonly lognormal: DrawReal<[mean?: number, sigma?: number], { readonly mean?: Parameter; readonly sigma?: Parameter }, X>;
  /** Draws from the logarithmic series distribution, 0 ≤ `p` < 1. @see numpy.random.Generator.logseries */
  readonly logseries: DrawWhole<[p: number], { readonly p: Parameter }, X>;
  /**
   * Draws how often each of several outcomes comes in `n` experiments. `pvals` are their probabilities; the last takes what is left.
   *
   * The result has one axis more than the size, the outcomes, in one chunk.
   *
   * @throws {OptionError} `ERR_OPTION` when the probabilities add up to more than 1.
   * @example
   * ```ts
   * import * as nd from "ndloom";
   * const throws = nd.random.defaultRng(1).multinomial(60, new Array(6).fill(1 / 6), { size: 3 });
   * console.log((await throws.sum({ axis: 1 }).compute()).toNested()); // [60n, 60n, 60n]
   * ```
   * @see numpy.random.Generator.multinomial
   */
  multinomial(n: number, pvals: ArrayLike, options?: Omit<DrawOptions, "dtype"> & X): ChunkedArray<"int64", number[]>;
  /** Draws the number of failures before `n` > 0 successes of probability `p`; `n` need not be whole. @see numpy.random.Generator.negative_binomial */
  readonly negativeBinomial: DrawWhole<[n: number, p: number], { readonly n: Parameter; readonly p: Parameter }, X>;
  /** Draws from the noncentral chi-square distribution, `df` > 0, `nonc` ≥ 0. @see numpy.random.Generator.noncentral_chisquare */
  readonly noncentralChisquare: DrawReal<[df: number, nonc: number], { readonly df: Parameter; readonly nonc: Parameter }, X>;
  /** Draws from the noncentral F distribution, degrees > 0, `nonc` ≥ 0. @see numpy.random.Generator.noncentral_f */
  readonly noncentralF: DrawReal<[dfnum: number, dfden: number, nonc: number], { readonly dfnum: Parameter; readonly dfden: Parameter; readonly nonc: Parameter }, X>;
  /**
   * Draws normal numbers with mean `loc` and standard deviation `scale` ≥ 0.
   *
   * @returns float64, or float32 when asked for; the shape of `size`
   * @throws {OptionError} `ERR_OPTION` when `scale` < 0.
   * @throws {ShapeError} `ERR_BROADCAST` when arrays do not broadcast to the size.
   * @example
   * ```ts
   * import * as nd from "ndloom";
   * const x = nd.random.defaultRng(42).normal(10, 0.1, { size: [1000, 1000], chunks: 500 });
   * console.log(await x.mean().compute()); // about 10
   * ```
   * @see numpy.random.Generator.normal
   */
  readonly normal: DrawReal<[loc?: number, scale?: number], { readonly loc?: Parameter; readonly scale?: Parameter }, X>;
  /** Draws from Pareto's distribution of the second kind (Lomax), `a` > 0. @see numpy.random.Generator.pareto */
  readonly pareto: DrawReal<[a: number], { readonly a: Parameter }, X>;
  /**
   * Orders an array anew along axis 0, or the numbers below `x`. Rows stay whole.
   *
   * All orders of up to 65,536 elements are equally likely; of more, the order is computed place by place and nothing is sorted.
   *
   * @example
   * ```ts
   * import * as nd from "ndloom";
   * console.log(await nd.random.defaultRng(1).permutation(10).sum().compute()); // 45n
   * ```
   * @see numpy.random.Generator.permutation
   */
  readonly permutation: Permutation<X>;
  /** Draws the number of events when `lam` ≥ 0 are expected. @see numpy.random.Generator.poisson */
  readonly poisson: DrawWhole<[lam?: number], { readonly lam?: Parameter }, X>;
  /** Draws from the power distribution on [0, 1], of density a·x^(a−1), `a` > 0. @see numpy.random.Generator.power */
  readonly power: DrawReal<[a: number], { readonly a: Parameter }, X>;
  /** Draws from Rayleigh's distribution, `scale` ≥ 0. @see numpy.random.Generator.rayleigh */
  readonly rayleigh: DrawReal<[scale?: number], { readonly scale?: Parameter }, X>;
  /** Draws from Cauchy's distribution around 0. @see numpy.random.Generator.standard_cauchy */
  readonly standardCauchy: DrawStandard<X>;
  /** Draws waiting times of mean 1. @see numpy.random.Generator.standard_exponential */
  readonly standardExponential: DrawStandard<X>;
  /** Draws from the gamma distribution of a `shape` ≥ 0 and scale 1. @see numpy.random.Generator.standard_gamma */
  readonly standardGamma: DrawReal<[shape: number], { readonly shape: Parameter }, X>;
  /** Draws normal numbers with mean 0 and standard deviation 1. @see numpy.random.Generator.standard_normal */
  readonly standardNormal: DrawStandard<X>;
  /** Draws from Student's distribution with `df` > 0 degrees of freedom. @see numpy.random.Generator.standard_t */
  readonly standardT: DrawReal<[df: number], { readonly df: Parameter }, X>;
  /**
   * Draws from the triangular distribution on [left, right] with its top at `mode`.
   *
   * @throws {OptionError} `ERR_OPTION` unless left ≤ mode ≤ right and left < right.
   * @see numpy.random.Generator.triangular
   */
  readonly triangular: DrawReal<[left: number, mode: number, right: number], { readonly left: Parameter; readonly mode: Parameter; readonly right: Parameter }, X>;
  /**
   * Draws numbers evenly from [low, high), from [0, 1) when not given.
   *
   * @throws {OptionError} `ERR_OPTION` when high < low, or one is not finite.
   * @see numpy.random.Generator.uniform
   */
  readonly uniform: DrawReal<[low?: number, high?: number], { readonly low?: Parameter; readonly high?: Parameter }, X>;
  /** Draws angles in [−π, π] around `mu`, of concentration `kappa` ≥ 0. @see numpy.random.Generator.vonmises */
  readonly vonmises: DrawReal<[mu: number, kappa: number], { readonly mu: Parameter; readonly kappa: Parameter }, X>;
  /** Draws from Wald's distribution (inverse Gaussian) of `mean` > 0 and `scale` > 0. @see numpy.random.Generator.wald */
  readonly wald: DrawReal<[mean: number, scale: number], { readonly mean: Parameter; readonly scale: Parameter }, X>;
  /** Draws from Weibull's distribution of shape `a` ≥ 0 and scale 1. @see numpy.random.Generator.weibull */
  readonly weibull: DrawReal<[a: number], { readonly a: Parameter }, X>;
  /** Draws from Zipf's distribution of exponent `a` > 1. @see numpy.random.Generator.zipf */
  readonly zipf: DrawWhole<[a: number], { readonly a: Parameter }, X>;
}
