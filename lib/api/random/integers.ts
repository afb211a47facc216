import { ChunkedArray } from "../../array/chunked-array.js";
import type { ChunksSpec } from "../../core/chunks.js";
import { type DType, integerRange, isBool, isInteger, toDType } from "../../core/dtype.js";
import { normalizeChunks } from "../../core/normalize-chunks.js";
import { toShape } from "../../core/shape.js";
import { DTypeError, OptionError, UnsupportedError } from "../../errors/index.js";
import { cast } from "../../expr/build.js";
import type { Expr } from "../../expr/expr.js";
import { Random } from "../../expr/random.js";
import { source } from "../../graph/blockwise.js";
import { readArguments } from "./arguments.js";
import { labelOf, optionNames, seedOf } from "./draw.js";
import type { KeySource } from "./keys.js";

/** Uniform whole numbers from `low` up to `high`, both included. */
export function integersExpr(shape: readonly number[], key: bigint, low: bigint, high: bigint, dtype: DType = "int64"): Expr {
  const wide = dtype === "uint64" ? dtype : "int64";
  const bits = (x: bigint): bigint => BigInt.asUintN(64, x);
  return cast(new Random(shape, "integers", { key, low: bits(low), range: bits(high - low) }, wide), dtype);
}

/**
 * `integers`, `randint` and `randomIntegers`, as called: (low, high?) where one bound alone is the upper one.
 *
 * @param closed whether the upper bound can come out
 */
export function drawIntegers(name: "integers" | "randint" | "randomIntegers" | "tomaxint", keys: KeySource, args: readonly unknown[]): ChunkedArray {
  const own = name === "integers" ? ["dtype", "endpoint"] : name === "randint" ? ["dtype"] : [];
  const { positional, options } = readArguments(name, args, ["low", "high"], optionNames(keys, "size", ...own));
  const dtype = integerDType(name, options["dtype"]);
  const closed = name === "randomIntegers" || options["endpoint"] === true;
  const [first, second] = [bound(name, "low", positional[0]), positional[1] ?? null];
  const least = name === "randomIntegers" ? 1n : 0n;
  const [low, top] = second === null ? [least, first] : [first, bound(name, "high", second)];
  const high = closed ? top : top - 1n;
  if (high < low) {
    throw new OptionError(`${name}: expected low ${closed ? "≤" : "<"} high, got ${low} and ${top}`, { option: "high", received: top });
  }
  const [min, max] = integerRange(dtype);
  if (low < min || high > max) {
    throw new OptionError(`${name}: expected bounds that ${dtype} holds (${min} to ${max}), got ${low} and ${high}`, {
      option: low < min ? "low" : "high", received: low < min ? low : top, hint: "use a wider dtype",
    });
  }
  const size = options["size"];
  const shape = size === undefined || size === null ? [] : toShape(name, size);
  const chunks = normalizeChunks(name, (options["chunks"] ?? "auto") as ChunksSpec, shape, { dtype });
  const expr = integersExpr(shape, keys.next(seedOf(options)), low, high, dtype);
  return new ChunkedArray(expr, source(labelOf(name), chunks, expr.token));
}

function integerDType(name: string, value: unknown): DType {
  const dtype = toDType((value ?? "int64") as DType, name);
  if (isInteger(dtype) || isBool(dtype)) return dtype;
  throw new DTypeError(`${name}: expected an integer dtype or bool, got ${dtype}`, { dtypes: [dtype] });
}

function bound(name: string, option: string, value: unknown): bigint {
  if (typeof value === "bigint") return value;
  if (typeof value === "number" && Number.isSafeInteger(value)) return BigInt(value);
  if (typeof value === "object" && value !== null) {
    throw new UnsupportedError(`${name}: expected a whole number as ${option}, got an array`, { hint: "use floor(uniform(low, high)) for bounds that differ" });
  }
  throw new OptionError(`${name}: expected a whole number as ${option}, got ${String(value)}`, {
    option, received: value, hint: typeof value === "number" && Number.isInteger(value) ? "write it as a bigint" : undefined,
  });
}
