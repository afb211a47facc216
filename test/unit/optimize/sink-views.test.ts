import { describe, expect, it } from "vitest";
import { Buffer } from "../../../lib/expr/buffer.js";
import { broadcastTo, cast, reshape, slice, transpose } from "../../../lib/expr/build.js";
import { Concat } from "../../../lib/expr/concat.js";
import type { Expr } from "../../../lib/expr/expr.js";
import { Gather } from "../../../lib/expr/gather.js";
import { Matmul } from "../../../lib/expr/matmul.js";
import { Reduce } from "../../../lib/expr/reduce.js";
import { Rows } from "../../../lib/expr/rows.js";
import { Scan } from "../../../lib/expr/scan.js";
import { postorder } from "../../../lib/optimize/rewrite.js";
import { buffer, op, optimized, text } from "../../support/exprs.js";

const sunk = (...roots: Expr[]): string => optimized(roots, ["sinkViews"]).map(text).join(" | ");

describe("views sink to the sources", () => {
  it("a slice and a transpose of memory are strides", () => {
    const [x] = optimized([slice(transpose(buffer([4, 6]), [1, 0]), 0, 5, -2, 3)], ["sinkViews"]) as [Buffer];
    expect(x).toBeInstanceOf(Buffer);
    expect([x.shape, x.strides, x.offset]).toEqual([[3, 4], [-2, 6], 5]);
  });
  it("an operation computes only what a slice shows", () => {
    expect(sunk(slice(op("sqrt", buffer([100])), 0, 10, 1, 5))).toBe("sqrt(5)[buffer(5)]");
    expect(sunk(slice(cast(buffer([100]), "int32"), 0, 10, -2, 5))).toBe("cast(5)[buffer(5)]");
  });
  it("what a broadcast repeats is computed before it", () => {
    expect(sunk(broadcastTo(op("sqrt", buffer([5])), [3, 5]))).toBe("view(3×5)[sqrt(5)[buffer(5)]]");
    expect(sunk(broadcastTo(slice(op("sqrt", buffer([50])), 0, 7, 1, 5), [3, 5]))).toBe("view(3×5)[sqrt(5)[buffer(5)]]");
  });
  it("a slice across a concatenation takes a part of each input, backwards too", () => {
    const joined = new Concat([buffer([4]), buffer([3]), buffer([5])], 0);
    expect(sunk(slice(joined, 0, 2, 1, 6))).toBe("concat(6)[buffer(2), buffer(3), buffer(1)]");
    expect(sunk(slice(joined, 0, 11, -3, 4))).toBe("concat(4)[buffer(2), buffer(1), buffer(1)]");
    expect(sunk(slice(joined, 0, 4, 1, 3))).toBe("buffer(3)");
  });
  it("twice turned is as it was", () => {
    const x = op("sqrt", buffer([3, 4, 5]));
    expect(sunk(transpose(transpose(x, [2, 0, 1]), [1, 2, 0]))).toBe(text(x));
  });
});

