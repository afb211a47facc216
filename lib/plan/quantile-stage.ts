import { itemsize } from "../core/dtype.js";
import { overdue, type Steps } from "../core/steps.js";
import { slice } from "../expr/build.js";
import type { Expr } from "../expr/expr.js";
import { ALTERNATING, METHOD_PAIR, type Rows } from "../expr/rows.js";
import { rowPieces } from "./cells.js";
import type { Emitter } from "./emit.js";
import { type Borders, type Box, indices, mergeBorders } from "./grid.js";
import { emitKernel, held, type KernelCall, written } from "./kernel-task.js";
import { type KernelOperand, Operand } from "./operand.js";
import type { Slot } from "./plan.js";
import { LONG_ROW, ROW_SAMPLE } from "./sizes.js";
import { nameOf, type Stage } from "./stage.js";
import { Stored } from "./stored.js";

/** Quantiles that one walk over a row looks for. */
const TOGETHER = 6;
/** Standard deviations of a sample's quantile, and elements, that a bracket reaches to either side (native/kernels/block/quantile_long.cc). */
const DEVIATIONS = 5;
const SLACK = 8;

/** Tells whether quantiles are looked for in one pass over each row. */
export const isLong = (node: Rows): boolean => node.kernel === "quantile" && node.sampled && node.inputs[0]!.shape.at(-1)! > LONG_ROW;

/** Elements of long rows, a prime number of elements apart: no period that they may have is followed. */
export function sampleOf(x: Expr): Expr {
  const n = x.shape[x.ndim - 1]!;
  const step = primeUpTo(Math.floor(n / ROW_SAMPLE));
  return slice(x, x.ndim - 1, 0, step, Math.ceil(n / step));
}

/**
 * Quantiles of long rows, exact and in one pass: a sample tells between which two elements each lies, all but certainly; cells count the elements
 * below and collect those between. Where the sample misleads the run fails with ERR_SAMPLE and is to be planned with whole rows.
 */
export class QuantileStage implements Stage {
  readonly stored: Stored;
  name = "quantile";
  readonly #quantiles: readonly number[];
  #operand!: Operand;
  #sample!: Operand;
  #pieces!: Borders;
  #layer = -1;
  #sampleLayer = -1;
  #selectLayer = -1;

  constructor(readonly node: Rows) {
    this.stored = new Stored(node.shape, node.dtype, this, true);
    this.#quantiles = [...new Set(node.values.slice(2))];
  }

