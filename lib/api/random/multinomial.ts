import { ChunkedArray } from "../../array/chunked-array.js";
import { NDArray } from "../../array/nd-array.js";
import type { ChunksSpec } from "../../core/chunks.js";
import { normalizeChunks } from "../../core/normalize-chunks.js";
import { toShape } from "../../core/shape.js";
import { OptionError } from "../../errors/index.js";
import { cast, expandDims, full, map } from "../../expr/build.js";
import { Concat } from "../../expr/concat.js";
import type { Expr } from "../../expr/expr.js";
import { source } from "../../graph/blockwise.js";
import { readArguments } from "./arguments.js";
import { optionNames, seedOf } from "./draw.js";
import { Formula } from "./formula.js";
import type { KeySource } from "./keys.js";

/** `multinomial`, as called: an axis more than the size, with a count for each outcome. Each count is binomial in what the ones before have left. */
export function drawMultinomial(keys: KeySource, args: readonly unknown[]): ChunkedArray {
  const { positional: [n, pvals], options } = readArguments("multinomial", args, ["n", "pvals"], optionNames(keys, "size"));
  if (typeof n !== "number" || !Number.isSafeInteger(n) || n < 0) {
    throw new OptionError(`multinomial: expected a whole number ≥ 0 as n, got ${String(n)}`, { option: "n", received: n });
  }
  const probabilities = probabilitiesOf(pvals);
  const size = options["size"];
  const outer = size === undefined || size === null ? [] : toShape("multinomial", size);
  const spec = (options["chunks"] ?? "auto") as ChunksSpec;
  const chunks = [...normalizeChunks("multinomial", spec, outer, { dtype: "float64" }), [probabilities.length]];
  const expr = counts(n, probabilities, outer, keys.next(seedOf(options)));
  return new ChunkedArray(expr, source("multinomial", chunks, expr.token));
}

function probabilitiesOf(pvals: unknown): number[] {
  const list = pvals instanceof NDArray ? pvals.data : pvals;
  if (!Array.isArray(list) && !ArrayBuffer.isView(list)) {
    throw new OptionError(`multinomial: expected probabilities in memory as pvals, got ${pvals instanceof ChunkedArray ? "a chunked array" : String(pvals)}`, {
      option: "pvals", received: pvals,
    });
  }
  const values = Array.from(list as ArrayLike<number>, Number);
  if (values.length === 0) throw new OptionError("multinomial: expected at least one probability, got none", { option: "pvals", received: pvals });
  const bad = values.findIndex((x) => !(x >= 0 && x <= 1));
  if (bad >= 0) throw new OptionError(`multinomial: expected probabilities from 0 to 1, got ${values[bad]} at ${bad}`, { option: "pvals", received: pvals });
  const sum = values.slice(0, -1).reduce((x, y) => x + y, 0);
  if (sum > 1 + 1e-12) {
    throw new OptionError(`multinomial: expected probabilities whose sum without the last is at most 1, got ${sum}`, { option: "pvals", received: pvals });
  }
  return values;
}

/** The last outcome takes what is left, as in NumPy. */
function counts(n: number, probabilities: readonly number[], outer: readonly number[], key: bigint): Expr {
  const f = new Formula("multinomial", outer, "float64", key);
  const parts: Expr[] = [];
  let left: Expr = full(outer, "int64", BigInt(n));
  let mass = 1;
  for (const p of probabilities.slice(0, -1)) {
    const share = mass > 0 ? Math.min(1, p / mass) : 0;
    const count = parts.length === 0 ? f.draw("binomial", n, share) : f.draw("binomial", cast(left, "float64"), share);
    parts.push(count);
    left = map("subtract", "int64", "int64", [left, count], outer);
    mass -= p;
  }
  parts.push(left);
  return new Concat(parts.map((x) => expandDims(x, [outer.length])), outer.length);
}
