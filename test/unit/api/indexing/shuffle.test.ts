import { describe, expect, test } from "vitest";
import * as nd from "../../../../lib/index.js";
import { assertArray } from "../../../support/assert-array.js";

const a = nd.arange(24, { chunks: 24 }).reshape([4, 6]).rechunk([2, 3]);

describe("shuffle", () => {
  test("groups stand together, one or several to a chunk", async () => {
    const x = nd.shuffle(a, [[5, 0], [4, 1], [2]], { axis: 1 });
    expect(x.chunks).toEqual([[2, 2], [2, 3]]);
    await assertArray(x, { values: [5, 0, 4, 1, 2, 11, 6, 10, 7, 8, 17, 12, 16, 13, 14, 23, 18, 22, 19, 20].map(BigInt) });
  });

  test("groups that are the chunks change nothing", () => {
    expect(a.shuffle([[0, 1, 2], [3, 4, 5]], { axis: 1 })).toBe(a);
  });

  test("a long group cuts the other axes finer", () => {
    expect(nd.shuffle(a, [[0, 1, 2, 3, 4, 5]], { axis: 1 }).chunks).toEqual([[1, 1, 1, 1], [6]]);
  });

  test("a position beyond the axis is refused", () => {
    expect(() => nd.shuffle(a, [[6]], { axis: 1 })).toThrow("shuffle: position 6 is out of bounds for axis 1 with 6 elements.");
  });
});
