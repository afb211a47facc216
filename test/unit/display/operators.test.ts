import { expect, it } from "vitest";
import * as nd from "../../../lib/index.js";

it("an array is a text where a text is asked for", () => {
  expect(`${nd.ones(3)}`).toBe("ndloom.array<ones_like, shape=(3,), dtype=float64, chunksize=(3,)>");
  expect(String(nd.ones(3))).toContain("ones_like");
});

it.each<[string, (x: any) => unknown]>([["x + 1", (x) => x + 1], ["x * 2", (x) => x * 2], ["-x", (x) => -x], ["x < 1", (x) => x < 1]])(
  "%s says what to use instead of joining texts",
  (_, use) => {
    expect(() => use(nd.ones(3))).toThrow(/use its methods/);
  },
);
