import { writeFile } from "node:fs/promises";
import { describe, test } from "vitest";
import * as nd from "../../../lib/index.js";
import { assertArray, elementsOf } from "../../support/assert-array.js";
import { npyOf } from "../../support/npy-files.js";
import { counting, savedIn, testFolder } from "./folder.js";

const inMemory = (shape: readonly number[]): nd.ChunkedArray => nd.fromArray(counting(shape).data, { shape });

/** Declares the tests: programs over files give what the same programs give over memory. */
export function checkReads(title: string): void {
  describe(title, () => {
    const path = testFolder();
    const saved = savedIn(path);
    const shape = [23, 17];
    const cases: readonly (readonly [string, (x: nd.ChunkedArray, y: nd.ChunkedArray) => nd.ChunkedArray])[] = [
      ["all of it", (x) => x],
      ["the transpose", (x) => x.T],
      ["it beside its transpose", (x) => x.get(":17").add(x.get(":17").T)],
      ["shifted loads", (x) => x.get(":-2").add(x.get("1:-1")).add(x.get("2:")).subtract(x.get("2:"))],
      ["shifts along both axes", (x) => x.get("1:", "1:").add(x.get(":-1", ":-1"))],
      ["every third row", (x) => x.get("::3")],
      ["every fifth column from the second", (x) => x.get(":", "1::5")],
      ["backwards", (x) => x.get("::-1", "::-2")],
      ["two strides beside each other", (x) => x.get("::4").add(x.get("1::4").get(":6"))],
      ["one row", (x) => x.get(7)],
      ["one column", (x) => x.get(":", -1)],
      ["one element", (x) => x.get(3, 4)],
      ["a row on all rows", (x) => x.add(x.get(0))],
      ["a column on all columns", (x) => x.add(x.get(":", "3:4"))],
      ["repeated", (x) => nd.broadcastTo(x.get(2), [5, 17])],
      ["several files in one", (x, y) => nd.concatenate([x, y, x.get("::-1")])],
      ["several files side by side", (x, y) => nd.concatenate([x, y], { axis: 1 }).get(":", "10:30")],
      ["stacked", (x, y) => nd.stack([x, y]).sum({ axis: 0 })],
      ["reshaped", (x) => x.reshape([17, 23]).add(1)],
      ["some rows reshaped", (x) => x.get("3:9").reshape([17, 6]).add(1)],
      ["the transpose reshaped", (x) => x.T.reshape([391])],
      ["folded", (x) => x.sum({ axis: 0 })],
      ["folded the other way", (x) => x.T.mean({ axis: 0 })],
      ["two folds of one file", (x) => x.subtract(x.mean({ axis: 0 })).std({ axis: 0 })],
      ["running sums", (x) => x.cumsum({ axis: 0 })],
      ["running sums of the transpose", (x) => x.T.cumsum({ axis: 1 })],
      ["a product", (x) => nd.matmul(x, x.T)],
      ["a product with what is computed", (x, y) => nd.matmul(x.add(1), y.T)],
      ["rows by an index", (x) => x.get([3, 3, 20, -1, 0])],
      ["rows down, up and again by an index", (x) => x.get([1, 2, 3, 9, 7, 5, 5, 5, 0, 22])],
      ["rows of a slice by an index", (x) => x.get("20:2:-2").get([0, 4, 2, 3]).add(1)],
      ["rows by an index of an index", (x) => x.get([8, 1, 3]).get([2, 0])],
      ["rows by an index, folded", (x) => x.get([4, 4, 11, 2]).sum({ axis: 0 })],
      ["rows by an index beside the file", (x) => x.get([4, 4, 11, 2]).add(x.get(":4"))],
      ["rows by two indices", (x) => x.get([4, 0]).add(x.get([1, 2]))],
      ["points", (x) => nd.vindex(x, [1, 5, 5], [2, 0, 16])],
      ["columns by an index", (x) => x.get(":", [16, 2, 2])],
      ["columns by an index of rows by a slice", (x) => x.get("2::3", [0, 5])],
      ["what a mask selects", (x) => x.get(nd.greater(x, 100))],
      ["the largest of each row", (x) => nd.topk(x, 3, { axis: 1 })],
      ["medians", (x) => nd.median(x, { axis: 0 })],
      ["rechunked", (x) => x.rechunk([1, 17]).add(1).rechunk([23, 1])],
    ];
    test.each(cases)("%s", async (_, make) => {
      const [a, b] = [inMemory(shape), inMemory(shape).add(0.5)];
      const wanted = elementsOf((await nd.compute([make(a, b)]))[0]);
      for (const order of [{}, { fortran: true }, { bigEndian: true }]) {
        const x = await saved("x.npy", shape, order);
        await b.toNpy(path("y.npy"));
        const got = make(x, await nd.fromNpy(path("y.npy")));
        await assertArray(got, { values: wanted, relative: 1e-15 });
      }
    });

    test("an index that a file holds", async () => {
      await writeFile(path("index.npy"), npyOf({ dtype: "int64", shape: [4], data: BigInt64Array.of(2n, 0n, 2n, 1n) }));
      const x = await saved("indexed.npy", [3, 2]);
      await assertArray(x.get(await nd.fromNpy(path("index.npy"))), { shape: [4, 2], values: [4, 5, 0, 1, 4, 5, 2, 3] });
    });
  });
}
