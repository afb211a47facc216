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
