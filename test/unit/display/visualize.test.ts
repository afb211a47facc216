import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { AnyArray } from "../../../lib/array/chunked-array.js";
import * as nd from "../../../lib/index.js";
import { evaluateDask } from "../../support/dask-expr.js";
import { goldens, titleOf } from "../../support/goldens.js";

const directory = mkdtempSync(join(tmpdir(), "ndloom-visualize-"));
afterAll(() => rmSync(directory, { recursive: true }));

const EXPRESSIONS: Readonly<Record<string, string>> = {
  "normal(20000x20000/2000).mean(axis=0)": "da.random.normal(10, 0.1, size=(20000, 20000), chunks=(2000, 2000)).mean(axis=0)",
};
const sum = () => nd.ones(10, { chunks: 5 }).sum();

describe("Dask's graph", () => {
  // Dask's optimised graph is one that nothing here runs: the plan is drawn in its place.
  test.each(goldens("cytoscape").filter(({ args }) => args[1] === "raw").map((golden) => ({ title: titleOf(golden), golden })))("$title", async ({ golden: { args, expected } }) => {
    const x = evaluateDask(EXPRESSIONS[args[0]] ?? args[0]) as AnyArray;
    const { nodes, edges } = await (await x.visualize()).toCytoscape();
    const count = (pick: (data: nd.CytoscapeNode) => string): Record<string, number> => {
      const counts: Record<string, number> = {};
      for (const { data } of nodes) counts[pick(data)] = (counts[pick(data)] ?? 0) + 1;
      return counts;
    };
    expect([nodes.length, edges.length]).toEqual([expected.nodes, expected.edges]);
    expect(count((data) => data.shape)).toEqual(expected.shapes);
    expect(count((data) => data.label)).toMatchObject(expected.labels);
    const sample = nodes.slice(0, expected.sample?.length ?? 0).map(({ data: { label, shape, color } }) => ({ label, shape, color }));
    expect(sample).toEqual(expected.sample ?? []);
  });

  test("has an edge from each block to each task that reads it", async () => {
    const { nodes, edges } = await (await sum().visualize()).toCytoscape();
    const label = new Map(nodes.map(({ data }) => [data.id, data.label]));
    const drawn = edges.map(({ data: { source, target } }) => `${label.get(source)} → ${label.get(target)}`).sort();
    expect(drawn).toEqual(["0 → sum", "0 → sum-aggregate", "1 → sum", "1 → sum-aggregate", "ones_like → 0", "ones_like → 1", "sum → 0", "sum → 1", "sum-aggregate → ()"]);
  });

  test("draws what several arrays have in common once", async () => {
    const x = nd.ones(10, { chunks: 5 });
    const { nodes } = await (await nd.visualize([x.sum(), x.sum(), nd.ones(10, { chunks: 5 }).max()])).toCytoscape();
    expect(nodes.filter(({ data }) => data.label === "ones_like")).toHaveLength(2);
  });
});

