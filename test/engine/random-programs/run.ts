import type { AnyArray } from "../../../lib/array/chunked-array.js";
import * as nd from "../../../lib/index.js";
import type { TypedArray } from "../../../lib/core/dtype.js";
import { computeExprs, type Computed } from "../../../lib/runtime/compute.js";
import { Engine } from "../../../lib/runtime/engine.js";
import type { Naive } from "../../support/naive/value.js";
import { codeOf, leaves, memoryCode, nameOf, type Program } from "./program.js";
import { make } from "./generate.js";

/** A way to run a program. */
export interface Setting {
  readonly name: string;
  readonly cut: 0 | 1;
  readonly optimizeGraph: boolean;
  readonly engine: Engine;
  /** In memory when not given. */
  readonly sources?: Sources;
}

/** Where the memory of a program's sources is, instead. */
export type Sources = (data: readonly MemorySource[]) => Promise<AnyArray[]>;
/** A call of `fromArray`. */
export interface MemorySource {
  readonly data: TypedArray;
  readonly options: nd.FromArrayOptions;
}

/** The arrays that a program's code makes, one for each step. */
export async function arraysOf(program: Program, { cut, sources }: Pick<Setting, "cut" | "sources">): Promise<AnyArray[]> {
  const names = program.steps.map((_, i) => nameOf(i));
  const code = new Function("nd", `${codeOf(program, cut).join("\n")}\nreturn [${names.join(", ")}];`) as (module: object) => AnyArray[];
  if (sources === undefined) return code(nd);
  const calls: MemorySource[] = [];
  code({ ...nd, fromArray: (data: TypedArray, options: nd.FromArrayOptions) => (calls.push({ data, options }), nd.fromArray(data, options)) });
  const others = (await sources(calls))[Symbol.iterator]();
  return code({ ...nd, fromArray: () => others.next().value });
}

/** What is wrong with a program in a setting, or undefined. */
export async function faultIn(program: Program, setting: Setting): Promise<string | undefined> {
  const outputs = leaves(program.steps);
  const { optimizeGraph, engine } = setting;
  try {
    const arrays = await arraysOf(program, setting);
    const results = await computeExprs(outputs.map((i) => arrays[i]!.expr), { optimizeGraph }, engine);
    for (const [k, i] of outputs.entries()) {
      const found = compare(arrays[i]!, results[k]!, program, i);
      if (found !== undefined) return `${nameOf(i)}: ${found}`;
    }
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
  return undefined;
}

/** The bytes of all results, for comparing settings that must agree in every bit. */
export async function bitsOf(program: Program, setting: Setting): Promise<string> {
  const { optimizeGraph, engine } = setting;
  const arrays = await arraysOf(program, setting);
  const results = await computeExprs(leaves(program.steps).map((i) => arrays[i]!.expr), { optimizeGraph }, engine);
  return results.map(({ data }) => Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("base64")).join(",");
}

function compare(array: AnyArray, { data, shape }: Computed, program: Program, i: number): string | undefined {
  const { value, isExact } = program.steps[i]!;
  if (array.dtype !== value.dtype) return `dtype ${array.dtype}, expected ${value.dtype}`;
  if (String(shape) !== String(value.shape)) return `shape [${shape}], expected [${value.shape}]`;
  const scale = Math.max(1, ...program.steps.map((s) => largest(s.value)));
  for (let k = 0; k < value.data.length; k++) {
    const [got, want] = [data[k]!, value.data[k]!];
    const equal = value.dtype === "bool" ? Boolean(got) === want : isExact || value.dtype === "int64" ? got === want : Math.abs((got as number) - (want as number)) <= 1e-10 * scale;
    if (!equal) return `element ${k} is ${got}, expected ${String(want)}`;
  }
  return undefined;
}

const largest = (x: Naive): number => (x.dtype === "float64" ? x.data.reduce<number>((a, b) => Math.max(a, Math.abs(b as number)), 0) : 0);

/** The smallest program that still fails: steps are dropped that the fault does not need, others replaced by what they compute. */
export async function shrink(program: Program, setting: Setting): Promise<Program> {
  let smallest = program;
  const attempt = async (candidate: Program): Promise<boolean> => {
    const fails = (await faultIn(candidate, setting)) !== undefined;
    if (fails) smallest = candidate;
    return fails;
  };
  const dropLeaves = async (): Promise<void> => {
    for (let again = true; again; ) {
      again = false;
      for (const leaf of leaves(smallest.steps)) {
        if (smallest.steps.length > 1 && (await attempt(without(smallest, leaf)))) {
          again = true;
          break;
        }
      }
    }
  };
  await dropLeaves();
  for (let i = smallest.steps.length - 1; i >= 0; i--) {
    const step = smallest.steps[i];
    if (step === undefined || step.inputs.length === 0 || step.unknown) continue;
    if (await attempt(asSource(smallest, i))) await dropLeaves();
  }
  return smallest;
}

/** The program without a step that no other takes. */
function without({ seed, steps }: Program, dropped: number): Program {
  const renumber = (i: number): number => (i > dropped ? i - 1 : i);
  return { seed, steps: steps.filter((_, i) => i !== dropped).map((s) => ({ ...s, inputs: s.inputs.map(renumber) })) };
}

function asSource({ seed, steps }: Program, at: number): Program {
  const { value } = steps[at]!;
  const chunks = `[${value.shape.map((n) => Math.max(1, Math.min(n, 2)))}]`;
  const source = make({ inputs: [], exact: steps[at]!.isExact, naive: () => value, code: (_, cut) => memoryCode(value, cut === 0 ? "-1" : chunks) }, [])!;
  return { seed, steps: steps.map((s, i) => (i === at ? source : s)) };
}
