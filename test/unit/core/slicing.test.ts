import { describe, expect, test } from "vitest";
import { type IndexTerm, isFullSlice, normalizeIndex, shapeOfTerms } from "../../../lib/core/index-terms.js";
import { normalizeChunks } from "../../../lib/core/normalize-chunks.js";
import { parseSlice, resolveSlice, Slice, slice } from "../../../lib/core/slice.js";
import { indexedChunks, sliceAxis, takeChunks } from "../../../lib/core/slicing.js";
import { ChunkError, IndexError } from "../../../lib/errors/index.js";
import { decodeChunks, errorOf, goldens, titleOf } from "../../support/goldens.js";
import { reportSkips, skipCase } from "../../support/skips.js";

reportSkips();
const titled = (section: string) => goldens(section).map((golden) => ({ golden, title: titleOf(golden) }));
const range = (length: number) => Array.from({ length }, (_, i) => i);

/** The elements that a slice of Python's takes of a list. */
function taken(list: readonly number[], [start, stop, step]: (number | null)[]): number[] {
  const found = resolveSlice(slice(start, stop, step), list.length);
  return Array.from({ length: found.count }, (_, k) => list[found.start + k * found.step]);
}

describe("sliceAxis takes the blocks and elements that Dask takes", () => {
  test.each(titled("slice_1d"))("$title", ({ golden: { op, args, expected } }) => {
    const [length, axis, { s }] = args;
    const [term] = normalizeIndex("get", [new Slice(s[0], s[1], s[2])], [length]) as [Extract<IndexTerm, { kind: "slice" }>];
    const cut = sliceAxis(axis, term.start, term.stop, term.step);
    if (op === "new_blockdim") return expect(cut.counts).toEqual(expected);
    expect(cut.blocks).toEqual(expected.map(([block]: [number]) => block));
    expected.forEach(([block, part]: [number, number[]], k: number) => {
      const elements = range(cut.counts[k]).map((i) => cut.starts[k] + i * cut.step);
      expect(elements, `block ${block}`).toEqual(taken(range(axis[block]), part));
    });
  });
});

/** Index parts as the goldens write them, or a reason why they are not for this test. */
function decodeIndex(part: any): unknown {
  if (part === null || part === "..." || typeof part === "number") return part;
  if ("s" in part) return new Slice(part.s[0], part.s[1], part.s[2]);
  if ("a" in part) return part.a;
  if ("b" in part) return part.b;
  if ("float" in part) return part.float;
  throw new Error(`no index: ${JSON.stringify(part)}`);
}

describe("indices give Dask's shapes and chunks", () => {
  test.each(titled("slicing"))("$title", ({ golden }) => {
    const { args, expected, op } = golden;
    const index = args.index as any[];
    const text = JSON.stringify(index);
    const skip = (why: string) => skipCase("slicing", [op, args.shape, index], why);
    if (op !== "getitem") return skip(`${op} has its own rules, with the array's API`);
    if (index.some((part) => part?.da)) return skip("an array that is not computed yet; with the array's API");
    if (index.some((part) => part?.bool !== undefined)) return skip("Dask takes true as 1, NumPy as a new axis; it is an IndexError here");
    const lists = index.filter((part) => part?.a || part?.b);
    if (lists.length > 1) return skip("Dask has no two lists; NumPy's rule is with the array's API");
    if (text.includes("[[")) return skip("a mask over two axes: its count is known here, unknown in Dask");
    if (errorOf(golden) === "TypeError" && lists.length === 1) return skip("an internal error of Dask; NumPy takes this index");
    const chunks = normalizeChunks("zeros", args.chunks, args.shape);
    const run = () => normalizeIndex("get", index.map(decodeIndex), args.shape);
    if (errorOf(golden)) return expect(run).toThrow(IndexError);
    const terms = run();
    expect(shapeOfTerms(terms)).toEqual(expected.shape);
    const unchanged = terms.every((term) => isFullSlice(term, args.shape));
    expect(unchanged ? chunks : indexedChunks(chunks, terms)).toEqual(decodeChunks(expected.chunks));
  });
});

describe("slice", () => {
  test.each([["1:10:2", "1:10:2"], [":", ":"], ["::-1", "::-1"], [" 3 : ", "3:"], ["-3:", "-3:"]])("%s is read and written", (text, shown) => {
    expect(String(parseSlice(text))).toBe(shown);
  });
  test.each(["", "1", "a:b", "1:2:3:4", "1.5:"])("%j is refused", (text) => expect(() => parseSlice(text)).toThrow(IndexError));
  test("a step of 0 and fractions are refused", () => {
    expect(() => slice(0, 1, 0)).toThrow("slice: expected a step other than 0, got 0.");
    expect(() => slice(0.5)).toThrow("slice: expected whole numbers, got 0.5.");
  });
});

describe("normalizeIndex", () => {
  test.each<[string, unknown[], string]>([
    ["out of bounds", [20], "get: index 20 is out of bounds for axis 0 with 10 elements (shape (10, 4)); use -10 to 9."],
    ["too many", [0, 0, 0], "get: 3 indices are too many for a 2-d array (shape (10, 4))."],
    ["a fraction", [1.5], "get: expected a whole number as index, got 1.5."],
    ["two ellipses", ["...", "..."], 'get: expected "..." once at most, got it 2 times.'],
    ["a short mask", [[true, false]], "get: expected a mask of 10 elements for axis 0 (shape (10, 4)), got 2."],
    ["a boolean", [true], "for a new axis use null."],
    ["undefined", [undefined], 'for a whole axis use ":".'],
    ["a text", ["1"], 'get: expected an index, got "1"; write slices as'],
    ["a ragged list", [[[1], [2, 3]]], "expected a rectangular list as index, got a ragged one."],
    ["a mixed list", [[1, true]], "expected a list of integers or of booleans as index, got true in it."],
  ])("says what is wrong: %s", (_, index, message) => expect(() => normalizeIndex("get", index, [10, 4])).toThrow(message));

  test("typed arrays and bigints are integers", () => {
    const [list, one] = normalizeIndex("get", [BigInt64Array.of(1n, -1n), 2n], [10, 4]);
    expect(list).toMatchObject({ kind: "list", values: Float64Array.of(1, 9) });
    expect(one).toMatchObject({ kind: "integer", value: 2 });
  });

  test("a mask over several axes takes as many", () => {
    expect(normalizeIndex("get", [[[true, false], [false, true]], ":"], [2, 2, 5]).map((term) => term.kind)).toEqual(["mask", "slice"]);
  });

  test("an axis of unknown length takes the full slice only", () => {
    expect(normalizeIndex("get", [":"], [NaN])).toMatchObject([{ kind: "slice", count: NaN }]);
    for (const index of [0, "1:", [0]]) expect(() => normalizeIndex("get", [index], [NaN])).toThrow(ChunkError);
  });
});

test("cutting a million chunks takes milliseconds", () => {
  const axis = new Array<number>(1e6).fill(8);
  const start = performance.now();
  expect(sliceAxis(axis, 3, 8e6, 2).counts.length).toBe(1e6);
  expect(sliceAxis(axis, 8e6 - 1, -1, -1).counts.length).toBe(1e6);
  expect(takeChunks(axis, range(10))).toEqual([10]);
  expect(performance.now() - start).toBeLessThan(500);
});