describe("the picture", () => {
  test("has a shape and its label for every node, within its frame, and a line for every edge", async () => {
    const { svg } = await sum().visualize();
    expect(svg.match(/<ellipse /g)).toHaveLength(5);
    expect(svg.match(/<rect class="page"/g)).toHaveLength(1);
    expect(svg.match(/<g class="edge"/g)).toHaveLength(9);
    const [, width, height] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg)!.map(Number) as [number, number, number];
    for (const [, cx, cy] of svg.matchAll(/<ellipse cx="([\d.]+)" cy="([\d.]+)"/g)) {
      expect(Number(cx) > 0 && Number(cx) < width && Number(cy) > 0 && Number(cy) < height).toBe(true);
    }
  });

  test("stands results above what they are made of, and block 0 on the left", async () => {
    const { svg } = await sum().visualize();
    const at = (label: string): [number, number] => {
      const match = new RegExp(`<text x="([\\d.]+)" y="([\\d.]+)"[^>]*>${label.replace(/[()]/g, "\\$&")}<`).exec(svg)!;
      return [Number(match[1]), Number(match[2])];
    };
    expect(at("()")[1]).toBeLessThan(at("sum-aggregate")[1]);
    expect(at("sum-aggregate")[1]).toBeLessThan(at("ones_like")[1]);
    expect(at("0")[0]).toBeLessThan(at("1")[0]);
  });

  test.each(["order", "memory", "layer"] as const)("is coloured by %s", async (color) => {
    const { nodes } = await (await sum().visualize({ color })).toCytoscape();
    const colors = new Set(nodes.map(({ data }) => data.color));
    expect([...colors].every((c) => /^#[0-9a-f]{6}$/.test(c))).toBe(true);
    expect(colors.size).toBe({ order: 5, memory: 3, layer: 3 }[color]);
  });

  test("of no arrays is empty", async () => {
    expect(await (await nd.visualize([])).toCytoscape()).toEqual({ nodes: [], edges: [] });
  });

  test("of many tasks is a summary with a box for each operation, and its text still has every task", async () => {
    const picture = await nd.ones([100, 100], { chunks: 4 }).add(1).sum().visualize();
    expect(picture.isSummary).toBe(true);
    expect(picture.svg).toContain("ones_like: 625 tasks");
    const { nodes } = await picture.toCytoscape();
    expect(nodes.filter(({ data }) => data.label === "ones_like")).toHaveLength(625);
  });

  test("of millions of tasks takes no longer, and says that they are too many to list", async () => {
    const picture = await nd.ones([3000, 3000], { chunks: 1 }).sum().visualize();
    expect(picture.svg).toContain("ones_like: 9,000,000 tasks");
    await expect(picture.toDOT()).rejects.toThrow(nd.UnsupportedError);
  });

  test("of a long chain of operations has the ends of it", async () => {
    let x = nd.ones(4) as AnyArray;
    for (let i = 0; i < 3000; i++) x = x.add(1);
    expect((await x.visualize()).svg).toContain("… 2993 more …");
  });

  test("of a matrix product, whose edges cross each other, still has every task", async () => {
    const x = nd.ones([60, 60], { chunks: 10 });
    const picture = await x.matmul(x).sum().visualize();
    expect(picture.isSummary).toBe(false);
    expect(picture.svg.match(/<ellipse /g)).toHaveLength(626);
  });

  test("lets the event loop go on while it is laid out", async () => {
    const x = nd.random.normal(10, 0.1, { size: [20_000, 20_000], chunks: [2000, 2000] }).mean({ axis: 0 });
    let beats = 0;
    const heart = setInterval(() => beats++, 5);
    await x.visualize();
    clearInterval(heart);
    expect(beats).toBeGreaterThan(5);
  });
});

describe("what really runs", () => {
  test("is a circle for each task of the plan and a box for its memory", async () => {
    const x = nd.ones([2000, 2000], { chunks: 100 }).add(1).sum();
    const { nodes } = await (await x.visualize({ optimizeGraph: true })).toCytoscape();
    expect(nodes.filter(({ data }) => data.shape === "ellipse")).toHaveLength(x.explain().planTasks);
    expect(nodes.filter(({ data }) => data.title.endsWith("a result"))).toHaveLength(1);
  });

  test("is a box for each stage when the tasks are many", async () => {
    const x = nd.random.normal(10, 0.1, { size: [40_000, 40_000] }).mean({ axis: 0 });
    const picture = await x.visualize({ optimizeGraph: true, color: "memory" });
    expect(picture.isSummary).toBe(true);
    for (const { name } of x.explain().stages) expect(picture.svg).toContain(`>${name.slice(0, 20).replace(">", "&gt;")}`);
  });

  test("is not known while a mask is not computed", async () => {
    const x = nd.arange(6);
    await expect(x.get(x.greater(2)).visualize({ optimizeGraph: true })).rejects.toThrow(expect.objectContaining({ code: "ERR_CHUNK_UNKNOWN" }));
    expect((await x.get(x.greater(2)).visualize()).svg).toContain("getitem");
  });
});

describe("files", () => {
  test.each(["svg", "html", "dot", "json"] as const)("%s, by its name or by the format", async (format) => {
    const named = join(directory, `named.${format}`);
    await sum().visualize({ filename: named });
    await sum().visualize({ filename: join(directory, "formatted"), format });
    const text = readFileSync(named, "utf8");
    expect(readFileSync(join(directory, `formatted.${format}`), "utf8")).toBe(text);
    expect(text).toMatch({ svg: /^<svg xmlns/, html: /^<!doctype html>/, dot: /^digraph \{/, json: /^\{"nodes":\[/ }[format]);
  });

  test("cytoscape's picture is a page, unless the name says otherwise", async () => {
    await sum().visualize({ engine: "cytoscape", filename: join(directory, "page") });
    expect(readFileSync(join(directory, "page.html"), "utf8")).toContain("<svg");
  });

  test("the page needs nothing from a network and holds no text that could end its script", async () => {
    const { html } = await sum().visualize({ engine: "cytoscape" });
    expect(html).toContain("default-src 'none'");
    expect(html.replace("http://www.w3.org/2000/svg", "")).not.toMatch(/https?:\/\//);
    const data = /<script type="application\/json" id="nodes">(.*?)<\/script>/s.exec(html)![1]!;
    expect(data).not.toContain("<");
    expect(JSON.parse(data)).toHaveLength(10);
    expect(() => new Function(/<script>(.*?)<\/script>/s.exec(html)![1]!)).not.toThrow();
  });

  test("PNG needs an optional package, and says which", async () => {
    const name: string = "@napi-rs/canvas";
    const there = await import(name).then(() => true, () => false);
    const picture = await sum().visualize();
    if (there) expect([...(await picture.toPNG()).subarray(0, 4)]).toEqual([0x89, 0x50, 0x4e, 0x47]);
    else await expect(picture.toPNG()).rejects.toThrow(expect.objectContaining({ code: "ERR_UNSUPPORTED", message: expect.stringContaining(name) }));
  });

  test("notebooks show the picture, or the page", async () => {
    const shown = async (options: nd.VisualizeOptions): Promise<string[]> =>
      Object.keys(((await sum().visualize(options)) as unknown as Record<symbol, () => object>)[Symbol.for("Jupyter.display")]!());
    expect(await shown({})).toEqual(["image/svg+xml", "text/plain"]);
    expect(await shown({ engine: "cytoscape" })).toEqual(["text/html", "text/plain"]);
  });
});

describe("bad use", () => {
  test.each([
    [{ engine: "dot" }, "engine"], [{ color: "colour" }, "color"], [{ format: "pdf" }, "format"], [{ filename: "" }, "filename"],
    [{ filename: "a.svg", format: "html" }, "filename"], [{ colour: "order" }, "colour"],
  ])("%j", async (options, option) => {
    await expect(sum().visualize(options as never)).rejects.toThrow(expect.objectContaining({ code: "ERR_OPTION", option }));
  });

  test("a list of something else, and a file that ends in nothing known", async () => {
    await expect(nd.visualize([1] as never)).rejects.toThrow(nd.OptionError);
    await expect((await sum().visualize()).save("graph.pdf")).rejects.toThrow(nd.OptionError);
    await expect((await sum().visualize()).toPNG({ scale: 0 })).rejects.toThrow(nd.OptionError);
  });
});
