import { ChunkedArray } from "../../array/chunked-array.js";
import type { Chunks, ChunksSpec } from "../../core/chunks.js";
import { type DType, toDType } from "../../core/dtype.js";
import { normalizeChunks } from "../../core/normalize-chunks.js";
import { broadcastShapes, formatShape, sameShape, type Shape, toShape } from "../../core/shape.js";
import { DTypeError, ShapeError } from "../../errors/index.js";
import { cast, full } from "../../expr/build.js";
import type { Expr } from "../../expr/expr.js";
import { blockwise, source } from "../../graph/blockwise.js";
import type { GraphNode } from "../../graph/graph-node.js";
import { broadcastTo } from "../manipulation/broadcast.js";
import { rechunk } from "../rechunk/rechunk.js";
import { readArguments } from "./arguments.js";
import { type Distribution, DISTRIBUTIONS, STANDARD } from "./distributions.js";
import { Formula, type Term } from "./formula.js";
import type { KeySource, Seed } from "./keys.js";
import { type ParameterDeclaration, type Resolved, resolveParameter, RULES, shapesOf } from "./parameters.js";

/** Dask's name of a function, which is its layer's: `standardNormal` → `standard_normal`. */
export const labelOf = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The options that a function knows beside its own. */
export const optionNames = (keys: KeySource, ...more: readonly string[]): string[] => ["chunks", ...more, ...(keys.takesSeed ? ["seed"] : [])];

export const seedOf = (options: Readonly<Record<string, unknown>>): Seed | undefined => options["seed"] as Seed | undefined;

/** float64 or float32. */
export function realDType(operation: string, value: unknown): "float32" | "float64" {
  const dtype = toDType((value ?? "float64") as DType, operation);
  if (dtype === "float32" || dtype === "float64") return dtype;
  throw new DTypeError(`${operation}: expected float64 or float32, got ${dtype}`, { dtypes: [dtype], hint: `draw float64 and use astype("${dtype}")` });
}

/** One of {@link DISTRIBUTIONS}, as called. */
export function drawDistribution(name: keyof typeof DISTRIBUTIONS, keys: KeySource, args: readonly unknown[]): ChunkedArray {
  const distribution: Distribution = DISTRIBUTIONS[name];
  const { parameters, gives, check, build } = distribution;
  const known = optionNames(keys, "size", ...(gives === "real" ? ["dtype"] : []));
  const { positional, options } = readArguments(name, args, parameters.map((x) => x.name), known);
  const values = parameters.map((declaration, i) => resolveParameter(name, declaration, positional[i]));
  if (check && values.every((x) => typeof x === "number")) check(name, values as number[]);
  const dtype = gives === "real" ? realDType(name, options["dtype"]) : gives;
  const shape = shapeFor(name, options["size"], values);
  const chunks = normalizeChunks(name, (options["chunks"] ?? "auto") as ChunksSpec, shape, { dtype });
  const formula = new Formula(name, shape, dtype === "float32" ? dtype : "float64", keys.next(seedOf(options)));
  const terms = values.map((value, i) => termOf(formula, parameters[i], value));
  return drawn(labelOf(name), shape, dtype, chunks, build(formula, ...terms), values);
}

/** One of {@link STANDARD}, as called. */
export function drawStandard(name: keyof typeof STANDARD, keys: KeySource, args: readonly unknown[]): ChunkedArray {
  return drawSized(name, labelOf(name), keys, args, STANDARD[name]);
}

/** A distribution without parameters: size first. */
export function drawSized(name: string, label: string, keys: KeySource, args: readonly unknown[], build: (f: Formula) => Term): ChunkedArray {
  const { positional: [size], options } = readArguments(name, args, ["size"], optionNames(keys, "dtype"));
  const dtype = realDType(name, options["dtype"]);
  const shape = shapeFor(name, size, []);
  const chunks = normalizeChunks(name, (options["chunks"] ?? "auto") as ChunksSpec, shape, { dtype });
  const formula = new Formula(name, shape, dtype, keys.next(seedOf(options)));
  return drawn(label, shape, dtype, chunks, build(formula), []);
}

/** The size as given, to which the parameters must broadcast; theirs when none is given. */
function shapeFor(operation: string, size: unknown, parameters: readonly Resolved[]): number[] {
  const shapes = shapesOf(parameters);
  const own = broadcastShapes(operation, ...shapes);
  if (size === undefined || size === null) return own;
  const shape = toShape(operation, size);
  if (!sameShape(broadcastShapes(operation, own, shape), shape)) {
    throw new ShapeError(`${operation}: parameters of shape ${formatShape(own)} do not broadcast to size ${formatShape(shape)}`, {
      code: "ERR_BROADCAST", shapes: [own, shape],
    });
  }
  return shape;
}

/** A parameter in the formula's dtype; elements of an array that break the rule become NaN. */
function termOf(f: Formula, { rule }: ParameterDeclaration, value: Resolved): Term {
  if (typeof value === "number") return value;
  const x = cast(value.expr, f.dtype);
  const { mask } = RULES[rule] as { mask?: (f: Formula, x: Term) => Expr };
  return mask === undefined ? x : f.where(mask(f, x), x, NaN);
}

function drawn(label: string, shape: Shape, dtype: DType, chunks: Chunks, value: Term, parameters: readonly Resolved[]): ChunkedArray {
  const expr = typeof value === "number" ? full(shape, dtype, value) : cast(value, dtype);
  return new ChunkedArray(expr, graphOf(label, chunks, shape, expr, parameters));
}

/** One layer; chunked parameters are broadcast and cut alike first, as Dask draws it. */
export function graphOf(label: string, chunks: Chunks, shape: Shape, expr: Expr, parameters: readonly unknown[]): GraphNode {
  const inputs = parameters.filter((x): x is ChunkedArray => x instanceof ChunkedArray).map((x) => rechunk(broadcastTo(x, shape), chunks).graph);
  return inputs.length === 0 ? source(label, chunks, expr.token) : blockwise(label, chunks, inputs, expr.token);
}
