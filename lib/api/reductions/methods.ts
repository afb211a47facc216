import { installMethods } from "../../array/methods.js";
import type { FloatOf, RealOf, SumOf } from "../../array/result-types.js";
import { argmax, argmin, type ArgOptions, max, min } from "./extremes.js";
import { all, any } from "./logical.js";
import { mean } from "./mean.js";
import { moment, type MomentOptions, std, variance } from "./moments.js";
import { argtopk, topk, type TopkOptions } from "./topk.js";
import type { AccumulateOptions, DTypeOr, Reduced, ReduceOptions } from "./reduce.js";
import { prod, sum } from "./sums.js";

type None = Record<never, never>;

declare module "../../array/chunked-array.js" {
  interface ChunkedArray<D, S> {
    /** Adds up elements over axes. See {@link sum}. */
    sum<const O extends AccumulateOptions = None>(options?: O): ChunkedArray<DTypeOr<O, SumOf<D>>, Reduced<S, O>>;
    /** Multiplies elements over axes. See {@link prod}. */
    prod<const O extends AccumulateOptions = None>(options?: O): ChunkedArray<DTypeOr<O, SumOf<D>>, Reduced<S, O>>;
    /** The arithmetic mean over axes. See {@link mean}. */
    mean<const O extends AccumulateOptions = None>(options?: O): ChunkedArray<DTypeOr<O, FloatOf<D>>, Reduced<S, O>>;
    /** The variance over axes. See {@link variance}. */
    var<const O extends MomentOptions = None>(options?: O): ChunkedArray<DTypeOr<O, RealOf<FloatOf<D>>>, Reduced<S, O>>;
    /** The standard deviation over axes. See {@link std}. */
    std<const O extends MomentOptions = None>(options?: O): ChunkedArray<DTypeOr<O, RealOf<FloatOf<D>>>, Reduced<S, O>>;
    /** The central moment of an order over axes. See {@link moment}. */
    moment<const O extends MomentOptions = None>(order: number, options?: O): ChunkedArray<DTypeOr<O, RealOf<FloatOf<D>>>, Reduced<S, O>>;
    /** The largest element over axes. See {@link max}. */
    max<const O extends ReduceOptions = None>(options?: O): ChunkedArray<D, Reduced<S, O>>;
    /** The smallest element over axes. See {@link min}. */
    min<const O extends ReduceOptions = None>(options?: O): ChunkedArray<D, Reduced<S, O>>;
    /** Tells whether an element at least is not zero. See {@link any}. */
    any<const O extends ReduceOptions = None>(options?: O): ChunkedArray<"bool", Reduced<S, O>>;
    /** Tells whether no element is zero. See {@link all}. */
    all<const O extends ReduceOptions = None>(options?: O): ChunkedArray<"bool", Reduced<S, O>>;
    /** The index of the largest element. See {@link argmax}. */
    argmax<const O extends ArgOptions = None>(options?: O): ChunkedArray<"int64", Reduced<S, O>>;
    /** The index of the smallest element. See {@link argmin}. */
    argmin<const O extends ArgOptions = None>(options?: O): ChunkedArray<"int64", Reduced<S, O>>;
    /** The k largest elements along an axis, or the smallest for k < 0. See {@link topk}. */
    topk(k: number, options?: TopkOptions): ChunkedArray<D>;
    /** The indices of the k largest elements along an axis. See {@link argtopk}. */
    argtopk(k: number, options?: TopkOptions): ChunkedArray<"int64">;
  }
}

installMethods({ sum, prod, mean, var: variance, std, moment, max, min, any, all, argmax, argmin, topk, argtopk });
