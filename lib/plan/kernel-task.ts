import type { Emitter } from "./emit.js";
import { type BlockKernel, kernelIndex } from "./kernels.js";
import { type KernelOperand, writeOperand } from "./operand.js";
import type { Slot } from "./plan.js";
import { contiguousStrides } from "../core/shape.js";
import type { DType } from "../core/dtype.js";

export interface KernelCall {
  readonly inputs: readonly KernelOperand[];
  readonly outputs: readonly KernelOperand[];
  readonly parameters: readonly number[];
}

/** A task of kernel calls, run one after the other. */
export function emitKernel(emitter: Emitter, layer: number, kernel: BlockKernel, weight: number, writes: readonly Slot[], calls: readonly KernelCall[]): void {
  emitter.addTask(layer, 1, weight, writes, (words, reader) => {
    words.pushAll([kernelIndex(kernel), calls.length]);
    for (const { inputs, outputs, parameters } of calls) {
      words.pushAll([inputs.length, outputs.length, parameters.length]);
      [...inputs, ...outputs].forEach((x) => writeOperand(words, reader, x));
      words.pushAll(parameters);
    }
  });
}

/** Memory of a slot that the task writes: noted as written, not read. */
export const written = (slot: Slot, dtype: DType, extents: readonly number[], offset = 0, strides: readonly number[] = contiguousStrides(extents)): KernelOperand =>
  ({ dtype, extents, strides, offset, slotId: () => slot.id });

/** Memory of a slot that an earlier task wrote. */
export const held = (slot: Slot, dtype: DType, extents: readonly number[], offset = 0, strides: readonly number[] = contiguousStrides(extents)): KernelOperand =>
  ({ dtype, extents, strides, offset, slotId: (reader) => reader.slotId(slot) });
