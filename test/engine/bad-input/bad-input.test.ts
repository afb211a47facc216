import { describe, expect, test } from "vitest";
import { ChunkedArray } from "../../../lib/array/chunked-array.js";
import { NDArray } from "../../../lib/array/nd-array.js";
import { Client } from "../../../lib/client/client.js";
import * as nd from "../../../lib/index.js";
import { CASES, type Row } from "./cases.js";

const floats = nd.fromArray(Float64Array.from({ length: 12 }, (_, i) => i), { shape: [3, 4], chunks: 2 });
const operands = {
  nd: { ...nd, Client },
  x: floats,
  i: nd.arange(5, { chunks: 2 }),
  b: nd.fromArray([true, false, true, false, true]),
  c: nd.fromArray([{ re: 1, im: 2 }, { re: 3, im: -4 }]),
  u: floats.get(floats.gt(9)),
  none: nd.ones([0, 3]),
  scalar: floats.get(1, 3),
};

/** Runs a line of code; an array is computed. */
async function run(code: string): Promise<unknown> {
  const made: unknown = await new Function(...Object.keys(operands), `return ${code};`)(...Object.values(operands));
  const result = made instanceof ChunkedArray ? await made.compute() : made;
  return result instanceof NDArray ? result.toNested() : result;
}

/** What came of a line of code: an error's class and code, or a value. */
async function outcome(code: string): Promise<{ error?: unknown; value?: unknown }> {
  try {
    return { value: await run(code) };
  } catch (error) {
    return { error };
  }
}

const classes = nd as unknown as Record<string, new () => Error>;

describe.each(Object.entries(CASES) as [string, readonly Row[]][])("%s", (_, rows) => {
  test.each(rows.map(([code, expected]) => [code, expected] as const))("%s", async (code, expected) => {
    const { error, value } = await outcome(code);
    if (typeof expected !== "string") {
      if (error !== undefined) throw error;
      expect(value).toEqual(expected.is);
      return;
    }
    const [name, errorCode] = expected.split(" ");
    expect(error, `gave ${describeValue(value)}`).toBeInstanceOf(classes[name!]);
    const { message, code: got } = error as nd.NdloomError;
    if (errorCode !== undefined) expect(got, message).toBe(errorCode);
    expect(message, "names the operation").toMatch(/^[\w. "]+: \S/);
  });
});

test("there are at least 200 cases", () => {
  expect(Object.values(CASES).flat().length).toBeGreaterThanOrEqual(200);
});

function describeValue(value: unknown): string {
  return JSON.stringify(value, (_, v: unknown) => (typeof v === "bigint" ? `${v}n` : v)) ?? String(value);
}
