import { itemsize } from "../core/dtype.js";
import { overdue, type Steps } from "../core/steps.js";
import type { Expr } from "../expr/expr.js";
import type { Gather } from "../expr/gather.js";
import type { Node } from "../expr/node.js";
import type { Reduce } from "../expr/reduce.js";
import type { Scan as Scanned } from "../expr/scan.js";
import type { Reshape, View } from "../expr/view.js";
import { inputsFirst } from "../optimize/rewrite.js";
import { type Access, accessKey, identityAccess, isIdentityAccess, throughView } from "./access.js";
import { costOf } from "./costs.js";
import { FoldsStage } from "./folds-stage.js";
import { HistogramStage } from "./histogram-stage.js";
import { isLargeFactor, MatmulStage } from "./matmul-stage.js";
import { pickedRows } from "./picked-rows.js";
import { isLong, QuantileStage, sampleOf } from "./quantile-stage.js";
import { ReduceStage } from "./reduce-stage.js";
import { RowsStage } from "./rows-stage.js";
import { ScanStage } from "./scan-stage.js";
import { type Scan, SharedScans } from "./shared-scans.js";
import { ONE_PIECE_BYTES } from "./sizes.js";
import type { Stage } from "./stage.js";
import { StoreStage } from "./store-stage.js";
import { ReshapedStored, Stored } from "./stored.js";

/** Which nodes are stored by stages of their own, and which are fused into the stages that read them. */
export interface Schedule {
  /** Those that are read before those that read. */
  readonly stages: readonly Stage[];
  readonly stored: ReadonlyMap<string, Stored>;
}

/** A walk of some stage over a node. */
interface Use {
  readonly stage: object;
  readonly access: Access;
  /** It walks few of the elements, which cost next to nothing. */
  readonly sparse: boolean;
}

// A node that several walks read is computed for each of them, unless storing it costs less and it is not large.
const STORE_NS = 1.5;
const SMALL_BYTES = 64 * 2 ** 20;
/** How far apart a stencil may read of what it could also store. */
const MOST_HALO = 64;
/** A concatenation of more inputs than this is stored, for its pieces would each be a program. */
const MOST_PIECES = 32;
/** Nodes that a stage of their own computes, whoever reads them. */
const OWN_STAGE = new Set(["reduce", "scan", "matmul", "rows", "histogram"]);

/**
 * @param roots what is asked for; each is stored whole.
 * @param walked what selections read: fused into their kernels.
 * @param blocks what is stored block by block.
 */
export function* schedule(roots: readonly Expr[], walked: readonly Expr[] = [], blocks: readonly Expr[] = []): Steps<Schedule> {
  return yield* new Scheduler(yield* inputsFirst([...roots, ...walked, ...blocks])).run(roots, walked, blocks);
}

class Scheduler {
  readonly #uses = new Map<string, Map<string, Use>>();
  /** Nodes that must be stored; true: in one piece. */
  readonly #forced = new Map<string, boolean>();
  /** Views that kernels and indices read through: when another reader has one stored, it must be in one piece too. */
  readonly #onePiece = new Set<string>();
  readonly #stored = new Map<string, Stored>();
  readonly #stages: { readonly stage: Stage; readonly level: number; readonly own: boolean }[] = [];
  readonly #reshapes: Reshape[] = [];
  readonly #scans = new SharedScans();
  readonly #folds = new Map<Scan, ReduceStage | FoldsStage>();
  readonly #levels = new Map<string, number>();
  readonly #costs = new Map<string, number>();

  /** @param order all nodes, inputs first. */
  constructor(readonly order: readonly Node[]) {}

