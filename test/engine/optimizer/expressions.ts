// Random expressions of every kind over special values, whose results must keep all their bits whatever rewrites them.
import { allocate, type DType, DTYPES, isBool, isComplex, isFloating, isInteger, type TypedArray } from "../../../lib/core/dtype.js";
import { toFloat16 } from "../../../lib/core/float16.js";
import { contiguousStrides, sizeOf } from "../../../lib/core/shape.js";
import { Buffer, nextMemoryId } from "../../../lib/expr/buffer.js";
import { broadcastTo, cast, expandDims, full, map, outputDType, reshape, slice, transpose } from "../../../lib/expr/build.js";
import { Concat } from "../../../lib/expr/concat.js";
import type { Expr } from "../../../lib/expr/expr.js";
import { Gather } from "../../../lib/expr/gather.js";
import { NATIVE_OPS, NATIVE_SIGNATURES, type NativeOp } from "../../../lib/expr/generated/native-ops.js";
import { Iota } from "../../../lib/expr/iota.js";
import { hasLoop } from "../../../lib/expr/loops.js";
import { MapOp } from "../../../lib/expr/map.js";
import { Matmul } from "../../../lib/expr/matmul.js";
import { Random } from "../../../lib/expr/random.js";
import { Reduce, type ReducerKind } from "../../../lib/expr/reduce.js";
import { Rows } from "../../../lib/expr/rows.js";
import { Scan } from "../../../lib/expr/scan.js";
import { Rng } from "../random-programs/rng.js";

/** `bits`: nothing is folded whose zeros have no sign. `extremes`: least and greatest floats, and no operation that tells 0 from −0. */
export type Family = "bits" | "extremes";

const LARGEST = 2000;
const STEPS = 34;

/** Of a NaN only that it is one is known. */
const SHOWS_A_NAN = new Set<NativeOp>(["signbit", "copysign"]);
const OPS = NATIVE_OPS.filter((op) => !op.startsWith("random_") && !SHOWS_A_NAN.has(op));
const BLIND_TO_ZEROS: readonly NativeOp[] = [
  "add", "subtract", "multiply", "maximum", "minimum", "fmax", "fmin", "negative", "absolute", "square", "where", "less", "less_equal", "greater",
  "greater_equal", "equal", "not_equal", "logical_not", "logical_and", "logical_or", "isnan", "isfinite", "floor", "rint", "sign", "clip",
];
/** What algebra is about, more often than the rest. */
const FAVOURED: readonly NativeOp[] = [
  "add", "subtract", "multiply", "divide", "negative", "absolute", "where", "maximum", "minimum", "less", "greater", "equal", "logical_not", "bitwise_and",
  "bitwise_or", "bitwise_xor", "invert", "square", "floor",
];

export function expressions(seed: number, family: Family): Expr[] {
  const rng = new Rng(seed);
  const pool: Expr[] = [source(rng), source(rng), source(rng)];
  const used = new Set<Expr>();
  for (let tries = 0; pool.length < STEPS && tries < 400; tries++) {
    const [x, inputs] = step(rng, pool, family) ?? [];
    if (x === undefined || sizeOf(x.shape) > LARGEST || x.ndim > 4) continue;
    inputs!.forEach((input) => used.add(input));
    pool.push(x);
  }
  return pool.filter((x) => !used.has(x));
}

function values(rng: Rng, dtype: DType, n: number): TypedArray {
  const out = allocate(dtype, n);
  const odd = [0, -0, -0, 1, -1, 2, 0.5, NaN, Infinity, -Infinity, 1e-310, 3e38, -7];
  for (let i = 0; i < out.length; i++) {
    const v = rng.chance(0.5) ? rng.pick(odd) : rng.whole(-20, 20) / rng.pick([1, 2, 8]);
    if (isBool(dtype)) out[i] = rng.chance(0.5) ? 1 : 0;
    else if (dtype === "float16") out[i] = toFloat16(v);
    else if (isInteger(dtype)) {
      const whole = rng.chance(0.2) ? rng.pick([2 ** 31 - 1, -(2 ** 31), 255, 127, -128, 2 ** 53]) : Number.isFinite(v) ? Math.trunc(v) : 3;
      out[i] = (out instanceof BigInt64Array || out instanceof BigUint64Array ? BigInt(whole) + (whole === 2 ** 53 ? 1n : 0n) : whole) as never;
    } else out[i] = v;
  }
  return out;
}

