// Runs the Python expressions of the golden cases with our functions.
import { ChunkedArray } from "../../lib/array/chunked-array.js";
import { writeElement } from "../../lib/array/element.js";
import { NDArray } from "../../lib/array/nd-array.js";
import { operators } from "../../lib/api/ufuncs/operators.js";
import { allocate, type DType, isDType, toDType } from "../../lib/core/dtype.js";
import { resultType } from "../../lib/core/promotion.js";
import type { Scalar } from "../../lib/core/scalar.js";
import { sizeOf } from "../../lib/core/shape.js";
import { Slice } from "../../lib/core/slice.js";
import * as nd from "../../lib/index.js";
import { parsePython, type Py } from "./python-syntax.js";
import { signatureOf } from "./dask-signatures.js";

/** Thrown for an expression that has no translation; the message is the reason. */
export class NotTranslated extends Error {}

/** A Python float: JavaScript cannot tell 1.0 from 1. */
class Float {
  constructor(readonly value: number) {}
}
class Tuple extends Array<unknown> {}
/** A module, or a function on its way to being called. */
class Path {
  constructor(readonly names: readonly string[], readonly self?: unknown) {}
}
class Lambda {
  constructor(readonly parameters: readonly string[], readonly body: Py, readonly scope: ReadonlyMap<string, unknown>) {}
}

/** The value of a Python expression: an array, a list of them, or a scalar. */
export function evaluateDask(text: string, variables: Scope = new Map()): unknown {
  return plain(evaluate(parsePython(text), variables));
}

/** Names and their values. */
export type Scope = ReadonlyMap<string, unknown>;

function evaluate(py: Py, scope: Scope): unknown {
  switch (py.kind) {
    case "int": return Number.isSafeInteger(Number(py.value)) ? Number(py.value) : py.value;
    case "float": return new Float(py.value);
    case "imaginary": return { re: 0, im: py.value };
    case "string": return py.value;
    case "name": return nameOf(py.name, scope);
    case "list": return py.items.map((item) => evaluate(item, scope));
    case "tuple": return Tuple.from(py.items.map((item) => evaluate(item, scope)));
    case "dict": return Object.fromEntries(py.entries.map(([key, value]) => [String(plain(evaluate(key, scope))), evaluate(value, scope)]));
    case "slice": return new Slice(...([py.start, py.stop, py.step].map((part) => (part ? (plain(evaluate(part, scope)) as number | null) : null)) as [number, number, number]));
    case "unary": return unary(py.op, evaluate(py.value, scope));
    case "binary": return binary(py.op, py.left, py.right, scope);
    case "if": return evaluate(evaluate(py.condition, scope) ? py.then : py.otherwise, scope);
    case "lambda": return new Lambda(py.parameters, py.body, scope);
    case "attribute": return attribute(evaluate(py.value, scope), py.name);
    case "subscript": return subscript(evaluate(py.value, scope), py.index.map((part) => evaluate(part, scope)));
    case "call": {
      const callee = evaluate(py.callee, scope);
      if (!(callee instanceof Path)) throw new NotTranslated("a call of something that is no function");
      return call(callee, py.positional.map((x) => evaluate(x, scope)), py.keywords.map(([name, x]) => [name, evaluate(x, scope)]));
    }
    case "comprehension": throw new NotTranslated("a comprehension");
  }
}

function nameOf(name: string, scope: Scope): unknown {
  if (scope.has(name)) return scope.get(name);
  const constants: Record<string, unknown> = { None: null, True: true, False: false, Ellipsis: "..." };
  return name in constants ? constants[name] : new Path([name]);
}

function attribute(value: unknown, name: string): unknown {
  if (value instanceof Path) {
    const names = [...value.names, name];
    if (value.names.join(".") === "np" && (name === "nan" || name === "inf")) return new Float(name === "nan" ? NaN : Infinity);
    return new Path(names, value.self);
  }
  if (isGenerator(value)) return new Path(["Generator", name], value);
  const array = asArray(value);
  if (["T", "real", "imag", "shape", "dtype", "ndim", "size"].includes(name)) return array[name as "T"];
  return new Path([name], array);
}

const isGenerator = (value: unknown): boolean => value !== null && typeof value === "object" && ["Generator", "RandomState"].includes(value.constructor.name);
const asArray = (value: unknown): any => (value instanceof NDArray ? nd.asarray(value) : value);