describe("what nobody looks at is left out", () => {
  it("of a fold", () => {
    expect(sunk(slice(new Reduce("sum", buffer([50, 40]), [0]), 0, 3, 1, 4))).toBe("reduce(4)[buffer(50×4)]");
    expect(sunk(slice(new Reduce("max", buffer([50, 40]), [0]), 0, 0, 1, 39))).toBe("reduce(39)[buffer(50×39)]");
  });
  it("but not for a little of a sum, whose last bits hang on its shape", () => {
    expect(sunk(slice(new Reduce("sum", buffer([50, 40]), [0]), 0, 0, 1, 39))).toBe("view(39)[reduce(40)[buffer(50×40)]]");
  });
  it("of a running sum: what comes after, and other rows", () => {
    expect(sunk(slice(new Scan("sum", buffer([50, 40], "int64"), 0), 0, 5, 2, 10))).toBe("view(10×40)[scan(24×40)[buffer(24×40)]]");
    expect(sunk(slice(new Scan("sum", buffer([50, 40], "int64"), 0), 1, 5, 1, 2))).toBe("scan(50×2)[buffer(50×2)]");
  });
  it("of a product of matrices: rows of one, columns of the other", () => {
    const product = new Matmul(buffer([50, 30]), buffer([30, 40]));
    expect(sunk(slice(slice(product, 0, 3, 1, 4), 1, 5, 2, 6))).toBe("matmul(4×6)[buffer(4×30), buffer(30×6)]");
    expect(sunk(slice(product, 0, 1, 1, 49))).toBe("view(49×40)[matmul(50×40)[buffer(50×30), buffer(30×40)]]");
  });
  it("of sorted rows and of quantiles", () => {
    expect(sunk(slice(new Rows("topk", buffer([50, 40]), [3]), 0, 7, 1, 2))).toBe("rows(2×3)[buffer(2×40)]");
    const quantiles = new Rows("quantile", buffer([50, 40]), [6, 0, 0.1, 0.5, 0.9]);
    expect(optimized([slice(slice(quantiles, 0, 1, 1, 2), 1, 0, 1, 7)], ["sinkViews"])[0]).toMatchObject({ kind: "rows", shape: [2, 7], values: [6, 0, 0.5, 0.9] });
  });
  it("of what an index takes", () => {
    const taken = new Gather(op("sqrt", buffer([50, 40])), buffer([20], "int64"), 0);
    expect(sunk(slice(slice(taken, 0, 4, 1, 5), 1, 0, 1, 3))).toBe("gather(5×3)[sqrt(50×3)[buffer(50×3)], buffer(5)]");
  });
  it("of a reshape, on axes that it leaves alone", () => {
    const flat = reshape(new Matmul(buffer([50, 30]), buffer([30, 40])), [50, 5, 8]);
    expect(sunk(slice(flat, 0, 3, 1, 4))).toBe("reshape(4×5×8)[matmul(4×40)[buffer(4×30), buffer(30×40)]]");
  });
  it("and of all that several look at, what lies between stays", () => {
    const x = new Reduce("max", buffer([50, 40]), [1]);
    expect(sunk(slice(x, 0, 10, 1, 5), slice(x, 0, 12, 1, 8))).toBe("view(5)[reduce(10)[buffer(10×40)]] | view(8)[reduce(10)[buffer(10×40)]]");
    expect(sunk(slice(x, 0, 4, 1, 1), slice(x, 0, 49, 1, 1))).toBe("view(1)[reduce(2)[buffer(2×40)]] | view(1)[reduce(2)[buffer(2×40)]]");
  });
});

describe("what several views share is computed once", () => {
  const x = op("sqrt", buffer([100]));
  it("when they overlap", () => {
    expect(sunk(op("subtract", slice(x, 0, 1, 1, 50), slice(x, 0, 0, 1, 50)))).toBe("subtract(50)[view(50)[sqrt(51)[buffer(51)]], view(50)[sqrt(51)[buffer(51)]]]");
  });
  it("and not when they are far from each other, or small", () => {
    expect(sunk(op("subtract", slice(x, 0, 0, 1, 3), slice(x, 0, 97, 1, 3)))).toBe("subtract(3)[sqrt(3)[buffer(3)], sqrt(3)[buffer(3)]]");
    expect(sunk(x, slice(x, 0, 97, 1, 3))).toBe("sqrt(100)[buffer(100)] | sqrt(3)[buffer(3)]");
  });
  it("a stencil applied again and again grows by its operations only", () => {
    const steps = (k: number): number => {
      let e: Expr = buffer([2000]);
      for (let i = 0; i < k; i++) {
        const n = e.shape[0]! - 2;
        e = op("add", op("add", slice(e, 0, 0, 1, n), slice(e, 0, 1, 1, n)), slice(e, 0, 2, 1, n));
      }
      return postorder(optimized([e])).length;
    };
    const [ten, twenty, thirty] = [10, 20, 30].map(steps);
    expect(thirty! - twenty!).toBe(twenty! - ten!);
  });
});
