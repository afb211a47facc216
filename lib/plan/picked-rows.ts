import { itemsize } from "../core/dtype.js";
import type { Expr } from "../expr/expr.js";
import { File } from "../expr/file.js";
import type { Gather } from "../expr/gather.js";
import type { Node } from "../expr/node.js";

/** Longer indices are not looked at while a plan is made. */
const LONGEST_INDEX = 1 << 16;
/** So many reads may be short; where there are more, each takes at least so many bytes. */
const FEW_READS = 256;
const LEAST_BYTES = 1 << 14;

/**
 * The index of a gather from a file whose rows can be read one by one: it lies in the user's memory and its reads are worth it. Otherwise the file is
 * read as a whole.
 */
export function pickedRows(node: Gather): BigInt64Array | undefined {
  const [input, index] = node.inputs as [Expr, Node];
  if (index.kind !== "buffer" || index.strides[0] !== 1 || index.size > LONGEST_INDEX || !isWalked(input, node.axis)) return undefined;
  const { data } = index.source;
  if (!(data instanceof BigInt64Array)) return undefined;
  const rows = data.subarray(index.offset, index.offset + index.size);
  const limit = BigInt(input.shape[node.axis]!);
  if (rows.some((row) => row < 0n || row >= limit)) return undefined; // told when it runs
  const reads = runsOf(Array.from(rows, Number)).length;
  return reads <= FEW_READS || (node.size * itemsize(node.dtype)) / reads >= LEAST_BYTES ? rows : undefined;
}

/** Whether there is a file behind the views, and they walk it along an axis. */
function isWalked(expr: Expr, axis: number): boolean {
  let [node, walked] = [expr as Node, axis];
  while (node.kind === "view") {
    walked = node.axes[walked]!.axis;
    node = node.inputs[0] as Node;
    if (walked < 0) return false;
  }
  return node instanceof File;
}

/** Neighbours in a list that are equally far apart: the place of the first, how many, and how far. */
export interface Run {
  readonly first: number;
  readonly count: number;
  readonly step: number;
}

export function runsOf(numbers: readonly number[]): Run[] {
  const runs: Run[] = [];
  for (let first = 0; first < numbers.length; ) {
    const step = first + 1 < numbers.length ? numbers[first + 1]! - numbers[first]! : 1;
    let end = first + 1;
    while (end < numbers.length && numbers[end]! - numbers[end - 1]! === step) end++;
    runs.push({ first, count: end - first, step });
    first = end;
  }
  return runs;
}
