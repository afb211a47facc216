import { DTYPES, integerRange, isFloating, isInteger, itemsize } from "../core/dtype.js";
import { formatShape, sameShape } from "../core/shape.js";
import type { Steps } from "../core/steps.js";
import { NdloomError } from "../errors/index.js";
import { inputDType, outputDType } from "../expr/build.js";
import type { Expr } from "../expr/expr.js";
import { NATIVE_SIGNATURES } from "../expr/generated/native-ops.js";
import { hasLoop } from "../expr/loops.js";
import type { Node } from "../expr/node.js";
import { GENERATORS } from "../expr/random.js";
import { REDUCERS } from "../expr/reduce.js";
import { inputsFirst } from "./rewrite.js";

/**
 * Checks what a pass made of some expressions: as many roots of the same shapes and dtypes, and every node what its kind promises.
 *
 * @throws {NdloomError} `ERR_INTERNAL` naming the pass, the node and what is wrong with it.
 */
export function* verify(pass: string, before: readonly Expr[], after: readonly Expr[]): Steps {
  if (after.length !== before.length) fail(pass, `${before.length} roots became ${after.length}`);
  after.forEach((root, i) => {
    const was = before[i]!;
    if (root.dtype !== was.dtype) fail(pass, `root ${i} was ${was.dtype} and became ${root.dtype}`);
    if (!sameShape(root.shape, was.shape)) fail(pass, `root ${i} had shape ${formatShape(was.shape)} and got ${formatShape(root.shape)}`);
  });
  for (const node of yield* inputsFirst(after)) {
    const wrong = faultIn(node);
    if (wrong !== undefined) fail(pass, `a ${node.kind} node of shape ${formatShape(node.shape)} and dtype ${node.dtype}: ${wrong}`);
    yield;
  }
}

function fail(pass: string, wrong: string): never {
  throw new NdloomError(`optimize: ${pass} left a wrong expression, ${wrong}`, { code: "ERR_INTERNAL", hint: "This is a bug of ndloom; please report it" });
}

/** What is wrong with a node whose inputs are right, or undefined. */
export function faultIn(node: Node): string | undefined {
  if (!(DTYPES as readonly string[]).includes(node.dtype)) return "no such dtype";
  if (!node.shape.every((n) => Number.isNaN(n) || (Number.isSafeInteger(n) && n >= 0))) return "a length that is no whole number";
  const wrong = faultOfKind(node);
  if (wrong !== undefined) return wrong;
  return node.inputs.length > 0 && node.withInputs(node.inputs).token !== node.token ? "its token is not that of an equal node" : undefined;
}

const whole = (n: number): boolean => Number.isSafeInteger(n);
const isAxis = (axis: number, ndim: number): boolean => whole(axis) && axis >= 0 && axis < ndim;
const areAxes = (axes: readonly number[], ndim: number): boolean => axes.every((axis) => isAxis(axis, ndim)) && new Set(axes).size === axes.length;
/** Unknown lengths agree with all. */
const fits = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((n, i) => n === b[i] || Number.isNaN(n) || Number.isNaN(b[i]));

