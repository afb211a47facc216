/** An operation among others, by the places of those it reads. */
export interface Linked {
  readonly inputs: readonly number[];
}

/** More boxes than this are hard to read. */
const MANY = 100;

/**
 * Operations one by one, inputs first; of very many, runs of those of which each is the only reader of the only one before it: a long
 * chain is one run.
 */
export function runsOf(operations: readonly Linked[]): number[][] {
  if (operations.length <= MANY) return operations.map((_, i) => [i]);
  const readers = operations.map(() => 0);
  for (const { inputs } of operations) for (const input of inputs) readers[input]!++;
  const runs: number[][] = [];
  const runOf = new Map<number, number[]>();
  operations.forEach(({ inputs }, i) => {
    const before = inputs.length === 1 && readers[inputs[0]!] === 1 ? runOf.get(inputs[0]!) : undefined;
    const run = before ?? [];
    if (before === undefined) runs.push(run);
    run.push(i);
    runOf.set(i, run);
  });
  return runs;
}

/** The edges between runs, each once. */
export function edgesBetween(runs: readonly (readonly number[])[], operations: readonly Linked[]): { from: number; to: number }[] {
  const runOf = new Map(runs.flatMap((run, r) => run.map((i): [number, number] => [i, r])));
  return runs.flatMap((run, to) => {
    const from = new Set(run.flatMap((i) => operations[i]!.inputs.map((input) => runOf.get(input)!)));
    from.delete(to);
    return [...from].map((r) => ({ from: r, to }));
  });
}

/** The first and the last of many lines, and how many are between. */
export function shortened(lines: readonly string[], most = 9): string {
  if (lines.length <= most) return lines.join("\n");
  const side = (most - 1) >> 1;
  return [...lines.slice(0, side), `… ${lines.length - 2 * side} more …`, ...lines.slice(-side)].join("\n");
}