const BINARY: Readonly<Record<string, keyof typeof operators>> = {
  "+": "add", "-": "sub", "*": "mul", "/": "div", "//": "floordiv", "%": "mod", "**": "pow", "&": "and", "|": "or", "^": "xor", "<<": "lshift", ">>": "rshift",
  "<": "lt", "<=": "le", ">": "gt", ">=": "ge", "==": "eq", "!=": "ne",
};
const isArray = (value: unknown): boolean => value instanceof ChunkedArray || value instanceof NDArray;

function binary(op: string, leftPy: Py, rightPy: Py, scope: Scope): unknown {
  const left = evaluate(leftPy, scope);
  if (op === "and") return left ? evaluate(rightPy, scope) : left;
  if (op === "or") return left ? left : evaluate(rightPy, scope);
  const right = evaluate(rightPy, scope);
  if (op === "@") return (nd as any).matmul(asArray(left), asArray(right));
  if (isArray(left) || isArray(right)) return (operators[BINARY[op]!] as any)(asArray(plain(left)), asArray(plain(right)));
  if (Array.isArray(left) && op === "*") return Array.from({ length: plain(right) as number }, () => left).flat();
  return scalarBinary(op, left, right);
}

function scalarBinary(op: string, left: unknown, right: unknown): unknown {
  const [a, b] = [Number(plain(left)), Number(plain(right))];
  const value = { "+": a + b, "-": a - b, "*": a * b, "/": a / b, "**": a ** b }[op];
  if (value === undefined) throw new NotTranslated(`the operator ${op} on scalars`);
  if (left instanceof Float || right instanceof Float || op === "/") return new Float(value);
  if (Number.isSafeInteger(value)) return value;
  return op === "**" ? BigInt(a) ** BigInt(b) : op === "-" ? BigInt(plain(left) as number) - BigInt(plain(right) as number) : BigInt(value);
}

function unary(op: string, value: unknown): unknown {
  if (isArray(value)) return op === "+" ? value : (operators[op === "-" ? "neg" : "invert"] as any)(asArray(value));
  if (value instanceof Float) return new Float(op === "-" ? -value.value : value.value);
  return op === "-" ? -(value as number) : value;
}

function subscript(value: unknown, index: readonly unknown[]): unknown {
  if (Array.isArray(value)) return value[plain(index[0]) as number];
  if (value instanceof Path) {
    if (value.names[0] === "vindex") return value.self && (value.self as any).vindex(...index.map(plain));
    if (value.names[0] === "blocks" || value.names[0] === "partitions") return (value.self as any).blockAt(...index.map(plain));
    throw new NotTranslated(`a subscript of ${value.names.join(".")}`);
  }
  return asArray(value).get(...index.map(plain));
}

/** Python's values as ours. */
function plain(value: unknown): unknown {
  if (value instanceof Float) return value.value;
  if (Array.isArray(value)) return Array.from(value, plain);
  if (value instanceof Path && value.self === undefined && value.names[0] === "np") return (nd as any)[camel(value.names[1]!)];
  if (value instanceof Lambda) return (...args: unknown[]) => plain(evaluate(value.body, new Map([...value.scope, ...value.parameters.map((name, i): [string, unknown] => [name, args[i]])])));
  if (value !== null && typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
  }
  return value;
}

const camel = (name: string): string => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

