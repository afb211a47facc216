import { type DType } from "../../core/dtype.js";
import type { Expr } from "../../expr/expr.js";
import { map } from "../../expr/build.js";
import type { NativeOp } from "../../expr/generated/native-ops.js";
import { hasLoop, type Loops } from "../../expr/loops.js";

/** One native element-wise operation: a row of native/generated/ops.inc. */
export interface NativeDeclaration {
  readonly name: string;
  readonly nin: number;
  readonly nout: number;
  readonly loops: Loops;
}

const declared = new Map<string, NativeDeclaration>();

/** Every native operation that the declarations name, by name; scripts/generate-ops writes the native tables from it. */
export function nativeDeclarations(): NativeDeclaration[] {
  return [...declared.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Declares a native operation. */
export function native(name: string, nin: number, loops: Loops, nout = 1): Native {
  declared.set(name, { name, nin, nout, loops });
  return new Native(name as NativeOp, loops);
}

/** A native operation as expressions use it. */
export class Native {
  constructor(readonly op: NativeOp, readonly loops: Loops) {}

  has(loop: DType): boolean {
    return hasLoop(this.loops, loop);
  }
  /** Applies it in loop `loop`; inputs are cast and broadcast. */
  apply(loop: DType, out: DType, inputs: readonly Expr[], shape: readonly number[], output = 0): Expr {
    return map(this.op, loop, out, inputs, shape, output);
  }
}
