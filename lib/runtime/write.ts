import type { DType } from "../core/dtype.js";
import type { Expr } from "../expr/expr.js";
import type { FileSource } from "../expr/file.js";
import { lower } from "../plan/lower.js";
import { prepared } from "./compute.js";
import { currentEngine, type Engine } from "./engine.js";
import type { ComputeOptions } from "./options.js";
import { planAndRun } from "./plan-and-run.js";

/** A file in the making, which elements are written to from a byte on. */
export interface Target {
  readonly source: FileSource;
  readonly byteOffset: number;
  finish(): Promise<void>;
  abandon(): Promise<void>;
}

/** Computes an expression into a file, which is made when its shape is known: with it all that masks select. */
export async function writeExpr(
  expr: Expr, make: (shape: readonly number[], dtype: DType) => Promise<Target>, options: ComputeOptions = {}, engine: Engine = currentEngine(),
): Promise<void> {
  engine.checkOpen();
  return prepared([expr], options, engine, async ([ready], call) => {
    const { shape, dtype, size } = ready!;
    const { source, byteOffset, finish, abandon } = await make(shape, dtype);
    let complete = false;
    try {
      if (size > 0) await planAndRun([ready!], call, ([expr]) => lower([], [], [{ expr: expr!, file: source, byteOffset }]), () => undefined);
      call.check();
      await finish();
      complete = true;
    } finally {
      if (!complete) await abandon();
    }
  });
}
