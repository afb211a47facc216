// Small expressions for tests of the optimiser and the planner.
import { type DType, itemsize, type TypedArray } from "../../lib/core/dtype.js";
import { contiguousStrides, sizeOf } from "../../lib/core/shape.js";
import { full, map } from "../../lib/expr/build.js";
import { Buffer, nextMemoryId } from "../../lib/expr/buffer.js";
import type { Expr } from "../../lib/expr/expr.js";
import { drain } from "../../lib/core/steps.js";
import type { NativeOp } from "../../lib/expr/generated/native-ops.js";
import { ORDER, type PassName, runPasses } from "../../lib/optimize/pipeline.js";

/** An array in memory whose elements nobody looks at. */
export function buffer(shape: readonly number[], dtype: DType = "float64"): Buffer {
  const byteLength = sizeOf(shape) * itemsize(dtype);
  return new Buffer(shape, dtype, { id: nextMemoryId(), byteLength, data: new Uint8Array(0) as TypedArray, check: () => undefined }, contiguousStrides(shape));
}

export const scalar = (value: number): Expr => full([], "float64", value);

/** A float64 operation on inputs that broadcast to the first one's shape. */
export const op = (name: NativeOp, ...inputs: readonly Expr[]): Expr => map(name, "float64", "float64", inputs, inputs[0]!.shape);

/** What some of the passes make of expressions, all of them when none is named; checked after each. */
export const optimized = (roots: readonly Expr[], names: readonly PassName[] = ORDER): Expr[] => drain(runPasses(roots, names, true));

/** A node and those below it, as text: what a rewrite made of an expression. */
export function text(x: Expr): string {
  const node = x as Expr & { op?: string; kind: string };
  const head = `${node.kind === "map" ? node.op : node.kind}(${node.shape.join("×")})`;
  return node.inputs.length === 0 ? head : `${head}[${node.inputs.map(text).join(", ")}]`;
}
