import { itemsize } from "../core/dtype.js";
import { contiguousStrides } from "../core/shape.js";
import { overdue, type Steps } from "../core/steps.js";
import type { Expr } from "../expr/expr.js";
import type { FileSource } from "../expr/file.js";
import type { Node } from "../expr/node.js";
import type { Emitter } from "./emit.js";
import { type FilePlace, writeFile } from "./files.js";
import { extents, indices } from "./grid.js";
import type { Stored } from "./stored.js";

/** An expression whose elements go to a file, side by side in C order from a byte on. */
export interface Sink {
  readonly expr: Expr;
  readonly file: FileSource;
  readonly byteOffset: number;
}

/** A stored array, and where its elements go. */
export interface SinkPart {
  readonly expr: Expr;
  readonly place: FilePlace;
}

/**
 * What is stored for a sink: the expression below reshapes, which lies in the file as they do; each input of a concatenation by itself, so
 * that none has to be held as a whole.
 */
export function partsOfSink({ expr, file, byteOffset }: Sink): SinkPart[] {
  let base = expr as Node;
  while (base.kind === "reshape") base = base.inputs[0] as Node;
  const bytesEach = itemsize(base.dtype);
  return inputsOf(base, { file, byteOffset, byteStrides: contiguousStrides(base.shape).map((s) => s * bytesEach) });
}

function inputsOf(expr: Expr, place: FilePlace): SinkPart[] {
  const node = expr as Node;
  if (node.kind !== "concat") return [{ expr, place }];
  let low = 0;
  return node.inputs.flatMap((input) => {
    const parts = inputsOf(input, { ...place, byteOffset: place.byteOffset + low * place.byteStrides[node.axis]! });
    low += input.shape[node.axis]!;
    return parts;
  });
}

/** Emits a stored array block by block, each followed by its writes. */
export function* emitSink(stored: Stored, places: readonly FilePlace[], emitter: Emitter): Steps {
  for (const index of indices(stored.blockCounts)) {
    const block = index.slice();
    const box = stored.blockBox(block);
    yield* emitter.ensure(stored, box);
    const slot = stored.slot(block, () => {
      throw new Error("internal: a block is written to a file that no task fills");
    });
    for (const place of places) writeFile(emitter, place, box.low, extents(box), slot, stored.strides(block), itemsize(stored.dtype));
    if (overdue()) yield;
  }
}
