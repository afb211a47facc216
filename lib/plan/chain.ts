import { itemsize } from "../core/dtype.js";
import type { Scan } from "../expr/scan.js";
import type { Emitter } from "./emit.js";
import { stridesOver } from "./fold-results.js";
import { type Box, extents } from "./grid.js";
import type { Slot } from "./plan.js";

/** How a scan that is fused into a program goes on in a box. */
export interface ScannedBox {
  readonly axis: number;
  readonly lanes: number;
  readonly strides: readonly number[];
  /** The sums at the end of the box before on the axis; none where the lanes begin. */
  readonly before: Slot | undefined;
  /** Where those at the end of this box are left; nowhere where the lanes end. */
  readonly after: Slot | undefined;
}

/** The boxes of a fused scan, taken in ascending order along its axis: each goes on from the last sums of the one before it. */
export class Chain {
  /** By lanes: how far the scan has come, and the sums there. */
  readonly #ends = new Map<string, { readonly end: number; readonly sums: Slot | undefined }>();

  /** @param axes of the domain, as they are walked. @param layer of the tasks that scan. */
  constructor(readonly scan: Scan, readonly axes: readonly number[], readonly layer: number) {}

  next(box: Box, emitter: Emitter): ScannedBox {
    const { axis, dtype, shape } = this.scan;
    const key = box.low.filter((_, i) => i !== axis).join();
    const before = this.#ends.get(key);
    if (box.low[axis] !== (before?.end ?? 0)) throw new Error("internal: the boxes of a scan do not follow each other");
    const size = extents(box);
    const lanes = size.reduce((n, x, i) => (i === axis ? n : n * x), 1);
    const after = box.high[axis] === shape[axis] ? undefined : emitter.slot(lanes * itemsize(dtype), this.layer);
    this.#ends.set(key, { end: box.high[axis]!, sums: after });
    return { axis, lanes, strides: stridesOver(size, this.axes.filter((a) => a !== axis)), before: before?.sums, after };
  }
}