function call({ names, self }: Path, positional: readonly unknown[], keywords: readonly (readonly [string, unknown])[]): unknown {
  const name = self === undefined ? names.slice(1).join(".") : names.join(".");
  const numpy = self === undefined && names[0] === "np";
  if (self === undefined && names[0] === "slice") return new Slice(...(positional.map((x) => plain(x) ?? null) as [number, number, number]));
  if (numpy && name === "array") return memory(positional[0], dtypeOf(keywords));
  if (numpy && isDType(name)) return (nd as any).asarray(plain(positional[0]), { dtype: name });
  if (numpy && name === "arange" && positional.length === 1 && typeof positional[0] === "number") {
    return new NDArray(BigInt64Array.from({ length: positional[0] }, (_, i) => BigInt(i)), [positional[0]], "int64");
  }
  if (name === "einsum" && typeof positional[0] !== "string") throw new NotTranslated("einsum with lists of axes");
  const generator = isGenerator(self) ? (self as Record<string, (...args: unknown[]) => unknown>) : undefined;
  const signature = signatureOf(generator ? names[1]! : name, generator !== undefined);
  if (signature === undefined) throw new NotTranslated(`${name} is not part of this surface`);
  const { positional: ours, options: optional, rest } = signature;
  const args: unknown[] = [];
  const options: Record<string, unknown> = {};
  const packed = pack(name, positional, self !== undefined);
  const first = name === "map_overlap" ? packed.slice(0, 1) : []; // the function comes before the array
  const given = self === undefined || generator ? packed : [...first, self, ...packed.slice(first.length)];
  given.forEach((value, i) => {
    if (rest && i >= ours.length) args.push(value);
    else if (i < ours.length) args[i] = value;
    else if (optional[i - ours.length] !== undefined) options[camel(optional[i - ours.length]!)] = value;
    else throw new NotTranslated(`${name} with more arguments than it has`);
  });
  for (const [key, value] of keywords) {
    const at = ours.findIndex((one) => one === key || one === `${key}?`);
    if (at >= 0) args[at] = value;
    else options[camel(key)] = value;
  }
  const missing = ours.findIndex((key, i) => args[i] === undefined && !key.endsWith("?"));
  if (missing >= 0) throw new NotTranslated(`${name} without ${ours[missing]}, an error of Python's calls`);
  const floats = name === "arange" && given.some((value) => value instanceof Float) && options["dtype"] === undefined;
  if (floats) options["dtype"] = "float64";
  if (options["dtype"] !== undefined) options["dtype"] = toDType(plain(options["dtype"]));
  const [plainArgs, plainOptions] = [args.map((x) => asFunctionArgument(x)), plain(options) as Record<string, unknown>];
  if (generator) {
    if (typeof generator[camel(names[1]!)] !== "function") throw new NotTranslated(`Generator.${names[1]} does not exist yet`);
    return generator[camel(names[1]!)]!(...plainArgs, plainOptions);
  }
  return invoke(name, plainArgs, plainOptions);
}

/** Where Python takes any number of arguments and we a list. */
function pack(name: string, positional: readonly unknown[], method: boolean): readonly unknown[] {
  if (name === "meshgrid") return [positional];
  const spread = method && (name === "reshape" || name === "transpose") && positional.length > 0 && !Array.isArray(positional[0]);
  return spread ? [positional] : positional;
}

const asFunctionArgument = (value: unknown): unknown => (Array.isArray(value) ? Array.from(value, asFunctionArgument) : plain(value));

function invoke(name: string, args: readonly unknown[], options: Readonly<Record<string, unknown>>): unknown {
  const target = camel(RENAMED[name] ?? name).split(".").reduce<any>((at, key) => at?.[key], nd);
  if (typeof target !== "function") throw new NotTranslated(`${name} does not exist yet`);
  return Object.keys(options).length > 0 ? target(...args, options) : target(...args);
}

/** Names that ours cannot have, or that Python's array method has another of. */
const RENAMED: Readonly<Record<string, string>> = { flatten: "ravel", atleast_1d: "atleast1d", atleast_2d: "atleast2d", atleast_3d: "atleast3d" };

function dtypeOf(keywords: readonly (readonly [string, unknown])[]): DType | undefined {
  const found = keywords.find(([key]) => key === "dtype");
  return found && toDType(found[1]);
}

/** NumPy's array of nested lists. */
function memory(nested: unknown, dtype?: DType): NDArray {
  const shape: number[] = [];
  for (let level = nested; Array.isArray(level); level = level[0]) shape.push(level.length);
  const flat = (Array.isArray(nested) ? nested.flat(Infinity) : [nested]) as (Float | Scalar)[];
  const type = dtype ?? (flat.length === 0 || flat.some((x) => x instanceof Float) ? (flat.some((x) => typeof x === "object" && "re" in x) ? "complex128" : "float64") : resultType(...(flat as Scalar[])));
  const data = allocate(type, sizeOf(shape));
  flat.forEach((value, i) => writeElement(data, type, i, value instanceof Float ? value.value : value));
  return new NDArray(data as never, shape, type);
}
