import { overdue, type Steps } from "../core/steps.js";
import type { Chain } from "./chain.js";
import type { Emitter } from "./emit.js";
import { type Place, slotsOf, stridesOver } from "./fold-results.js";
import type { Fusion } from "./fusion.js";
import { type Box, extents, volume } from "./grid.js";
import { type ReduceTarget, writeSegments } from "./segments.js";

/** Where one of a program's folds of a box leaves its fields, and how the box stands in its state. */
export interface FoldedBox {
  readonly capacity: number;
  readonly places: readonly Place[];
  readonly state: ReduceTarget;
}

/** Emits the task that folds a box of a fused expression. @param axes the box's, outermost first. @param chain of the scan that is fused into it. */
export function* emitFold(
  emitter: Emitter, layer: number, fusion: Fusion, box: Box, axes: readonly number[], folds: readonly FoldedBox[], chain?: Chain,
): Steps {
  const { template, program } = yield* fusion.at(box.low);
  const files = yield* emitter.ensureLoads(template, box);
  const places = folds.flatMap((fold) => fold.places);
  const scan = chain && { ...chain.next(box, emitter), axis: chain.scan.axis, strides: stridesOver(extents(box), axes.filter((a) => a !== chain.scan.axis)) };
  const writes = slotsOf(places);
  if (scan?.after !== undefined) writes.push(scan.after);
  emitter.addTask(layer, 0, volume(box), writes, (words, reader) => {
    words.pushAll([program, ...folds.map((fold) => fold.capacity), ...places.flatMap((p) => [p.slot.id, p.offset])]);
    if (scan !== undefined) {
      const { lanes, before, after } = scan;
      words.pushAll([lanes, (before ? 1 : 0) + (after ? 2 : 0), ...(before ? [reader.slotId(before), 0] : []), ...(after ? [after.id, 0] : [])]);
    }
    const at = words.reserve(1);
    words.set(at, writeSegments(words, template, box, axes, reader, files, [], folds.map((fold) => fold.state), scan));
  });
  if (overdue()) yield;
}
