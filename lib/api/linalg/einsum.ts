import { type AnyArray, ChunkedArray } from "../../array/chunked-array.js";
import { config } from "../../config/index.js";
import { type DType, toDType } from "../../core/dtype.js";
import { resultType } from "../../core/promotion.js";
import { areChunksKnown, chunkSize } from "../../core/chunks.js";
import { shrinkChunks } from "../../core/shrink-chunks.js";
import { OptionError } from "../../errors/index.js";
import { contraction } from "../../graph/contraction.js";
import { type ArrayLike, toArray } from "../operand.js";
import { unifyAxes, withChunks } from "../rechunk/unify-axes.js";
import { drawSum } from "./draw-sum.js";
import { einsumExpr } from "./einsum-expr.js";
import { parseSubscripts, type Subscripts } from "./einsum-subscripts.js";

/** What {@link einsum} computes with. */
export interface EinsumOptions {
  /** The dtype of the products, their sums and the result; the operands' promotion when not given. */
  readonly dtype?: DType;
}

/**
 * Sums of products in Einstein's notation: `"ij,jk->ik"` is a matrix product, `"ii"` a trace, `"ij->ji"` a transpose. Letters that are not
 * in the result are summed over; `"..."` stands for axes that broadcast.
 *
 * Operands are contracted from left to right, two at a time, each pair by a matrix product. Blocks are cut finer where the result's would be
 * larger than the largest operand's.
 *
 * @param args the operands, and options last
 * @throws {OptionError} `ERR_OPTION` when the subscripts do not fit the operands.
 * @throws {ShapeError} `ERR_SHAPE` when a letter has two lengths.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * const x = nd.arange(6).reshape([2, 3]);
 * console.log((await nd.einsum("ij,kj->ik", x, x).compute()).toNested()); // [[5n, 14n], [14n, 50n]]
 * ```
 * @see numpy.einsum
 */
export function einsum(subscripts: string, ...args: readonly (ArrayLike | EinsumOptions)[]): AnyArray {
  const last = args.at(-1);
  const options = isOptions(last) ? last : {};
  const operands = (isOptions(last) ? args.slice(0, -1) : args).map((x) => toArray("einsum", x as ArrayLike) as AnyArray);
  if (operands.length === 0) {
    throw new OptionError("einsum: expected at least one operand, got none", {
      option: "args", received: args,
    });
  }
  const parsed = parseSubscripts(subscripts, operands.map((x) => x.shape));
  const dtype = options.dtype === undefined ? resultType(...operands.map((x) => x.dtype)) : toDType(options.dtype, "einsum");
  const expr = einsumExpr(operands.map((x) => x.expr), parsed, dtype);
  return new ChunkedArray(expr, draw(operands, parsed, expr.token));
}

const isOptions = (x: unknown): x is EinsumOptions =>
  typeof x === "object" && x !== null && Object.getPrototypeOf(x) === Object.prototype && !("re" in x);

/** Dask's graph: every combination of blocks, then a tree of sums over the letters that go. */
function draw(operands: readonly AnyArray[], { inputs, output, lengths }: Subscripts, token: string): ChunkedArray["graph"] {
  const shrunk = operands.length > 1 && output.length > 0 ? shrink(operands, inputs, output) : operands;
  const unified = unifyAxes("einsum", shrunk, inputs);
  const summed = [...lengths.keys()].filter((letter) => !output.includes(letter));
  const chunksOf = (letter: string): readonly number[] => {
    const found = inputs.flatMap((letters, k): (readonly number[])[] => {
      const chunks = unified[k]!.chunks;
      return letters.flatMap((own, axis) => (own === letter ? [chunks[axis]!] : []));
    });
    return found.find((cut) => cut.length !== 1 || cut[0] !== 1) ?? found[0]!;
  };
  const letters = [...output, ...summed];
  const chunks = [...output.map(chunksOf), ...summed.map((letter) => chunksOf(letter).map(() => 1))];
  const products = contraction("chunk_einsum", letters, chunks, unified.map((x) => x.graph), inputs, token);
  return summed.length === 0 ? products : drawSum(products, summed.map((_, i) => output.length + i), token);
}

function shrink(operands: readonly AnyArray[], inputs: readonly (readonly string[])[], output: readonly string[]): AnyArray[] {
  const tolerance = config.get("array.chunk-size-tolerance");
  const sizes = new Map<string, number>();
  let most = 1;
  operands.forEach((x, k) => {
    const largest = chunkSize(x.chunks);
    most = Math.max(most, product(largest));
    inputs[k]!.forEach((letter, axis) => {
      if (output.includes(letter)) sizes.set(letter, Math.max(largest[axis]!, sizes.get(letter) ?? 1));
    });
  });
  const factor = product([...sizes.values()]) / (most * tolerance);
  return operands.map((x, k) => {
    if (!areChunksKnown(x.chunks)) return x;
    const axes = inputs[k]!.flatMap((letter, axis) => (output.includes(letter) ? [axis] : []));
    const share = Math.max(1, factor ** (axes.length / output.length));
    return withChunks(x, shrinkChunks(x.chunks, axes, product(chunkSize(x.chunks)) / share, tolerance));
  });
}

const product = (list: readonly number[]): number => list.reduce((a, b) => a * b, 1);
