import { type Bytes, formatBytes, parseBytes } from "../config/index.js";
import { formatShape, isKnown } from "../core/shape.js";
import { drain } from "../core/steps.js";
import { ChunkError } from "../errors/index.js";
import type { Expr } from "../expr/expr.js";
import { layersOf } from "../graph/graph-node.js";
import { optimize } from "../optimize/pipeline.js";
import { postorder } from "../optimize/rewrite.js";
import { fit } from "../plan/fit.js";
import { lower } from "../plan/lower.js";
import type { Plan } from "../plan/plan.js";
import { configuredSpill } from "../runtime/spill.js";
import { chunkAdvice } from "./chunk-advice.js";
import type { AnyArray } from "./chunked-array.js";

/** One loop nest of a plan. */
export interface ExplainedStage {
  /** What it computes, named by the operations fused in it. */
  readonly name: string;
  /** How many cells it is cut into, and their shape. */
  readonly cells: number;
  readonly cellShape: readonly number[];
}

/** What computing some arrays would take; nothing has run. */
export interface Explanation {
  /** Layers and tasks of the graph view, as Dask counts them. */
  readonly layers: number;
  readonly tasks: number;
  /** The loop nests that really run, and their tasks. */
  readonly stages: readonly ExplainedStage[];
  readonly planTasks: number;
  /** Operations and sources as they were written, and as the optimiser leaves them to run. */
  readonly nodes: { readonly written: number; readonly optimized: number };
  /** Bytes held at once at least, the results included, and the stage that makes the largest piece of them. */
  readonly peakBytes: number;
  readonly peakStage: string;
  /** Bytes that spill files hold at once, so that the memory limit is kept; 0 without one. */
  readonly spillBytes: number;
  /** Whether a compute with that limit would start; true without one. */
  readonly fits: boolean;
  /** Bytes of the user's memory that are read. */
  readonly readBytes: number;
  /** What each program does to a tile, in its order. */
  readonly programs: readonly string[];
  /** Where the chunking costs something all the same: what, and how much. */
  readonly advice: readonly string[];
  /** All of it in a few lines. */
  toString(): string;
}

export interface ExplainOptions {
  /** The limit of the compute that is asked about: it is then told what would be spilled to keep it. */
  readonly memoryLimit?: Bytes;
}

/**
 * Tells what computing some arrays together would take: tasks, memory held at once, bytes read. Nothing runs.
 *
 * @throws {ChunkError} `ERR_CHUNK_UNKNOWN` when sizes hang on a mask that has not been computed.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * const x = nd.ones([1000, 1000], { chunks: 10 });
 * const { tasks, planTasks } = nd.explain([x.min(), x.max()]);
 * console.log(tasks > 30000, planTasks < 100); // true true
 * ```
 */
export function explain(arrays: readonly AnyArray[], { memoryLimit }: ExplainOptions = {}): Explanation {
  const limitBytes = memoryLimit === undefined ? Infinity : parseBytes(memoryLimit, "explain");
  const exprs = optimizedFor("explain", arrays);
  const spillLimit = configuredSpill()?.limitBytes ?? 0;
  const plan = drain(fit(planOf(exprs), limitBytes, spillLimit > 0));
  const layers = layersOf(arrays.map((x) => x.graph));
  const explanation = {
    layers: layers.length,
    tasks: layers.reduce((n, layer) => n + layer.count, 0),
    stages: plan.layers.map(({ name, cells, cellShape }) => ({ name, cells, cellShape })),
    planTasks: plan.tasks.length,
    nodes: { written: postorder(arrays.map((x) => x.expr)).length, optimized: postorder(exprs).length },
    peakBytes: plan.peakBytes,
    peakStage: plan.largest === undefined ? "" : plan.layers[plan.largest.layer]!.name,
    spillBytes: plan.spillBytes,
    fits: plan.peakBytes <= limitBytes && plan.spillBytes <= spillLimit,
    readBytes: plan.readBytes,
    programs: plan.programs.map((program) => program.text),
    advice: chunkAdvice(arrays),
  };
  return Object.defineProperty(explanation, "toString", { value: () => describe(explanation), enumerable: false });
}

/** The plan that computing some arrays would run, for those that only look at it. */
export const planFor = (operation: string, arrays: readonly AnyArray[]): Plan => planOf(optimizedFor(operation, arrays));

const planOf = (exprs: readonly Expr[]): Plan => drain(lower(exprs.filter((x) => x.size > 0)));

function optimizedFor(operation: string, arrays: readonly AnyArray[]): Expr[] {
  const exprs = arrays.map((x) => x.expr);
  if (!postorder(exprs).every((x) => isKnown(x.shape))) {
    throw new ChunkError(`${operation}: the sizes that masks leave are known only when they have been computed`, {
      code: "ERR_CHUNK_UNKNOWN", hint: "persist() the selection first",
    });
  }
  return drain(optimize(exprs));
}

/** What Dask's scheduler spends on a task, whatever it computes. */
const DASK_TASK_MS = 1;
/** Tasks from which on that is worth a word. */
const MANY_TASKS = 1000;

function describe({ layers, tasks, stages, planTasks, nodes, peakBytes, peakStage, spillBytes, fits, readBytes, programs, advice }: Explanation): string {
  const lines = [
    `graph: ${tasks} tasks in ${layers} layers; plan: ${planTasks} tasks in ${stages.length} stages, of ${nodes.optimized} operations (${nodes.written} before optimising)`,
    `memory: at least ${formatBytes(peakBytes)} at once${peakStage === "" ? "" : ` (largest piece: ${peakStage})`}; reads ${formatBytes(readBytes)}${spillBytes === 0 ? "" : `; spills ${formatBytes(spillBytes)}`}${fits ? "" : "; does not fit"}`,
    ...stages.map((s) => `  ${s.name}: ${s.cells} cell${s.cells === 1 ? "" : "s"} of ${formatShape(s.cellShape)}`),
  ];
  const fused = programs.filter((text) => text.includes(", ")).map((text) => `    fused: ${text}`);
  const scheduling = (tasks * DASK_TASK_MS) / 1000;
  const dask = tasks < MANY_TASKS ? [] : [
    `chunks: Dask would spend about ${scheduling < 10 ? scheduling.toFixed(1) : Math.round(scheduling)} s on scheduling ${tasks} tasks; cells do not depend on chunks, so these cost nothing here`,
  ];
  return [...lines, ...fused, ...dask, ...advice.map((text) => `chunks: ${text}`)].join("\n");
}
