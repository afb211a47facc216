import type { Picture, PictureNodeKind } from "./picture.js";

/** A graph in the form that Cytoscape reads. */
export interface CytoscapeElements {
  readonly nodes: readonly { readonly data: CytoscapeNode }[];
  readonly edges: readonly { readonly data: { readonly source: string; readonly target: string } }[];
}

/** A node: circles are tasks, rectangles the blocks that they make. */
export interface CytoscapeNode {
  readonly id: string;
  readonly label: string;
  readonly shape: "ellipse" | "rectangle" | "round-rectangle";
  readonly color: string;
  /** Its key, and what else there is to tell. */
  readonly title: string;
}

const SHAPES: Readonly<Record<PictureNodeKind, CytoscapeNode["shape"]>> = { task: "ellipse", data: "rectangle", operation: "round-rectangle" };

export const cytoscapeElements = ({ nodes, edges }: Picture, colors: readonly (string | undefined)[]): CytoscapeElements => ({
  nodes: nodes.map(({ kind, label, title }, i) => ({ data: { id: String(i), label, shape: SHAPES[kind], color: colors[i] ?? "gray", title } })),
  edges: edges.map(({ from, to }) => ({ data: { source: String(from), target: String(to) } })),
});

/** A graph in Graphviz' language. */
export function dot({ nodes, edges, title }: Picture, colors: readonly (string | undefined)[]): string {
  const quoted = (text: string): string => `"${text.replace(/[\\"]/g, "\\$&").replace(/\n/g, "\\n")}"`;
  const drawn = nodes.map(({ kind, label, title: tooltip }, i) => {
    const shape = kind === "task" ? "shape=ellipse" : kind === "data" ? "shape=box" : 'shape=box, style="rounded,filled"';
    const fill = colors[i] === undefined ? "" : `, fillcolor=${quoted(colors[i]!)}`;
    return `  ${i} [label=${quoted(label)}, ${shape}${fill}, tooltip=${quoted(tooltip)}];`;
  });
  return [
    "digraph {", `  graph [rankdir=BT, label=${quoted(title)}];`, '  node [style=filled, fillcolor="#f1f4f8"];', ...drawn,
    ...edges.map(({ from, to }) => `  ${from} -> ${to};`), "}", "",
  ].join("\n");
}
