/** When tasks run, and what is held meanwhile. */
export interface Order {
  /** The place of each task in the order. */
  readonly order: readonly number[];
  /** How many results are held while each task runs, its own included. */
  readonly held: readonly number[];
}

/**
 * Orders tasks depth first from those that nothing reads: a result is used soon after it is made. `reads` gives for each task the tasks it
 * reads.
 */
export function depthFirst(reads: readonly (readonly number[])[]): Order {
  const readers = new Array<number>(reads.length).fill(0);
  for (const list of reads) for (const task of list) readers[task]!++;
  const order = new Array<number>(reads.length).fill(-1);
  const held = new Array<number>(reads.length).fill(0);
  const left = [...readers];
  let count = 0;
  let live = 0;
  const stack: { task: number; next: number }[] = [];
  const entered = new Uint8Array(reads.length);
  const run = (task: number): void => {
    order[task] = count++;
    held[task] = ++live;
    for (const read of reads[task]!) if (--left[read]! === 0) live--;
  };
  for (let root = 0; root < reads.length; root++) {
    if (readers[root]! > 0) continue;
    stack.push({ task: root, next: 0 });
    entered[root] = 1;
    while (stack.length > 0) {
      const top = stack[stack.length - 1]!;
      const list = reads[top.task]!;
      if (top.next === list.length) {
        run(stack.pop()!.task);
        continue;
      }
      const read = list[top.next++]!;
      if (entered[read] === 0) entered[read] = 1, stack.push({ task: read, next: 0 });
    }
  }
  return { order, held };
}
