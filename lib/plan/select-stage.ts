import { itemsize } from "../core/dtype.js";
import { overdue, type Steps } from "../core/steps.js";
import type { Nonzero, Select } from "../expr/select.js";
import { storeCells } from "./cells.js";
import type { Emitter } from "./emit.js";
import { cellBox, cellCount, cellsPerAxis, extents, type Grid, indices, volume } from "./grid.js";
import { emitKernel, written } from "./kernel-task.js";
import { type KernelOperand, Operand } from "./operand.js";
import type { SelectionPart } from "./plan.js";

/**
 * The true places of a mask, or the elements there: how many is known when it has run. Each cell leaves what it found in a slot with room for
 * all, and its count; cells are runs in C order, so the parts one after the other are the result.
 */
export function* emitSelection(node: Select | Nonzero, emitter: Emitter): Steps<SelectionPart[]> {
  const operands: Operand[] = [];
  for (const x of node.inputs) operands.push(yield* Operand.of(x, emitter));
  const { shape } = node.inputs[0]!;
  const cost = operands.reduce((n, x) => n + x.cost, 1);
  const grid: Grid = storeCells(shape, cost, { axes: shape.map((_, axis) => axis), square: false, fromFile: operands.some((x) => x.layout.fromFile) });
  const layer = emitter.addLayer(node.kind, cellCount(grid), extents(cellBox(grid, grid.map(() => 0))));
  const width = node.kind === "nonzero" ? shape.length : 1;
  const parts: SelectionPart[] = [];
  for (const index of indices(cellsPerAxis(grid))) {
    const box = cellBox(grid, index);
    const size = volume(box);
    const inputs: KernelOperand[] = [];
    for (const x of operands) inputs.push(yield* x.at(box, layer));
    const found = emitter.slot(size * width * itemsize(node.dtype), layer);
    const count = emitter.slot(8, layer);
    found.keep = count.keep = true;
    const outputs = [written(found, node.dtype, node.kind === "nonzero" ? [size, width] : [size]), written(count, "int64", [1])];
    emitKernel(emitter, layer, node.kind === "nonzero" ? "nonzero" : "compressFlat", size, [found, count], [
      { inputs, outputs, parameters: node.kind === "nonzero" ? box.low : [] },
    ]);
    parts.push({ found, count, width });
    if (overdue()) yield;
  }
  return parts;
}
