import { describe, expect, test } from "vitest";
import { log, logQuotient, pow } from "../../../lib/core/libm.js";
import { splitPerAxis, treeDepth } from "../../../lib/core/tree-depth.js";
import { goldens, titleOf } from "../../support/goldens.js";

describe("treeDepth", () => {
  test.each(goldens("reductions_depth").map((golden) => ({ golden, title: titleOf(golden) })))("$title", ({ golden: { args, expected } }) => {
    expect(treeDepth(args[0], args[1])).toBe(expected);
  });
  test("a split for several axes is shared among them", () => {
    // Python: max(int(k ** (1 / m)), 2)
    expect([[4, 1], [4, 2], [16, 2], [64, 3], [27, 3], [100, 2], [8, 3], [4, 0]].map(([k, m]) => splitPerAxis(k, m))).toEqual([4, 2, 4, 3, 3, 10, 2, 4]);
  });
  test("nothing to fold is one step", () => expect([treeDepth(0, 4), treeDepth(5, 1)]).toEqual([1, 1]));
});

describe("pow and log are correctly rounded", () => {
  // From C's library; those of V8 differ in the last bit.
  test.each([[16777216, 1 / 3, 255.99999999999991], [216, 1 / 3, 5.999999999999999], [46656, 1 / 6, 5.999999999999999], [2, 0.5, Math.SQRT2],
    [1e300, 0.5, 1e150], [1.25, 1, 1.25], [0.3, -2.5, 20.286020648339488]])("pow(%d, %d)", (x, y, expected) => expect(pow(x, y)).toBe(expected));

  test("log quotients are Python's", () => {
    for (const [x, base, expected] of [[9, 3, 2], [243, 3, 4.999999999999999], [729, 3, 6], [343, 7, 3], [125, 5, 3.0000000000000004], [216, 6, 3.0000000000000004]]) {
      expect(logQuotient(x, base)).toBe(expected);
    }
  });

  test("squares of roots agree with the exact root", () => {
    for (let i = 1; i < 2000; i++) expect(pow(i, 0.5)).toBe(Math.sqrt(i));
  });

  test("arguments beyond go to Math", () => {
    expect([pow(0, 2), pow(-8, 3), pow(Infinity, 0.5), pow(2, NaN), pow(NaN, 0), pow(10, 400), pow(10, -400), pow(5, 0)])
      .toEqual([0, -512, Infinity, NaN, 1, Infinity, 0, 1]);
    expect([log(0), log(-1), log(1), log(Infinity), log(Number.MIN_VALUE)]).toEqual([-Infinity, NaN, 0, Infinity, -744.4400719213812]);
  });
});
