import { itemsize } from "../core/dtype.js";
import type { Scan } from "../expr/scan.js";
import type { Emitter } from "./emit.js";
import { type Box, extents } from "./grid.js";
import type { Slot } from "./plan.js";

/** How a scan goes on in a box. */
export interface ScannedBox {
  readonly lanes: number;
  /** The sums at the end of the box before on the axis; none where the lanes begin. */
  readonly before: Slot | undefined;
  /** Where those at the end of this box are left; nowhere where the lanes end. */
  readonly after: Slot | undefined;
}

/** The boxes of a scan, taken in ascending order along its axis: each goes on from the last sums of the one before it. */
export class Chain {
  /** By lanes: how far the scan has come, and the sums there. */
  readonly #ends = new Map<string, { readonly end: number; readonly sums: Slot | undefined }>();

  /** @param layer of the tasks that scan. */
  constructor(readonly scan: Scan, readonly layer: number) {}

  /** How far along the axis the lanes of a box have been scanned. */
  endOf(box: Box): number {
    return this.#ends.get(this.#lanes(box))?.end ?? 0;
  }

  next(box: Box, emitter: Emitter): ScannedBox {
    const { axis, dtype, shape } = this.scan;
    if (box.low[axis] !== this.endOf(box)) throw new Error("internal: the boxes of a scan do not follow each other");
    const lanes = extents(box).reduce((n, x, i) => (i === axis ? n : n * x), 1);
    const before = this.#ends.get(this.#lanes(box))?.sums;
    const after = box.high[axis] === shape[axis] ? undefined : emitter.slot(lanes * itemsize(dtype), this.layer);
    this.#ends.set(this.#lanes(box), { end: box.high[axis]!, sums: after });
    return { lanes, before, after };
  }

  #lanes({ low }: Box): string {
    return low.filter((_, i) => i !== this.scan.axis).join();
  }
}
