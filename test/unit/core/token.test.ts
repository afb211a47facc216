import { describe, expect, test } from "vitest";
import { tokenOf } from "../../../lib/core/token.js";
import { NdloomError } from "../../../lib/errors/index.js";

describe("tokenOf", () => {
  test("is 32 hexadecimal digits, the same for equal values", () => {
    const value = () => ["map", { b: 1, a: [null, undefined, true, 1.5, 2n, "é"] }, Float32Array.of(1, 2)];
    expect(tokenOf(value())).toMatch(/^[0-9a-f]{32}$/);
    expect(tokenOf(value())).toBe(tokenOf(value()));
    expect(tokenOf({ a: 1, b: 2 })).toBe(tokenOf({ b: 2, a: 1 }));
    expect(tokenOf(NaN)).toBe(tokenOf(-NaN));
  });

  test("does not change between versions: names of arrays are kept in files and caches", () => {
    expect(tokenOf([1, [2, "x"], null])).toBe("a9321bba1b69f8137b38a80cd9548e3b");
  });

  test("differs for values that are told apart only by their structure", () => {
    const values = [
      [], [[]], [[], []], [0], [-0], [0, 0], [[0], 0], [[0, 0]], "", "0", ["0"], [""], ["", ""], ["ab"], ["a", "b"], null, undefined, false, true,
      0n, [0n], 1, "1", 1n, 1.5, NaN, [NaN], Infinity, -Infinity, 2 ** 31, 2 ** 32, -(2 ** 31), -(2 ** 31) - 1, {}, { a: 1 }, { a: undefined },
      [["a", 1]], Int32Array.of(1), Uint32Array.of(1), Int32Array.of(1, 0), Uint8Array.of(1), Uint8Array.of(1, 0), [1, 1], [1, 1, 1],
      [1, [1, 1]], new Array(64).fill(1), new Array(65).fill(1), new Array(66).fill(1), [new Array(65).fill(1)], [...new Array(65).fill(1), 2],
      [2, ...new Array(65).fill(1)], "\u0000", "\u0000\u0000",
    ];
    const tokens = values.map((value) => tokenOf(value));
    expect(new Set(tokens).size).toBe(values.length);
  });

  test("has no collisions among a hundred thousand near values, and bits that are even", () => {
    const tokens = new Set<string>();
    const ones = new Array<number>(128).fill(0);
    for (let i = 0; i < 100_000; i++) {
      const token = tokenOf(["add", i % 100, Math.floor(i / 100)]);
      tokens.add(token);
      if (i < 4096) for (let bit = 0; bit < 128; bit++) ones[bit] += (parseInt(token[bit >> 2], 16) >> (bit & 3)) & 1;
    }
    expect(tokens.size).toBe(100_000);
    for (const count of ones) expect(Math.abs(count - 2048)).toBeLessThan(5 * 32);
  });

  test("a frozen list and its copy have one token, and it is remembered", () => {
    const list = Array.from({ length: 1e6 }, (_, i) => i % 7);
    const before = tokenOf([list]);
    Object.freeze(list);
    expect(tokenOf([list])).toBe(before);
    const start = performance.now();
    for (let i = 0; i < 100; i++) tokenOf([list]);
    expect(performance.now() - start).toBeLessThan(50);
  });

  test("a list that can change is read each time", () => {
    const list = new Array<number>(100).fill(1);
    const before = tokenOf(list);
    list[50] = 2;
    expect(tokenOf(list)).not.toBe(before);
  });

  test("refuses what has no value of its own", () => {
    for (const value of [() => 1, Symbol("x"), new Map(), new Date(), [Math.sin]]) expect(() => tokenOf(value)).toThrow(NdloomError);
  });
});