function memory(data: TypedArray, dtype: DType, shape: readonly number[]): Expr {
  return new Buffer(shape, dtype, { id: nextMemoryId(), byteLength: data.byteLength, data, check: () => undefined }, contiguousStrides(shape));
}

const shapeFor = (rng: Rng): number[] => Array.from({ length: rng.whole(0, 3) }, () => (rng.chance(0.2) ? 1 : rng.whole(2, 7)));

function source(rng: Rng): Expr {
  const dtype = rng.pick([...DTYPES, "float64", "int64", "bool", "float32"] as const);
  const shape = shapeFor(rng);
  if (rng.chance(0.1)) return new Iota(shape);
  if (rng.chance(0.05)) return new Random(shape, "integers", { key: BigInt(rng.whole(1, 99)), low: 0n, range: 9n });
  return rng.chance(0.15) ? constant(rng, dtype, shape) : memory(values(rng, dtype, sizeOf(shape)), dtype, shape);
}

function constant(rng: Rng, dtype: DType, shape: readonly number[]): Expr {
  const v = rng.pick([0, 0, 1, -1, 2, 0.5, 8, -0, 3]);
  if (isComplex(dtype)) return full(shape, dtype, rng.chance(0.5) ? { re: v, im: 0 } : v);
  if (isFloating(dtype)) return full(shape, dtype, rng.chance(0.1) ? rng.pick([NaN, Infinity]) : v);
  const whole = Math.max(dtype.startsWith("u") ? 0 : -1, Math.trunc(v));
  return full(shape, dtype, isBool(dtype) ? v !== 0 : rng.chance(0.5) ? BigInt(whole) : whole);
}

type Step = [Expr, readonly Expr[]] | undefined;

function step(rng: Rng, pool: readonly Expr[], family: Family): Step {
  const x = rng.pick(pool);
  const made = (e: Expr, ...more: readonly Expr[]): Step => [e, [x, ...more]];
  const axis = x.ndim === 0 ? 0 : rng.whole(0, x.ndim - 1);
  const n = x.shape[axis] ?? 0;
  switch (rng.whole(0, 19)) {
    case 0: return [source(rng), []];
    case 18: { // algebra on what has been through nothing else
      const y = memory(values(rng, x.dtype, 12), x.dtype, [12]);
      return operation(rng, y, [y], family);
    }
    case 19: {
      const dtype = rng.pick(DTYPES);
      return [cast(cast(memory(values(rng, dtype, 24), dtype, [24]), rng.pick(DTYPES)), rng.pick(DTYPES)), []];
    }
    case 1: case 2: case 3: case 4: case 5: return operation(rng, x, pool, family);
    case 6: return made(rng.chance(0.5) ? cast(x, rng.pick(DTYPES)) : cast(cast(x, rng.pick(DTYPES)), rng.pick(DTYPES)));
    case 7: case 8: {
      if (n === 0) return undefined;
      const count = rng.whole(1, n);
      const stride = rng.whole(1, Math.max(1, Math.floor((n - 1) / Math.max(1, count - 1))));
      const span = stride * (count - 1);
      const start = rng.whole(0, n - 1 - span);
      return span >= n ? undefined : made(rng.chance(0.4) ? slice(x, axis, start + span, -stride, count) : slice(x, axis, start, stride, count));
    }
    case 9: return made(transpose(x, rng.shuffled(x.shape.map((_, i) => i))));
    case 10: return rng.chance(0.5) ? made(expandDims(x, [rng.whole(0, x.ndim)])) : made(broadcastTo(x, [rng.whole(2, 4), ...x.shape]));
    case 11: return made(reshape(x, rng.chance(0.5) ? [sizeOf(x.shape)] : factored(rng, sizeOf(x.shape))));
    case 12: {
      if (n === 0) return undefined;
      if (rng.chance(0.5)) { // cut and joined again
        const at = rng.whole(1, n);
        const parts = at === n ? [x] : [slice(x, axis, 0, 1, at), slice(x, axis, at, 1, n - at)];
        return made(new Concat(rng.chance(0.3) ? parts.reverse() : parts, axis));
      }
      const others = pool.filter((y) => y.ndim === x.ndim && y.shape.every((m, i) => i === axis || m === x.shape[i])).slice(0, 3);
      return made(new Concat([x, ...others.map((y) => cast(y, x.dtype))], axis), ...others);
    }
    case 13: {
      if (n === 0) return undefined;
      const count = rng.whole(1, 6);
      const list = memory(BigInt64Array.from({ length: count }, () => BigInt(rng.whole(0, n - 1))), "int64", [count]);
      return made(new Gather(x, rng.chance(0.3) ? ranged(rng, n) : list, axis));
    }
    case 14: case 15: return folded(rng, x, family);
    case 16: {
      if (!isInteger(x.dtype) || n === 0) return undefined;
      if (rng.chance(0.6) || x.ndim !== 2) return made(new Scan(rng.chance(0.7) ? "sum" : "prod", x, axis));
      return made(new Matmul(x, transpose(x, [1, 0])));
    }
    default: {
      if (x.ndim === 0 || isComplex(x.dtype)) return undefined;
      if ((x.dtype === "float64" || x.dtype === "float32") && family === "bits") return made(new Rows("quantile", x, [6, rng.whole(0, 1), ...rng.pick([[0.5], [0.25, 0.75, 1]])]));
      return isInteger(x.dtype) ? made(new Rows(rng.chance(0.5) ? "topk" : "argtopk", x, [rng.pick([1, 2, -2])])) : undefined;
    }
  }
}