  *run(roots: readonly Expr[], walked: readonly Expr[], blocks: readonly Expr[]): Steps<Schedule> {
    for (const node of this.order) {
      if (overdue()) yield;
      const below = node.inputs.map((x) => this.#levels.get(x.token)!);
      this.#levels.set(node.token, Math.max(0, ...below) + (OWN_STAGE.has(node.kind) ? 1 : 0));
      const inputs = node.inputs.reduce((n, x) => n + (OWN_STAGE.has((x as Node).kind) ? 0.2 : this.#costs.get(x.token)!), 0);
      this.#costs.set(node.token, costOf(node) + inputs);
    }
    // Those over the last axes first: they share passes with each other, whose cells are then runs of memory.
    const reduces = this.order.filter((node) => node.kind === "reduce").sort((a, b) => (b.axes[0] ?? -1) - (a.axes[0] ?? -1));
    for (const node of reduces) this.#scans.add(node, this.#levels.get(node.token)!);
    for (const root of roots) {
      if ((root as Node).kind === "reshape") this.#use(root, {}, identityAccess(root.ndim));
      else this.#force(root, true);
    }
    for (const node of blocks) {
      if ((node as Node).kind === "reshape") this.#use(node, {}, identityAccess(node.ndim));
      else this.#force(node, false);
    }
    for (const node of walked) this.#use(node, {}, identityAccess(node.ndim));
    // Readers before what they read, so that all uses of a node are known when its turn comes.
    for (const node of this.order.toReversed()) {
      if (overdue()) yield;
      const uses = [...(this.#uses.get(node.token)?.values() ?? [])];
      const forced = this.#forced.get(node.token);
      if (node.kind === "reshape") {
        if (forced !== undefined || uses.length > 0) this.#reshape(node);
      } else if (forced === undefined && node.kind === "scan" && this.#isTaken(node, uses)) this.#fuse(node, uses[0]!);
      else if (forced !== undefined || OWN_STAGE.has(node.kind) || this.#worthStoring(node, uses)) this.#store(node, forced ?? false);
      else for (const use of uses) this.#fuse(node, use);
    }
    for (const node of this.#reshapes) {
      if (!this.#stored.has(node.token)) this.#stored.set(node.token, new ReshapedStored(node.shape, this.#stored.get(node.inputs[0]!.token)!));
    }
    // Within a level the stages of their own read nothing of each other, and the others read them.
    const stages = this.#stages.reverse().sort((a, b) => a.level - b.level || Number(b.own) - Number(a.own));
    return { stages: stages.map((s) => s.stage), stored: this.#stored };
  }

  #force(node: Expr, whole: boolean): void {
    this.#forced.set(node.token, whole || (this.#forced.get(node.token) ?? false));
  }

  #use(node: Expr, stage: object, access: Access, sparse = false): void {
    let uses = this.#uses.get(node.token);
    if (uses === undefined) this.#uses.set(node.token, (uses = new Map()));
    uses.set(`${stageNumber(stage)}|${accessKey(access)}`, { stage, access, sparse });
  }

  /** Whether the only stage that reads a scan folds it as it comes. */
  #isTaken(node: Scanned, [use, other]: readonly Use[]): boolean {
    return use !== undefined && other === undefined && !use.sparse && use.stage instanceof ReduceStage && isIdentityAccess(use.access) && use.stage.takes(node);
  }

  #worthStoring(node: Node, uses: readonly Use[]): boolean {
    switch (node.kind) {
      case "buffer":
      case "file":
      case "full":
      case "iota":
      case "view":
        return false;
      case "gather":
        // An index can be walked by an axis of the domain only, one step at a time.
        if (uses.some(({ access }) => access[node.axis]!.domain < 0 || access[node.axis]!.step !== 1)) return true;
        break;
      case "concat":
        // Costs nothing by itself; what is in it is stored where that is worth it.
        return node.inputs.length > MOST_PIECES;
    }
    const walks = uses.filter((use) => !use.sparse);
    if (walks.length < 2) return false;
    const spared = (walks.length - 1) * this.#costs.get(node.token)!;
    return spared > STORE_NS && (node.size * itemsize(node.dtype) <= SMALL_BYTES || spared > 20 * STORE_NS || streams(node, walks));
  }

  #store(node: Node, whole: boolean): void {
    whole ||= this.#onePiece.has(node.token) || node.size * itemsize(node.dtype) <= ONE_PIECE_BYTES;
    switch (node.kind) {
      case "reduce":
        this.#stored.set(node.token, this.#reduce(node, whole));
        return;
      case "scan": {
        const stage = new ScanStage(node, whole);
        this.#add(node, stage, stage.stored);
        this.#use(node.inputs[0]!, stage, identityAccess(node.ndim));
        return;
      }
      case "matmul": {
        const large = node.inputs.filter((x) => isLargeFactor(x) && !isMemory(x));
        const stage = new MatmulStage(node, whole, large.length > 0);
        this.#add(node, stage, stage.stored);
        for (const x of node.inputs) {
          if (large.includes(x)) this.#use(x, stage, identityAccess(x.ndim));
          else this.#memory(x);
        }
        return;
      }
      case "rows": {
        const stage = isLong(node) ? new QuantileStage(node) : new RowsStage(node);
        this.#add(node, stage, stage.stored);
        if (isLong(node)) {
          const sample = sampleOf(node.inputs[0]!);
          this.#use(sample.inputs[0]!, stage, throughView(sample as View, identityAccess(sample.ndim)), true);
        }
        this.#use(node.inputs[0]!, stage, identityAccess(node.inputs[0]!.ndim));
        return;
      }
      case "histogram": {
        const stage = new HistogramStage(node);
        this.#add(node, stage, stage.stored);
        node.inputs.forEach((x) => this.#use(x, stage, identityAccess(x.ndim)));
        return;
      }
      default: {
        const stage = new StoreStage(node, whole);
        this.#add(node, stage, stage.stored);
        // A stored concatenation has a loop nest for each input, and so on inwards.
        for (const part of stage.parts) {
          if (part.expr === node) this.#fuse(node, { stage: part, access: identityAccess(node.ndim), sparse: false });
          else this.#use(part.expr, part, identityAccess(part.expr.ndim));
        }
      }
    }
  }

  #add(node: Node, stage: Stage, stored: Stored): void {
    this.#push(node, stage);
    this.#stored.set(node.token, stored);
  }

  #push(node: Node, stage: Stage): void {
    this.#stages.push({ stage, level: this.#levels.get(node.token)!, own: OWN_STAGE.has(node.kind) });
  }

  #reduce(node: Reduce, whole: boolean): Stored {
    const input = node.inputs[0]!;
    const scan = this.#scans.of(node);
    let stage = this.#folds.get(scan);
    if (stage === undefined) {
      stage = scan.folds.size === 1 ? new ReduceStage(node.axes, input.shape) : new FoldsStage(input.shape);
      this.#folds.set(scan, stage);
      this.#push(node, stage);
    }
    const stored = stage.add(node, whole);
    this.#use(input, stage, identityAccess(input.ndim));
    return stored;
  }

  /** Lets a stage's walk go on into what the node is made of. */
  #fuse(node: Node, { stage, access, sparse }: Use): void {
    switch (node.kind) {
      case "map":
      case "cast":
      case "scan":
        node.inputs.forEach((x) => this.#use(x, stage, access, sparse));
        return;
      case "view": {
        const [input] = node.inputs as [Node];
        const repeats = node.shape.some((n, i) => node.axes[i]!.axis < 0 && n !== 1);
        if (repeats && !["buffer", "file", "full", "iota", "reshape"].includes(input.kind)) this.#force(input, false);
        this.#use(input, stage, throughView(node, access), sparse);
        return;
      }
      case "concat": {
        let low = 0;
        for (const input of node.inputs) {
          const start = low;
          this.#use(input, stage, access.map((a, axis) => (axis === node.axis ? { ...a, start: a.start - start } : a)), sparse);
          low += input.shape[node.axis]!;
        }
        return;
      }
      case "gather":
        return this.#fuseGather(node);
    }
  }

  /** A reshape that could not sink stands for its input's memory. */
  #reshape(node: Reshape): void {
    this.#force(node.inputs[0]!, true);
    this.#reshapes.unshift(node); // inputs before those that read them
  }

  #fuseGather(node: Gather): void {
    const picks = pickedRows(node) !== undefined;
    this.#memory(node.inputs[0]!, picks);
    if (picks) return;
    const index = node.inputs[1] as Node;
    // The index is read one element after the other from memory.
    if (index.kind === "reshape") this.#reshape(index);
    else if (index.kind !== "buffer" || index.strides[0] !== 1) this.#force(index, true);
  }