function faultOfKind(node: Node): string | undefined {
  const [first, second] = node.inputs as [Expr, Expr];
  switch (node.kind) {
    case "buffer": {
      if (node.strides.length !== node.ndim || !node.strides.every(whole) || !whole(node.offset)) return "strides that do not fit its shape";
      if (node.size === 0) return undefined;
      const low = node.strides.reduce((at, s, axis) => at + Math.min(0, s * (node.shape[axis]! - 1)), node.offset);
      const high = node.strides.reduce((at, s, axis) => at + Math.max(0, s * (node.shape[axis]! - 1)), node.offset);
      return low < 0 || (high + 1) * itemsize(node.dtype) > node.source.byteLength ? `elements ${low} to ${high} of ${node.source.byteLength} bytes` : undefined;
    }
    case "file": {
      const end = node.byteOffset + node.size * itemsize(node.dtype);
      return whole(node.byteOffset) && node.byteOffset >= 0 && (node.size === 0 || end <= node.source.byteLength) ? undefined : `bytes ${node.byteOffset} to ${end} of ${node.source.byteLength}`;
    }
    case "full":
      if (typeof node.value === "object") return node.dtype.startsWith("complex") ? undefined : "a complex value";
      if (!isInteger(node.dtype)) return undefined;
      return outside(node.dtype, node.value) ? `the value ${String(node.value)}` : undefined;
    case "iota":
      return node.dtype === "int64" ? undefined : "expected int64";
    case "random":
      return node.dtype === GENERATORS[node.generator] || (node.generator === "integers" && node.dtype === "uint64") ? undefined : `${node.generator} gives ${GENERATORS[node.generator]}`;
    case "map": {
      const signature = NATIVE_SIGNATURES[node.op];
      if (signature === undefined) return `there is no operation ${String(node.op)}`;
      const [inputs, outputs, loops] = signature;
      if (node.inputs.length !== inputs) return `${node.op} takes ${inputs} inputs`;
      if (!(node.output >= 0 && node.output < outputs)) return `${node.op} has no output ${node.output}`;
      if (!hasLoop(loops, node.loop)) return `${node.op} has no loop for ${node.loop}`;
      if (node.dtype !== outputDType(node.op, node.loop, node.output)) return `${node.op} of ${node.loop} gives ${outputDType(node.op, node.loop, node.output)}`;
      const odd = node.inputs.findIndex((x, i) => x.dtype !== inputDType(node.op, node.loop, i));
      if (odd >= 0) return `input ${odd} of ${node.op} is ${node.inputs[odd]!.dtype}, expected ${inputDType(node.op, node.loop, odd)}`;
      return node.inputs.every((x) => fits(x.shape, node.shape)) ? undefined : `${node.op} of shapes ${node.inputs.map((x) => formatShape(x.shape)).join(", ")}`;
    }
    case "cast":
      return fits(first.shape, node.shape) ? undefined : `its input has shape ${formatShape(first.shape)}`;
    case "concat": {
      if (node.inputs.length === 0 || !isAxis(node.axis, node.ndim)) return `axis ${node.axis} of ${node.inputs.length} inputs`;
      const odd = node.inputs.find((x) => x.dtype !== node.dtype || !fits(x.shape.map((n, i) => (i === node.axis ? 0 : n)), node.shape.map((n, i) => (i === node.axis ? 0 : n))));
      return odd && `an input of shape ${formatShape(odd.shape)} and dtype ${odd.dtype}`;
    }
    case "view": {
      if (node.axes.length !== node.ndim || node.start.length !== first.ndim) return "axes that do not fit the shapes";
      const walked = node.axes.filter((a) => a.axis >= 0).map((a) => a.axis);
      if (!areAxes(walked, first.ndim)) return "an axis of its input that is walked twice, or is not there";
      if (!node.start.every(whole) || !node.axes.every((a) => whole(a.step))) return "a step that is no whole number";
      if (node.size === 0 || Number.isNaN(node.size) || Number.isNaN(first.size)) return undefined;
      const odd = node.start.findIndex((start, axis) => {
        const out = node.axes.findIndex((a) => a.axis === axis);
        const last = out < 0 ? start : start + node.axes[out]!.step * (node.shape[out]! - 1);
        return Math.min(start, last) < 0 || Math.max(start, last) >= first.shape[axis]!;
      });
      return odd < 0 ? undefined : `it leaves axis ${odd} of its input of shape ${formatShape(first.shape)}`;
    }
    case "reshape":
      return node.size === first.size || Number.isNaN(node.size) || Number.isNaN(first.size) ? undefined : `its input has shape ${formatShape(first.shape)}`;
    case "reduce": {
      const fields = REDUCERS[node.reducer] as readonly string[] | undefined;
      if (fields === undefined || fields[node.field] === undefined) return `there is no field ${node.field} of ${node.reducer}`;
      if (!areAxes(node.axes, first.ndim)) return `axes ${node.axes.join()} of an input of shape ${formatShape(first.shape)}`;
      if (node.reducer.toLowerCase().includes("moments") && first.dtype !== "float64") return `${node.reducer} of ${first.dtype}`;
      return (node.reducer === "sum" || node.reducer === "prod") && first.dtype === "bool" ? `${node.reducer} of bool` : undefined;
    }
    case "scan":
      if (!isAxis(node.axis, node.ndim)) return `axis ${node.axis}`;
      return node.dtype === "bool" ? "a running fold of bool" : undefined;
    case "gather":
      if (!isAxis(node.axis, first.ndim)) return `axis ${node.axis}`;
      return second.ndim === 1 && second.dtype === "int64" ? undefined : `an index of shape ${formatShape(second.shape)} and dtype ${second.dtype}`;
    case "matmul": {
      if (first.ndim < 2 || second.ndim !== first.ndim || first.dtype !== second.dtype) return `operands of shapes ${formatShape(first.shape)}, ${formatShape(second.shape)}`;
      const agree = fits(first.shape.slice(0, -2), second.shape.slice(0, -2)) && fits([first.shape[first.ndim - 1]!], [second.shape[second.ndim - 2]!]);
      return agree ? undefined : `operands of shapes ${formatShape(first.shape)}, ${formatShape(second.shape)}`;
    }
    case "rows":
      if (first.ndim === 0) return "no axis";
      return node.kernel === "quantile" && !isFloating(first.dtype) ? `quantiles of ${first.dtype}` : undefined;
    case "histogram": {
      const [elements, edges] = [[...Array(node.dimensions).keys()].map((d) => node.inputs[2 * d]!), [...Array(node.dimensions).keys()].map((d) => node.inputs[2 * d + 1]!)];
      if (!elements.every((x) => fits(x.shape, first.shape))) return "elements of several shapes";
      return edges.every((x) => x.ndim === 1 && ["float64", "int64", "uint64"].includes(x.dtype)) ? undefined : "edges that are not float64, int64 or uint64 of one axis";
    }
    case "select":
      return second.dtype === "bool" && fits(first.shape, second.shape) ? undefined : `a mask of shape ${formatShape(second.shape)} and dtype ${second.dtype}`;
    case "nonzero":
      return first.dtype === "bool" ? undefined : `a mask of dtype ${first.dtype}`;
  }
}

function outside(dtype: Expr["dtype"], value: number | bigint | boolean): boolean {
  if (typeof value === "number" && !Number.isInteger(value)) return true;
  const [low, high] = integerRange(dtype);
  return BigInt(value) < low || BigInt(value) > high;
}
