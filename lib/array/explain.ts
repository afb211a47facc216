import { formatBytes } from "../core/bytes.js";
import { isKnown } from "../core/shape.js";
import { ChunkError } from "../errors/index.js";
import { layersOf } from "../graph/graph-node.js";
import { optimize } from "../optimize/pipeline.js";
import { lower } from "../plan/lower.js";
import type { Expr } from "../expr/expr.js";
import type { AnyArray } from "./chunked-array.js";

/** One loop nest of a plan. */
export interface ExplainedStage {
  /** What it computes, named by the operations fused in it. */
  readonly name: string;
  /** How many cells it is cut into, and their shape. */
  readonly cells: number;
  readonly cellShape: readonly number[];
}

/** What computing an array would take; nothing has run. */
export interface Explanation {
  /** Layers and tasks of the graph view, as Dask counts them. */
  readonly layers: number;
  readonly tasks: number;
  /** The loop nests that really run, and their tasks. */
  readonly stages: readonly ExplainedStage[];
  readonly planTasks: number;
  /** Bytes held at once at least, the result included. */
  readonly peakBytes: number;
  /** Bytes of the user's memory that are read. */
  readonly readBytes: number;
  /** The programs that tiles run, one line an instruction. */
  readonly programs: readonly string[];
  toString(): string;
}

export function explain(x: AnyArray): Explanation {
  requireKnown(x.expr);
  const layers = layersOf([x.graph]);
  const plan = lower(optimize([x.expr]).filter((e) => e.size > 0));
  const explanation = {
    layers: layers.length,
    tasks: layers.reduce((n, layer) => n + layer.count, 0),
    stages: plan.layers.map(({ name, cells, cellShape }) => ({ name, cells, cellShape })),
    planTasks: plan.tasks.length,
    peakBytes: plan.peakBytes,
    readBytes: plan.readBytes,
    programs: plan.programs.map((program) => program.text),
  };
  return Object.defineProperty(explanation, "toString", { value: () => describe(explanation), enumerable: false });
}

function requireKnown(root: Expr): void {
  const seen = new Set<Expr>();
  const walk = [root];
  for (let x = walk.pop(); x !== undefined; x = walk.pop()) {
    if (seen.has(x)) continue;
    seen.add(x);
    if (!isKnown(x.shape)) {
      throw new ChunkError("explain: the sizes that masks leave are known only when they have been computed", {
        code: "ERR_CHUNK_UNKNOWN", hint: "persist() the selection first",
      });
    }
    walk.push(...x.inputs);
  }
}

function describe({ layers, tasks, stages, planTasks, peakBytes, readBytes, programs }: Explanation): string {
  const lines = [
    `graph: ${tasks} tasks in ${layers} layers; plan: ${planTasks} tasks in ${stages.length} stages`,
    `memory: at least ${formatBytes(peakBytes)} at once; reads ${formatBytes(readBytes)}`,
    ...stages.map((s) => `  ${s.name}: ${s.cells} cells of (${s.cellShape.join(", ")})`),
  ];
  return [...lines, ...programs.map((text) => text.replace(/^/gm, "    "))].join("\n");
}