  /** What a kernel or an index wants in one piece of memory: the node behind the views, unless it is the user's or `there` in another way. */
  #memory(node: Expr, there = false): void {
    let base = node as Node;
    for (; base.kind === "view"; base = base.inputs[0] as Node) this.#onePiece.add(base.token);
    if (base.kind === "buffer" || there) return void this.#onePiece.add(base.token);
    if (base.kind === "reshape") this.#reshape(base);
    else this.#force(base, true);
  }
}

/** The user's memory, behind views perhaps. */
function isMemory(expr: Expr): boolean {
  let node = expr as Node;
  while (node.kind === "view") node = node.inputs[0] as Node;
  return node.kind === "buffer";
}

/**
 * Tells whether a node's blocks can go soon after they have been computed: one stage walks them all in the same direction, its reads lying close
 * together (a stencil), or standing still.
 */
function streams(node: Node, uses: readonly Use[]): boolean {
  if (uses.some((use) => use.stage !== uses[0]!.stage)) return false;
  return node.shape.every((_, axis) => {
    const walks = uses.map(({ access }) => access[axis]!).filter((a) => a.domain >= 0);
    const starts = walks.map((a) => a.start);
    return walks.every((a) => a.domain === axis && a.step === 1) && Math.max(...starts) - Math.min(...starts) <= MOST_HALO;
  });
}

const numbers = new WeakMap<object, number>();
let lastNumber = 0;
function stageNumber(stage: object): number {
  let n = numbers.get(stage);
  if (n === undefined) numbers.set(stage, (n = ++lastNumber));
  return n;
}
