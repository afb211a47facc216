// Dask draws a task as a circle with its label and a box with its block's index, and an edge for everything that is read.
import { describe, expect, test } from "vitest";
import type { AnyArray } from "../../../lib/array/chunked-array.js";
import { layersOf, nameOfLayer } from "../../../lib/graph/graph-node.js";
import { evaluateDask } from "../../support/dask-expr.js";
import { goldens, titleOf } from "../../support/goldens.js";
import { reportSkips, skipCase } from "../../support/skips.js";

reportSkips();

const EXPRESSIONS: Readonly<Record<string, string>> = {
  "normal(20000x20000/2000).mean(axis=0)": "da.random.normal(10, 0.1, size=(20000, 20000), chunks=(2000, 2000)).mean(axis=0)",
};

describe("the graph has the nodes and edges that Dask draws", () => {
  test.each(goldens("cytoscape").map((golden) => ({ title: titleOf(golden), golden })))("$title", ({ golden }) => {
    const [text, kind] = golden.args as [string, string];
    if (kind !== "raw") return skipCase("cytoscape", golden.args, "the optimised picture is display's");
    const layers = layersOf([(evaluateDask(EXPRESSIONS[text] ?? text) as AnyArray).graph]);
    const tasks = layers.flatMap((layer) => Array.from({ length: layer.count }, (_, ordinal) => ({ layer, ordinal })));
    const reads = tasks.flatMap(({ layer, ordinal }) => layer.reads(ordinal));
    expect({ nodes: 2 * tasks.length, edges: tasks.length + reads.length }).toEqual({ nodes: golden.expected.nodes, edges: golden.expected.edges });
    const labels: Record<string, number> = {};
    const add = (label: string): void => void (labels[label] = (labels[label] ?? 0) + 1);
    for (const { layer, ordinal } of tasks) {
      add(layer.label);
      const index = layer.index(ordinal);
      add(index.length === 1 ? String(index[0]) : `(${index.join(", ")})`);
    }
    // The golden lists the most frequent labels only.
    expect(labels).toMatchObject(golden.expected.labels);
    expect(new Set(layers.map(nameOfLayer)).size).toBe(layers.length);
  });
});
