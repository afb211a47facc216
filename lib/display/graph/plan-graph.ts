import { formatBytes } from "../../core/bytes.js";
import { formatShape } from "../../core/shape.js";
import type { Plan, Slot } from "../../plan/plan.js";
import { counted } from "./counted.js";
import type { GraphSource, Picture, PictureEdge, PictureNode } from "./picture.js";
import { edgesBetween, runsOf, shortened } from "./runs.js";
import { inSlices } from "./slices.js";

/** What really runs: the tasks of a plan, and the memory they pass on. */
export function planGraph(plan: Plan): GraphSource {
  const tasks = plan.tasks.length;
  const title = `${counted(tasks, "task")} in ${counted(plan.layers.length, "stage")}, at least ${formatBytes(plan.peakBytes)} at once`;
  return { tasks, full: () => everyTask(plan, title), summary: () => stages(plan, title) };
}

/** A circle for each task, a box for each piece of memory. */
async function everyTask(plan: Plan, title: string): Promise<Picture> {
  const nodes: PictureNode[] = [];
  const edges: PictureEdge[] = [];
  const boxes = new Map<Slot, number>();
  const left = new Map<Slot, number>();
  let held = 0;
  await inSlices(plan.tasks.length, (order) => {
    const { layer: group, weight, writes, reads } = plan.tasks[order]!;
    const { name } = plan.layers[group]!;
    for (const slot of writes) if (!boxes.has(slot)) held += slot.bytes;
    const common = { group, order, memory: held };
    const circle = nodes.push({ kind: "task", label: name, title: `task ${order}: ${name}, ${counted(weight, "element")}`, ...common }) - 1;
    for (const slot of reads) edges.push({ from: boxes.get(slot)!, to: circle });
    for (const slot of writes) {
      let box = boxes.get(slot);
      if (box === undefined) {
        const label = formatBytes(slot.bytes);
        box = nodes.push({ kind: "data", label, title: `${label}${slot.keep ? ", a result" : ""}`, ...common }) - 1;
        boxes.set(slot, box);
        left.set(slot, slot.readers);
      }
      edges.push({ from: circle, to: box });
    }
    for (const slot of reads) {
      const readers = left.get(slot)! - 1;
      left.set(slot, readers);
      if (readers === 0 && !slot.keep) held -= slot.bytes;
    }
  });
  return { nodes, edges, title };
}

/** A box for each stage, with its cells. */
function stages(plan: Plan, title: string): Picture {
  const writer = new Map(plan.slots.map((slot): [Slot, number] => [slot, slot.layer]));
  const bytes = plan.layers.map(() => 0);
  for (const slot of plan.slots) bytes[slot.layer]! += slot.bytes;
  const inputs = plan.layers.map(() => new Set<number>());
  for (const { layer, reads } of plan.tasks) for (const slot of reads) if (writer.get(slot) !== layer) inputs[layer]!.add(writer.get(slot)!);
  // A stage's layer may stand after that of its reader: the list is put in an order that runs.
  const order = inputsFirst(inputs);
  const place = new Map(order.map((layer, i) => [layer, i]));
  const linked = order.map((layer) => ({ inputs: [...inputs[layer]!].map((x) => place.get(x)!) }));
  const runs = runsOf(linked);
  const nodes = runs.map((run, i): PictureNode => {
    const lines = run.map((at) => plan.layers[order[at]!]!).map(({ name, cells, cellShape }) => `${name}: ${counted(cells, "cell")} of ${formatShape(cellShape)}`);
    const memory = run.reduce((n, at) => n + bytes[order[at]!]!, 0);
    return { kind: "operation", label: shortened(lines), title: `${lines.join("\n")}\nwrites ${formatBytes(memory)}`, group: i, order: i, memory };
  });
  return { nodes, edges: edgesBetween(runs, linked), title: `${title}; a box is a stage${runs.length < linked.length ? ", or a run of them" : ""}` };
}

function inputsFirst(inputs: readonly ReadonlySet<number>[]): number[] {
  const order: number[] = [];
  const seen = new Set<number>();
  const stack: { layer: number; rest: number[] }[] = [];
  const enter = (layer: number): void => {
    if (!seen.has(layer)) seen.add(layer), stack.push({ layer, rest: [...inputs[layer]!] });
  };
  inputs.forEach((_, layer) => {
    enter(layer);
    while (stack.length > 0) {
      const top = stack[stack.length - 1]!;
      const next = top.rest.shift();
      if (next === undefined) order.push(stack.pop()!.layer);
      else enter(next);
    }
  });
  return order;
}