  *prepare(emitter: Emitter): Steps {
    const x = this.node.inputs[0]!;
    this.#operand = yield* Operand.of(x, emitter);
    this.#sample = yield* Operand.of(sampleOf(x), emitter);
    const n = x.shape[x.ndim - 1]!;
    const rows = x.size / n;
    this.#pieces = mergeBorders(rowPieces(n, this.#operand.cost + 0.4 * this.#groups.length, this.#operand.layout), this.#operand.cuts[x.ndim - 1]!);
    this.name = nameOf(this.#operand.text, "quantile");
    const cells = this.#pieces.length - 1;
    this.#sampleLayer = emitter.addLayer("sample", rows, [this.#sample.expr.shape.at(-1)!]);
    this.#layer = emitter.addLayer(this.name, rows * cells, [this.#pieces[1]!]);
    this.#selectLayer = emitter.addLayer("select", rows * (this.node.values.length - 2), [this.#room]);
  }

  get #groups(): number[][] {
    const groups = Math.ceil(this.#quantiles.length / TOGETHER);
    return Array.from({ length: groups }, (_, i) => this.#quantiles.slice(i * TOGETHER, (i + 1) * TOGETHER));
  }
  /** Elements that may lie in a bracket: a quarter more than the sample says. */
  get #room(): number {
    const n = this.node.inputs[0]!.shape.at(-1)!;
    const sample = this.#sample.expr.shape.at(-1)!;
    const widest = Math.max(...this.#quantiles.map((q) => q * (1 - q)));
    const bracket = 2 * (DEVIATIONS * Math.sqrt(sample * widest) + SLACK) + 2;
    return Math.min(n, Math.ceil((1.25 * bracket * n) / sample) + 4096);
  }

  *emitBlock(stored: Stored, block: readonly number[], emitter: Emitter): Steps {
    const slot = emitter.blockSlot(stored, block, this.#layer);
    const outer = this.node.inputs[0]!.shape.slice(0, -1);
    let row = 0;
    for (const index of indices(outer)) yield* this.#emitRow(index.slice(), row++, slot, emitter);
  }

  *#emitRow(index: readonly number[], row: number, slot: Slot, emitter: Emitter): Steps {
    const { dtype } = this.node.inputs[0]!;
    const bytes = itemsize(dtype);
    const cells = this.#pieces.length - 1;
    const room = this.#room;
    const sample = asRow(yield* this.#sample.at(rowBox(index, 0, this.#sample.expr.shape.at(-1)!), this.#sampleLayer));
    const groups = this.#groups.map((q) => {
      const g = q.length;
      const [brackets, found, pool, counts] = [
        emitter.slot(2 * g * bytes, this.#sampleLayer), emitter.slot(8 * g, this.#sampleLayer), emitter.slot(g * room * bytes, this.#layer),
        emitter.slot(8 * cells * (1 + 3 * g), this.#layer),
      ];
      const outputs = [written(brackets, dtype, [g, 2]), written(found, "int64", [g])];
      emitKernel(emitter, this.#sampleLayer, "quantileBrackets", 0, [brackets, found], [{ inputs: [sample], outputs, parameters: q }]);
      return { q, brackets, found, pool, counts };
    });
    for (let cell = 0; cell < cells; cell++) {
      const [low, high] = [this.#pieces[cell]!, this.#pieces[cell + 1]!];
      const x = asRow(yield* this.#operand.at(rowBox(index, low, high), this.#layer));
      const calls = groups.map(({ q, brackets, found, pool, counts }): KernelCall => {
        const [g, columns] = [q.length, 1 + 3 * q.length];
        const outputs = [written(counts, "int64", [columns], cell * columns), written(pool, dtype, [g, room]), written(found, "int64", [g])];
        return { inputs: [x, held(brackets, dtype, [g, 2])], outputs, parameters: [] };
      });
      emitKernel(emitter, this.#layer, "quantileCandidates", high - low, groups.flatMap((g) => [g.counts, g.pool, g.found]), calls);
      if (overdue()) yield;
    }
    const [method, skip, ...wanted] = this.node.values as [number, number, ...number[]];
    for (const [i, q] of wanted.entries()) {
      const group = groups.find((g) => g.q.includes(q))!;
      const [g, n] = [group.q.length, this.#pieces[cells]!];
      const inputs = [
        held(group.counts, "int64", [cells, 1 + 3 * g]), held(group.brackets, dtype, [g, 2]), held(group.pool, dtype, [g, room]), held(group.found, "int64", [g]),
      ];
      const rule = method === ALTERNATING ? METHOD_PAIR[i % 2]! : method;
      emitKernel(emitter, this.#selectLayer, "quantileSelect", 0, [slot], [
        { inputs, outputs: [written(slot, this.node.dtype, [1], i * (this.node.size / wanted.length) + row)], parameters: [rule, skip, n, group.q.indexOf(q), q] },
      ]);
    }
  }
}

const rowBox = (index: readonly number[], low: number, high: number): Box => ({ low: [...index, low], high: [...index.map((i) => i + 1), high] });

/** The last axis alone. */
const asRow = (x: KernelOperand): KernelOperand => ({ ...x, extents: x.extents.slice(-1), strides: x.strides.slice(-1) });

/** The largest prime number that is not above n; 1 when there is none. */
function primeUpTo(n: number): number {
  for (let p = n; p > 1; p--) {
    let d = 2;
    while (d * d <= p && p % d !== 0) d++;
    if (d * d > p) return p;
  }
  return 1;
}