/** An index of places evenly apart, as the functions that make them write it. */
function ranged(rng: Rng, n: number): Expr {
  const count = rng.whole(1, n);
  const low = rng.whole(0, n - count);
  const at = map("add", "int64", "int64", [new Iota([count]), full([], "int64", rng.chance(0.5) ? low : low - n)], [count]);
  const negative = map("less", "int64", "bool", [at, full([], "int64", 0)], [count]);
  return map("where", "int64", "int64", [negative, map("add", "int64", "int64", [at, full([], "int64", n)], [count]), at], [count]);
}

function factored(rng: Rng, size: number): number[] {
  const divisors = Array.from({ length: size }, (_, i) => i + 1).filter((d) => size % d === 0);
  const a = rng.pick(divisors);
  return [a, size / a];
}

function operation(rng: Rng, x: Expr, pool: readonly Expr[], family: Family): Step {
  if (x instanceof MapOp && x.inputs.length === 2 && x.op !== "ldexp" && rng.chance(0.3)) { // the same with its inputs in each other's place
    const op = ({ greater: "less", less: "greater" } as const)[x.op as string] ?? x.op;
    return [new MapOp(op, x.loop, x.dtype, [...x.inputs].reverse()), x.inputs];
  }
  if (x.dtype === "float64" && rng.chance(0.1)) return [map("arctan2", "float64", "float64", [map("sin", "float64", "float64", [x], x.shape), map("cos", "float64", "float64", [x], x.shape)], x.shape), [x]];
  const op = rng.pick(family === "extremes" ? BLIND_TO_ZEROS : rng.chance(0.6) ? FAVOURED : OPS);
  const [nin, nout, loops] = NATIVE_SIGNATURES[op];
  const own = op === "where" && x.dtype === "bool" && rng.chance(0.7) ? rng.pick(DTYPES) : x.dtype;
  const loop = hasLoop(loops, own) ? own : rng.pick(DTYPES.filter((d) => hasLoop(loops, d)));
  const fitting = pool.filter((y) => y.ndim <= x.ndim && y.shape.every((m, i) => m === x.shape[x.ndim - y.ndim + i] || m === 1));
  const inputs = Array.from({ length: nin }, (_, i) => (i === 0 ? x : rng.chance(0.35) ? constant(rng, loop, []) : rng.chance(0.2) ? x : rng.pick(fitting)));
  if (rng.chance(0.3)) inputs.reverse();
  const output = rng.whole(0, nout - 1);
  return [map(op, loop, outputDType(op, loop, output), inputs, x.shape, output), inputs];
}

const ANY: readonly ReducerKind[] = ["min", "max", "fmin", "fmax", "argmin", "argmax"];

function folded(rng: Rng, x: Expr, family: Family): Step {
  const reducer = isInteger(x.dtype) && rng.chance(0.6) ? rng.pick(["sum", "prod"] as const) : isBool(x.dtype) ? rng.pick(["min", "max"] as const) : rng.pick(ANY);
  if (!isInteger(x.dtype) && !isBool(x.dtype) && family === "bits") return undefined;
  const axes = x.shape.map((_, i) => i).filter(() => rng.chance(0.6));
  const field = reducer.startsWith("arg") ? 1 : 0;
  return [new Reduce(reducer, x, reducer.startsWith("arg") ? x.shape.map((_, i) => i) : axes, field), [x]];
}
