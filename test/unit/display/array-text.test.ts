import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { type AnyArray, ChunkedArray } from "../../../lib/array/chunked-array.js";
import * as nd from "../../../lib/index.js";
import { evaluateDask, NotTranslated } from "../../support/dask-expr.js";
import { errorOf, goldens } from "../../support/goldens.js";
import { reportSkips, skipCase } from "../../support/skips.js";

reportSkips();

/** Rows of the table as it is in the HTML: its head and its cells. */
const rowsOf = (html: string): Record<string, string[]> =>
  Object.fromEntries([...html.matchAll(/<tr><th scope="row"> ([^<]*) <\/th>(.*?)<\/tr>/g)].map((row) => [row[1]!, [...row[2]!.matchAll(/<td[^>]*> ([^<]*) <\/td>/g)].map((cell) => cell[1]!)]));

/** Parts of a repr that we show too; ours has no chunktype. */
const partsOf = (repr: string): string[] | undefined => /array<(.*?), shape=(\(.*?\)), dtype=(\w+), chunksize=(\(.*?\))/.exec(repr)?.slice(1);

describe("the line and the table of an array say what Dask's say", () => {
  const cases = goldens("expressions").filter((golden) => !errorOf(golden) && golden.expected.repr !== undefined);
  test.each(cases)("$args", ({ args, expected }) => {
    let x: AnyArray;
    try {
      x = evaluateDask(args) as AnyArray;
    } catch (error) {
      if (error instanceof NotTranslated) return skipCase("expressions", args, error.message);
      throw error;
    }
    if (!(x instanceof ChunkedArray)) return skipCase("expressions", args, "no chunked array");
    expect(partsOf(String(x))).toEqual(partsOf(expected.repr));
    const rows = rowsOf(x.toHTML());
    const wanted = { ...expected.html, "Data type": [expected.html["Data type"][0].replace(" numpy.ndarray", "")] };
    // Drawing with parameters that are arrays takes a layer for each of them.
    if (/normal\(np\.arange/.test(args)) delete wanted["Dask graph"], delete rows["Dask graph"];
    expect(rows).toEqual(wanted);
  });
});

describe("an array in console.log", () => {
  test("is a line, its size and its chunks", () => {
    expect(inspect(nd.ones([10, 4], { chunks: [5, 4] }))).toBe(
      "ndloom.array<ones_like, shape=(10, 4), dtype=float64, chunksize=(5, 4)>\n  320 B in blocks of 160 B; 2 chunks in 1 graph layer\n  chunks (5, 5) × (4,)",
    );
    expect(inspect(nd.ones(10, { chunks: 5 }).sum())).toBe("ndloom.array<sum-aggregate, shape=(), dtype=float64, chunksize=()>\n  8 B; 1 chunks in 3 graph layers");
  });

  test("shows unknown sizes as unknown", () => {
    const x = nd.arange(6, { chunks: 3 });
    expect(inspect(x.get(x.greater(2)))).toContain("unknown");
  });

  test("as a table for terminals", () => {
    expect(nd.ones([10], { chunks: 5 }).toTable()).toBe([
      "            Array  Chunk",
      "Bytes       80 B   40 B",
      "Shape       (10,)  (5,)",
      "Dask graph  2 chunks in 1 graph layer",
      "Data type   float64",
    ].join("\n"));
  });
});

describe("HTML", () => {
  test("has the picture of the chunks beside the table, and none where there is none", () => {
    const x = nd.ones([10, 10], { chunks: 5 });
    expect(x.toHTML()).toContain(x.toSVG());
    expect(x.sum().toHTML()).not.toContain("<svg");
  });

  test("takes the page's colours", () => {
    expect(nd.ones(3).toHTML()).toContain("color:inherit");
  });

  test("is what notebooks get, beside the text", () => {
    const x = nd.ones(3) as AnyArray;
    const shown = (x as unknown as Record<symbol, () => unknown>)[Symbol.for("Jupyter.display")]!();
    expect(shown).toEqual({ "text/html": x.toHTML(), "text/plain": inspect(x) });
  });
});
