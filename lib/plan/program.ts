import { type DType, dtypeIndex } from "../core/dtype.js";
import { contiguousStrides } from "../core/shape.js";
import { overdue, type Steps } from "../core/steps.js";
import type { Buffer } from "../expr/buffer.js";
import type { Concat } from "../expr/concat.js";
import type { Expr } from "../expr/expr.js";
import { File } from "../expr/file.js";
import { NATIVE_OPS } from "../expr/generated/native-ops.js";
import type { Iota } from "../expr/iota.js";
import type { Node } from "../expr/node.js";
import type { Scan } from "../expr/scan.js";
import { GENERATORS, type GeneratorKind, type Random } from "../expr/random.js";
import { REDUCERS, type ReducerKind } from "../expr/reduce.js";
import { type Access, accessKey, affine, type AxisAccess, identityAccess, throughView } from "./access.js";
import { constantBits } from "./constant.js";
import { costOf, FILE_LOAD_NS, LOAD_NS, REDUCER_NS, SCAN_NS } from "./costs.js";
import { pickedRows } from "./picked-rows.js";
import type { Program } from "./plan.js";
import type { Stored } from "./stored.js";
import { Words } from "./words.js";

/** Memory that a program reads: the user's, or what another stage stores. */
export type Source = Buffer | Stored;

export interface Load {
  readonly source: Source | File;
  readonly access: Access;
  readonly dtype: DType;
  /** Set when an axis of the source goes through an index. */
  readonly indexed?: IndexedAxis;
  /** Set when rows of a file are picked. */
  readonly rows?: PickedRows;
  /** Set when the source is the user's memory and no axis goes through an index: which of its elements the domain's origin reads, and the step along each axis. */
  readonly fixed?: { readonly first: number; readonly steps: readonly number[] };
}

/** The coordinate on `axis` of a file is what `at` gives for that on axis `domain` of the domain. */
export interface PickedRows {
  readonly axis: number;
  readonly domain: number;
  at(coordinate: number): number;
}

/** The coordinate on `axis` of the source (-1: on none, a view repeats it) is shift + scale * index[walk], each index in [0, limit). */
export interface IndexedAxis {
  readonly axis: number;
  readonly shift: number;
  readonly scale: number;
  /** int64, 1-d. */
  readonly index: Source;
  readonly walk: AxisAccess;
  readonly limit: number;
}

export interface Generator {
  readonly node: Random | Iota;
  /** Flat index at the domain's origin, and its step along each axis of the domain. */
  readonly first: number;
  readonly steps: readonly number[];
}

/** One reducer of a program: what it folds, one expression, or one for each field when it merges states. */
export interface ReducerSink {
  readonly kind: ReducerKind;
  readonly dtype: DType;
  readonly merge: boolean;
  /** Which axes it folds: reducers of one number keep the same elements; numbers ascend. */
  readonly fold: number;
  readonly inputs: readonly Expr[];
}

/** A program, and what its loads and generators stand for, so that segments can be written for any box of the domain. */
export interface Template extends Program {
  readonly loads: readonly Load[];
  readonly generators: readonly Generator[];
  readonly stores: number;
  readonly reducers: number;
  /** Nanoseconds an element. */
  readonly cost: number;
}

export interface Scope {
  /** Where a node's elements lie, when a stage of its own stores them. */
  stored(node: Expr): Stored | undefined;
  /** Which input of a concatenation the box at hand lies in. */
  pick(concat: Concat, access: Access): number;
}

type Value =
  | { readonly kind: "load" | "generator" | "constant"; readonly index: number; readonly dtype: DType }
  | { readonly kind: "result"; readonly instruction: number; readonly output: number; readonly dtype: DType };

interface Instruction {
  readonly op: number;
  readonly loop: DType;
  readonly inputs: readonly Value[];
  readonly outputs: (DType | undefined)[];
}

const OP_INDEX = new Map<string, number>(NATIVE_OPS.map((name, i) => [name, i]));
const GENERATOR_INDEX = new Map<string, number>(Object.keys(GENERATORS).map((name, i) => [name, i]));
export const REDUCER_INDEX = new Map<string, number>(Object.keys(REDUCERS).map((name, i) => [name, i]));
const CAST = -1;
const SCANS = { sum: -2, prod: -3 } as const;
/** Operations with two results; the native side wants room for both. */
const TWO_OUTPUTS: Readonly<Record<string, readonly [string, string]>> = { frexp: ["loop", "int32"], modf: ["loop", "loop"], sincos: ["loop", "loop"] };

