// Lengths that masks decide: where they meet others they must agree, and what needs them says so.
import { describe, expect, test } from "vitest";
import * as nd from "../../../../lib/index.js";

const v = nd.arange(10, { chunks: 4 });
const b = nd.arange(60, { chunks: 60 }).reshape([3, 4, 5]).rechunk([1, 2, 5]);
const six = v.get(v.gt(3));
const five = v.get(v.gt(4));
const two = b.get(b.get(":", 0, 0).gt(5));
const one = b.get(b.get(":", 0, 0).gt(25));

describe("lengths that differ when they have become known are refused", () => {
  test.each<[string, () => nd.AnyArray, string]>([
    ["added", () => six.add(five), "add: the masks selected different numbers of elements, shapes (5,) and (6,)."],
    ["multiplied as vectors", () => nd.dot(six, five), "matmul: the masks selected different numbers of elements, inner lengths 6 and 5."],
    ["multiplied as batches", () => two.matmul(nd.swapaxes(one, 1, 2)), "matmul: the masks selected different numbers of elements, shapes (1, 5, 4) and (2, 4, 5)."],
    ["joined beside each other", () => nd.concatenate([two, one], { axis: 1, allowUnknownChunksizes: true }), "concatenate: the masks selected different numbers of elements, shapes (1, 4, 5) and (2, 4, 5)."],
    ["stacked", () => nd.stack([six, five], { allowUnknownChunksizes: true }), "concatenate: the masks selected different numbers of elements, shapes (1, 5) and (1, 6)."],
  ])("%s", async (_, make, message) => {
    await expect(make().compute()).rejects.toThrow(message);
  });
});

describe("what stands beside an unknown length is repeated to it", () => {
  test("rows", async () => {
    expect((await v.get(v.gt(7)).add(nd.asarray([[1], [2]])).compute() as nd.NDArray).toNested()).toEqual([[9n, 10n], [10n, 11n]]);
  });
  test("a matrix beside batches", async () => {
    const product = (await b.get(0).T.matmul(two).compute()) as nd.NDArray;
    expect(product.shape).toEqual([2, 5, 5]);
    expect(product.item(1, 4, 4)).toBe(2494n);
  });
});

describe("an unknown length that is needed is asked for", () => {
  const message = "expected an axis of known length, got axis 0 of shape (nan,); compute it first, with computeChunkSizes().";
  test.each<[string, () => unknown]>([
    ["flip", () => nd.flip(six)], ["roll", () => nd.roll(six, 2)], ["repeat", () => nd.repeat(six, 2)], ["diff", () => nd.diff(six)],
    ["insert", () => nd.insert(six, 0, 1)], ["delete", () => nd.delete(six, 0)],
  ])("%s", (name, call) => {
    expect(call).toThrow(`${name}: ${message}`);
  });
  test("broadcastArrays", () => {
    expect(() => nd.broadcastArrays(six, nd.ones([2, 1]))).toThrow("broadcastTo: shape (2, 1) cannot be repeated to (2, nan) while that length is unknown");
  });
});
