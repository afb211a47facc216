import { expect, test } from "vitest";
import * as nd from "../../../lib/index.js";
import { elementsOf } from "../../support/assert-array.js";

test.each([1, 2, 127, 128, 129, 257, 1025, 2049])("sums down the rows of a block of %i columns: as added up one by one", async (width) => {
  for (const rows of [1, 2, 8, 33]) {
    const length = width + 3;
    const values = Float64Array.from({ length: rows * length }, (_, i) => (Math.imul(i, 0x9e3779b1) >>> 8) % 1000);
    const x = nd.fromArray(values, { shape: [rows, length] }).get(":", `1:${width + 1}`);
    const expected = Array.from({ length: width }, (_, c) => Array.from({ length: rows }, (_, r) => values[r * length + 1 + c]!).reduce((a, b) => a + b));
    expect(elementsOf(await x.sum({ axis: 0 }).compute()).map(Number), `${rows} rows`).toEqual(expected);
  }
});

const widths = [1, 2, 15, 127, 128, 144, 190, 200, 257, 400, 1100];
const folds: Record<string, (x: nd.ChunkedArray, axis: number) => nd.ChunkedArray> = {
  sum: (x, axis) => x.sum({ axis }),
  max: (x, axis) => x.max({ axis }),
  argmax: (x, axis) => x.argmax({ axis }),
  std: (x, axis) => x.std({ axis }),
  nanmin: (x, axis) => nd.nanmin(x, { axis }),
  "cumsum, folded": (x, axis) => nd.cumsum(x, { axis }).max({ axis }),
};

/** What a fold gives of other tiles: the same numbers, but for the last digits of a standard deviation. */
const near = (name: string, expected: readonly number[]): unknown[] => (name === "std" ? expected.map((x) => expect.closeTo(x, 9) as unknown) : [...expected]);

test.each(Object.keys(folds))("%s of part of an array, along either axis, is that of its copy, by itself and with others in one pass", async (name) => {
  const fold = folds[name]!;
  for (const width of widths) {
    for (const rows of [1, 3, 8, 17, 70]) {
      const length = width + 5;
      const values = Float64Array.from({ length: rows * length }, (_, i) => (Math.imul(i, 0x9e3779b1) >>> 8) % 1000);
      const part = nd.fromArray(values, { shape: [rows, length] }).get(":", `2:${width + 2}`);
      const copy = nd.fromArray(Float64Array.from({ length: rows * width }, (_, i) => values[Math.floor(i / width) * length + 2 + (i % width)]!), { shape: [rows, width] });
      const together = Object.values(folds).flatMap((each) => [each(part, 0), each(part, 1)]);
      const at = 2 * Object.keys(folds).indexOf(name);
      const results = await nd.compute(together);
      for (const axis of [0, 1]) {
        const expected = elementsOf(await fold(copy, axis).compute()).map(Number);
        const close = near(name, expected);
        expect(elementsOf(await fold(part, axis).compute()).map(Number), `${rows} rows of ${width}, axis ${axis}`).toEqual(close);
        expect(elementsOf(results[at + axis] as nd.NDArray).map(Number), `together: ${rows} rows of ${width}, axis ${axis}`).toEqual(close);
      }
    }
  }
});

test.each(Object.keys(folds))("%s of rows that are one row, or run backwards, is that of their copy", async (name) => {
  const fold = folds[name]!;
  for (const width of widths) {
    const values = Float64Array.from({ length: 9 * width }, (_, i) => (Math.imul(i, 0x9e3779b1) >>> 8) % 1000);
    const x = nd.fromArray(values, { shape: [9, width] });
    for (const view of [nd.broadcastTo(x.get(4), [17, width]), x.get("::-1"), x.get("::-2")]) {
      const copy = nd.fromArray(Float64Array.from(elementsOf(await view.compute()).map(Number)), { shape: view.shape });
      for (const axis of [0, 1]) {
        const expected = elementsOf(await fold(copy, axis).compute()).map(Number);
        const close = near(name, expected);
        expect(elementsOf(await fold(view, axis).compute()).map(Number), `${view.shape.join(" x ")}, axis ${axis}`).toEqual(close);
      }
    }
  }
});
