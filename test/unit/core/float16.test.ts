import { describe, expect, test } from "vitest";
import { fromFloat16, toFloat16 } from "../../../lib/core/float16.js";

describe("float16", () => {
  test.each([[0x0000, 0], [0x8000, -0], [0x3c00, 1], [0xc000, -2], [0x7bff, 65504], [0x0001, 2 ** -24], [0x03ff, 1023 * 2 ** -24], [0x0400, 2 ** -14],
    [0x7c00, Infinity], [0xfc00, -Infinity], [0x3555, 0.333251953125]])("%d is %d", (bits, value) => {
    expect(fromFloat16(bits)).toBe(value);
    expect(toFloat16(value)).toBe(bits);
  });

  test("every number goes there and back", () => {
    for (let bits = 0; bits < 0x10000; bits++) {
      const value = fromFloat16(bits);
      if (Number.isNaN(value)) expect(toFloat16(value)).toBe(0x7e00);
      else if (toFloat16(value) !== bits) expect.fail(`${bits} → ${value} → ${toFloat16(value)}`);
    }
  });

  test("a number between two goes to the nearer, in the middle to the even one", () => {
    for (let bits = 0; bits < 0x7bff; bits++) {
      const [low, high] = [fromFloat16(bits), fromFloat16(bits + 1)];
      const middle = (low + high) / 2;
      const even = bits % 2 === 0 ? bits : bits + 1;
      const got = [middle - (high - low) / 8, middle, middle + (high - low) / 8].map(toFloat16);
      if (got[0] !== bits || got[1] !== even || got[2] !== bits + 1) expect.fail(`between ${low} and ${high}: ${got}`);
    }
  });

  test("what is too large is infinite, from the middle on", () => {
    expect([65519.999, 65520, 1e300].map(toFloat16)).toEqual([0x7bff, 0x7c00, 0x7c00]);
    expect([2 ** -25, 2 ** -25 * 1.0001, 1e-300].map(toFloat16)).toEqual([0, 1, 0]);
  });
});
