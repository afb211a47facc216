import { Buffer, type BufferSource } from "../expr/buffer.js";
import { Concat } from "../expr/concat.js";
import type { Expr } from "../expr/expr.js";
import { Full } from "../expr/full.js";
import type { Nonzero, Select } from "../expr/select.js";
import { optimize } from "../optimize/pipeline.js";
import { inputsFirst, rewrite } from "../optimize/rewrite.js";
import { blockBytes } from "../plan/block-bytes.js";
import { lower } from "../plan/lower.js";
import type { SelectionPart } from "../plan/plan.js";
import type { Call } from "./call.js";
import { planAndRun } from "./plan-and-run.js";
import { unhurried } from "./turns.js";

/** Runs the selections by masks that some expressions depend on, innermost first, and puts what they found in their place: all sizes are known then. */
export async function resolveSelections(exprs: readonly Expr[], call: Call): Promise<Expr[]> {
  let current = [...exprs];
  for (;;) {
    const ready: (Select | Nonzero)[] = [];
    const waiting = new Set<string>();
    for (const node of await unhurried(inputsFirst(current), call)) {
      const waits = node.inputs.some((x) => waiting.has(x.token));
      const selects = node.kind === "select" || node.kind === "nonzero";
      if (waits || selects) waiting.add(node.token);
      if (selects && !waits) ready.push(node);
    }
    if (ready.length === 0) return current;
    const inputs = await unhurried(optimize(ready.flatMap((x) => x.inputs), call.options.optimizeGraph !== false), call);
    const selections = ready.map((x) => x.withInputs(inputs.splice(0, x.inputs.length)) as Select | Nonzero);
    selections.forEach((x, i) => (x.origin ??= ready[i]!.origin));
    const found = new Map<string, Expr>();
    const lowered = selections.filter((x) => x.inputs[0]!.size > 0);
    await planAndRun(lowered, call, (sure) => lower([], sure), (plan) => ready.forEach((node, i) => {
      const at = lowered.indexOf(selections[i]!);
      found.set(node.token, at < 0 ? empty(node) : gather(node, plan.selections[at]!, call));
    }));
    current = await unhurried(rewrite(current, (node) => found.get(node.token) ?? node), call);
  }
}

const empty = (node: Select | Nonzero): Expr => new Full([0, ...node.shape.slice(1)], node.dtype, 0);

function gather(node: Select | Nonzero, parts: readonly SelectionPart[], call: Call): Expr {
  const pieces: Expr[] = [];
  for (const { found, count, width } of parts) {
    const rows = Number(new BigInt64Array(call.engine.native.exportSlot(count.id), 0, 1)[0]);
    call.keep(found.id, blockBytes(found.bytes));
    if (rows === 0) continue;
    const shape = node.kind === "select" ? [rows] : [rows, width];
    const source: BufferSource = { id: found.id, byteLength: found.bytes, check: () => undefined };
    pieces.push(new Buffer(shape, node.dtype, source, node.kind === "select" ? [1] : [width, 1]));
  }
  return pieces.length === 0 ? empty(node) : pieces.length === 1 ? pieces[0]! : new Concat(pieces, 0);
}