/** Compiles expressions over a domain into one program: each is a store's value, then come the reducers'. */
export function* compile(stores: readonly Expr[], reducers: readonly ReducerSink[], domain: Access, scope: Scope): Steps<Template> {
  const builder = new Builder(scope, domain.length);
  const values: Value[] = [];
  for (const x of [...stores, ...reducers.flatMap((r) => r.inputs)]) values.push(yield* builder.value(x, domain));
  const storeValues = values.splice(0, stores.length);
  return yield* builder.finish(storeValues, reducers, reducers.map((r) => values.splice(0, r.inputs.length)));
}

class Builder {
  readonly #loads: Load[] = [];
  readonly #generators: Generator[] = [];
  readonly #constants: { dtype: DType; bits: readonly [bigint, bigint] }[] = [];
  readonly #instructions: Instruction[] = [];
  readonly #values = new Map<string, Value>();
  readonly #byContent = new Map<string, number>();
  readonly #text: string[] = [];
  #complaint: string | undefined;
  #cost = 0;

  constructor(readonly scope: Scope, readonly ndim: number) {}

  /** The register of a node under an access; depth first on a stack of its own, as chains can be long. */
  *value(root: Expr, rootAccess: Access): Steps<Value> {
    const stack: { node: Node; access: Access; key: string }[] = [];
    const enter = (node: Expr, access: Access): Value | undefined => {
      [node, access] = this.#resolve(node, access);
      const key = `${node.token}|${accessKey(access)}`;
      const found = this.#values.get(key);
      if (found === undefined) stack.push({ node: node as Node, access, key });
      return found;
    };
    let result = enter(root, rootAccess);
    while (stack.length > 0) {
      if (overdue()) yield;
      const { node, access, key } = stack[stack.length - 1]!;
      const depth = stack.length;
      if (!this.#values.has(key)) {
        const fused = this.scope.stored(node) === undefined && (node.kind === "map" || node.kind === "cast" || node.kind === "scan");
        const inputs = fused ? node.inputs.map((x) => enter(x, access)) : [];
        if (stack.length > depth) continue; // inputs first
        this.#values.set(key, !fused ? this.#leaf(node, access) : node.kind === "scan" ? this.#scan(node, inputs[0]!) : this.#instruction(node, inputs as Value[]));
      }
      stack.pop();
      result = this.#values.get(key);
    }
    return result!;
  }

