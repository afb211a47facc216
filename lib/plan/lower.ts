import type { Steps } from "../core/steps.js";
import type { Expr } from "../expr/expr.js";
import { Cast } from "../expr/map.js";
import type { Node } from "../expr/node.js";
import { originBelow } from "../expr/origin.js";
import type { Nonzero, Select } from "../expr/select.js";
import { peakOf } from "./bound.js";
import { Emitter } from "./emit.js";
import type { Output, Plan, SelectionPart } from "./plan.js";
import type { FilePlace } from "./files.js";
import { schedule } from "./schedule.js";
import { emitSelection } from "./select-stage.js";
import { emitSink, partsOfSink, type Sink } from "./sinks.js";
import type { Stage } from "./stage.js";
import type { Stored } from "./stored.js";

/** Stages deeper than this below their readers are emitted first, for emission recurses from reader to read. */
const DEEP = 64;

/** Lowers optimised expressions (all sizes known) to a plan: the roots' elements, the parts of each selection, and what goes to files. */
export function* lower(roots: readonly Expr[], selections: readonly (Select | Nonzero)[] = [], sinks: readonly Sink[] = []): Steps<Plan> {
  const asked = distinct(roots);
  const written = sinks.flatMap(partsOfSink);
  const { stages, stored } = yield* schedule(asked, selections.flatMap((s) => s.inputs), written.map((part) => part.expr));
  const emitter = new Emitter(stored);
  const stageOf: Stage[] = []; // by layer
  for (const stage of stages) {
    yield* stage.prepare(emitter);
    while (stageOf.length < emitter.layers.length) stageOf.push(stage);
    yield;
  }
  for (let depth = DEEP - 1; depth < stages.length; depth += DEEP) {
    for (const array of stored.values()) if (array.stage === stages[depth]) yield* emitter.ensure(array);
  }
  const outputs: Output[] = [];
  for (const root of asked) {
    const array = stored.get(root.token)!;
    yield* emitter.ensure(array);
    const slot = array.slot(root.shape.map(() => 0), () => {
      throw new Error("internal: a result that no task writes");
    });
    slot.keep = true;
    outputs.push({ slot, dtype: root.dtype, shape: root.shape });
  }
  const parts: SelectionPart[][] = [];
  for (const node of selections) parts.push(yield* emitSelection(node, emitter));
  const places = new Map<Stored, FilePlace[]>();
  for (const { expr, place } of written) {
    const array = stored.get(expr.token)!;
    places.set(array, [...(places.get(array) ?? []), place]);
  }
  for (const [array, itsPlaces] of places) yield* emitSink(array, itsPlaces, emitter);
  const peak = yield* peakOf(emitter.tasks);
  const buffers = [...emitter.buffers.values()];
  return {
    slots: emitter.slots,
    programs: emitter.programs,
    tasks: emitter.tasks,
    words: emitter.words.finish(),
    layers: emitter.layers,
    outputs,
    selections: parts,
    buffers,
    files: [...emitter.files.values()],
    taskBytes: peak.taskBytes,
    peakBytes: peak.bytes,
    largest: peak.largest,
    arrayOf: (layer) => {
      const roots = [...asked, ...selections, ...written.map((part) => part.expr)];
      const stage = stageOf[layer]; // selections have none: their layers are called as their nodes
      return originBelow(roots, (node) => (stage === undefined ? emitter.layers[layer]!.name === node.kind : stored.get(node.token)?.stage === stage))?.name;
    },
    spillBytes: 0,
    readBytes: buffers.reduce((n, b) => n + b.byteLength, emitter.bytesFromFiles),
  };
}

/** Each result has memory of its own: one that would share another's (the same array reshaped, or asked for twice) is copied. */
function distinct(roots: readonly Expr[]): Expr[] {
  const taken = new Set<string>();
  return roots.map((root) => {
    let base = root as Node;
    while (base.kind === "reshape") base = base.inputs[0] as Node;
    const shared = taken.has(root.token) || taken.has(base.token);
    taken.add(base.token);
    let own: Expr = root;
    if (shared) {
      own = new Cast(root, root.dtype);
      while (taken.has(own.token)) own = new Cast(own, root.dtype);
      taken.add(own.token);
      own.origin = root.origin;
    }
    return own;
  });
}
