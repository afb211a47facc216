/** What a node stands for: a task, the block that it makes, or a whole operation where tasks are too many to draw. */
export type PictureNodeKind = "task" | "data" | "operation";

export interface PictureNode {
  readonly kind: PictureNodeKind;
  /** What stands in the node; several lines in an operation. */
  readonly label: string;
  /** What is told of it when the pointer rests on it: its key, how many tasks it has. */
  readonly title: string;
  /** Nodes of one group have one colour where colours tell layers. */
  readonly group: number;
  /** When it runs: 0 is the first. */
  readonly order: number;
  /** What is held in memory while it runs: results in Dask's graph, bytes in a plan. */
  readonly memory: number;
}

/** An edge between nodes, by their places in the list; `to` reads what `from` makes. */
export interface PictureEdge {
  readonly from: number;
  readonly to: number;
}

/** A graph to draw. */
export interface Picture {
  readonly nodes: readonly PictureNode[];
  readonly edges: readonly PictureEdge[];
  /** What the whole picture shows, in a line. */
  readonly title: string;
}

/** A graph that can be drawn task by task, or in short when it has too many. */
export interface GraphSource {
  /** Tasks in it. */
  readonly tasks: number;
  /** Every task, as a circle, and every block, as a box. */
  full(): Promise<Picture>;
  /** A box for each operation, runs of operations in one. */
  summary(): Picture;
}