  /** Walks through what is no value of its own: views, and the input of a concatenation that the box lies in. */
  #resolve(node: Expr, access: Access): [Expr, Access] {
    for (;;) {
      const n = node as Node;
      if (this.scope.stored(n) !== undefined) return [n, access];
      if (n.kind === "view") {
        access = throughView(n, access);
        node = n.inputs[0]!;
      } else if (n.kind === "concat") {
        const k = this.scope.pick(n, access);
        const low = n.inputs.slice(0, k).reduce((sum, x) => sum + x.shape[n.axis]!, 0);
        access = access.map((a, axis) => (axis === n.axis ? { ...a, start: a.start - low } : a));
        node = n.inputs[k]!;
      } else return [n, access];
    }
  }

  #leaf(node: Node, access: Access): Value {
    const stored = this.scope.stored(node);
    if (stored !== undefined) return this.#load({ source: stored, access, dtype: node.dtype });
    switch (node.kind) {
      case "buffer":
      case "file":
        return this.#load({ source: node, access, dtype: node.dtype, ...(node.kind === "buffer" && { fixed: this.#fixed(node, access) }) });
      case "full": {
        this.#constants.push({ dtype: node.dtype, bits: constantBits(node.dtype, node.value) });
        return { kind: "constant", index: this.#constants.length - 1, dtype: node.dtype };
      }
      case "iota":
      case "random": {
        const { first, steps } = affine(access, contiguousStrides(node.shape), this.ndim);
        this.#generators.push({ node, first, steps });
        this.#note(node.kind === "iota" ? "arange" : node.generator, costOf(node));
        return { kind: "generator", index: this.#generators.length - 1, dtype: node.dtype };
      }
      case "gather": {
        const input = node.inputs[0]!;
        const [source, inner] = this.#addressed(input, identityAccess(input.ndim));
        const [index, [walk]] = source instanceof File ? [undefined, [access[node.axis]!]] as const : this.#addressed(node.inputs[1]!, [access[node.axis]!]) as [Source, readonly [AxisAccess]];
        // `inner` walks the source by the input's axes, which views may have turned round; those walk by the domain, but for the one indexed.
        const through = inner.map((a): AxisAccess => {
          if (a.domain < 0) return a;
          if (a.domain === node.axis) return { domain: walk.domain, start: 0, step: 1 };
          const outer = access[a.domain]!;
          return { domain: outer.domain, start: a.start + a.step * outer.start, step: a.step * outer.step };
        });
        const axis = inner.findIndex((a) => a.domain === node.axis);
        const { start: shift, step: scale } = axis < 0 ? { start: 0, step: 0 } : inner[axis]!;
        this.#note("take", 0.5);
        if (source instanceof File) {
          const rows = pickedRows(node)!;
          return this.#load({ source, access: through, dtype: node.dtype, rows: { axis, domain: walk.domain, at: (x) => shift + scale * Number(rows[walk.start + x]) } });
        }
        this.#complaint ??= node.complaint;
        return this.#load({ source, access: through, dtype: node.dtype, indexed: { axis, shift, scale, index: index as Source, walk, limit: input.shape[node.axis]! } });
      }
      default:
        throw new Error(`internal: a ${node.kind} node was not stored before a program that reads it`);
    }
  }

  /** A node that is memory already, behind views perhaps. */
  #addressed(node: Expr, access: Access): [Source | File, Access] {
    const [found, walk] = this.#resolve(node, access);
    const stored = this.scope.stored(found);
    if (stored !== undefined) return [stored, walk];
    if (found instanceof File) return [found, walk];
    if ((found as Node).kind !== "buffer") throw new Error("internal: an indexed operand that is not memory");
    return [found as Buffer, walk];
  }

  #fixed(buffer: Buffer, access: Access): Load["fixed"] {
    const { first, steps } = affine(access, buffer.strides, this.ndim);
    return { first: buffer.offset + first, steps };
  }

  #load(load: Load): Value {
    this.#loads.push(load);
    return { kind: "load", index: this.#loads.length - 1, dtype: load.dtype };
  }

  #note(text: string, cost: number): void {
    this.#cost += cost;
    if (this.#text.length < 12 && this.#text[this.#text.length - 1] !== text) this.#text.push(text);
  }

  #instruction(node: Node & { kind: "map" | "cast" }, inputs: readonly Value[]): Value {
    const op = node.kind === "cast" ? CAST : OP_INDEX.get(node.op)!;
    const loop = node.kind === "cast" ? inputs[0]!.dtype : node.loop;
    const output = node.kind === "cast" ? 0 : node.output;
    const content = `${op}|${loop}|${op === CAST ? node.dtype : ""}|${inputs.map(valueKey).join(",")}`;
    let instruction = this.#byContent.get(content);
    if (instruction === undefined) {
      const two = node.kind === "map" ? TWO_OUTPUTS[node.op] : undefined;
      const outputs = two ? two.map((d) => (d === "loop" ? loop : (d as DType))) : [node.dtype];
      instruction = this.#instructions.push({ op, loop, inputs, outputs }) - 1;
      this.#byContent.set(content, instruction);
      this.#note(node.kind === "cast" ? `astype ${node.dtype}` : node.op, costOf(node));
    }
    return { kind: "result", instruction, output, dtype: this.#instructions[instruction]!.outputs[output]! };
  }

  #scan(node: Scan, input: Value): Value {
    this.#note(`cum${node.op}`, SCAN_NS);
    const instruction = this.#instructions.push({ op: SCANS[node.op], loop: node.dtype, inputs: [input], outputs: [node.dtype] }) - 1;
    return { kind: "result", instruction, output: 0, dtype: node.dtype };
  }

  *finish(stores: readonly Value[], reducers: readonly ReducerSink[], reducerValues: readonly (readonly Value[])[]): Steps<Template> {
    const registers: DType[] = [];
    const fixed = (kind: Value["kind"], index: number): number =>
      kind === "load" ? index : kind === "generator" ? this.#loads.length + index : this.#loads.length + this.#generators.length + index;
    this.#loads.forEach((x) => registers.push(x.dtype));
    this.#generators.forEach((x) => registers.push(x.node.dtype));
    this.#constants.forEach((x) => registers.push(x.dtype));

    // Results take over the registers of results that nobody reads any more: a tile's registers should stay in cache.
    const lastUse = new Map<string, number>();
    for (const [at, x] of this.#instructions.entries()) {
      if (overdue()) yield;
      for (const v of x.inputs) if (v.kind === "result") lastUse.set(valueKey(v), at);
    }
    for (const v of [...stores, ...reducerValues.flat()]) if (v.kind === "result") lastUse.set(valueKey(v), Infinity);
    const register = new Map<string, number>();
    const free = new Map<DType, number[]>();
    const registerOf = (v: Value): number => (v.kind === "result" ? register.get(valueKey(v))! : fixed(v.kind, v.index));
    const release = (key: string, dtype: DType): void => {
      const list = free.get(dtype);
      if (list === undefined) free.set(dtype, [register.get(key)!]);
      else list.push(register.get(key)!);
    };

    const words = new Words(256);
    const body = new Words(256);
    for (const [at, x] of this.#instructions.entries()) {
      if (overdue()) yield;
      const inputs = x.inputs.map(registerOf);
      // An operation of one result may write over an input that ends here (MapFn's in-place rule).
      const ending = [...new Set(x.inputs.filter((v) => v.kind === "result" && lastUse.get(valueKey(v)) === at).map(valueKey))];
      const dtypeOf = new Map(x.inputs.map((v) => [valueKey(v), v.dtype]));
      if (x.outputs.length === 1) ending.forEach((key) => release(key, dtypeOf.get(key)!));
      const outputs = x.outputs.map((dtype, output) => {
        const key = `r${at}.${output}`;
        const reused = free.get(dtype!)?.pop();
        const r = reused ?? registers.push(dtype!) - 1;
        register.set(key, r);
        return r;
      });
      if (x.outputs.length > 1) ending.forEach((key) => release(key, dtypeOf.get(key)!));
      x.outputs.forEach((dtype, output) => {
        if (!lastUse.has(`r${at}.${output}`)) release(`r${at}.${output}`, dtype!);
      });
      body.pushAll([x.op, dtypeIndex(x.loop), outputs.length, inputs.length, ...outputs, ...inputs]);
    }

    words.pushAll([0, this.#loads.length, this.#generators.length, this.#constants.length, this.#instructions.length, stores.length, reducers.length, registers.length]);
    words.pushAll(registers.map(dtypeIndex));
    this.#loads.forEach((x) => words.push(x.indexed ? 1 : 0));
    this.#generators.forEach((x) => pushGenerator(words, x.node));
    this.#constants.forEach((x) => (words.pushBits(x.bits[0]), words.pushBits(x.bits[1])));
    words.pushAll(body.finish());
    stores.forEach((v) => words.push(registerOf(v)));
    reducers.forEach((r, i) => {
      words.pushAll([REDUCER_INDEX.get(r.kind)!, dtypeIndex(r.dtype), (r.merge ? 1 : 0) + 2 * r.fold, r.inputs.length, ...reducerValues[i]!.map(registerOf)]);
    });
    words.set(0, words.length);
    return {
      words: words.finish(),
      text: this.#text.join(", "),
      complaint: this.#complaint,
      loads: this.#loads,
      generators: this.#generators,
      stores: stores.length,
      reducers: reducers.length,
      cost: this.#cost + this.#loads.reduce((n, x) => n + (x.source instanceof File ? FILE_LOAD_NS : LOAD_NS), LOAD_NS * stores.length) + REDUCER_NS * reducers.length,
    };
  }
}

const valueKey = (v: Value): string => (v.kind === "result" ? `r${v.instruction}.${v.output}` : `${v.kind}${v.index}`);

function pushGenerator(words: Words, node: Random | Iota): void {
  const kind: GeneratorKind = node.kind === "iota" ? "iota" : node.generator;
  const { key = 0n, low = 0n, range = 0n, p = [] } = node.kind === "iota" ? {} : node.random;
  words.push(GENERATOR_INDEX.get(kind)!);
  words.pushBits(BigInt.asUintN(64, key));
  words.pushBits(BigInt.asUintN(64, low));
  words.pushBits(BigInt.asUintN(64, range));
  for (let i = 0; i < 4; i++) words.push(p[i] ?? 0);
}
