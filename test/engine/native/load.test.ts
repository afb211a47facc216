import { expect, test, vi } from "vitest";
import { NativeError } from "../../../lib/errors/index.js";
import { createEngine } from "../../../lib/native/index.js";

vi.mock("../../../lib/native/load.js", async (original) => {
  const load = await original<typeof import("../../../lib/native/load.js")>();
  return { ...load, loadAddon: () => ({ ...load.loadAddon(), directory: "/nowhere" }) };
});

const OPTIONS = { threads: 1, memoryLimitBytes: 1 << 20, niceness: 0, trace: false };

test("kernels that do not open are no error of the user's arguments, and the way out is told", () => {
  const start = (): unknown => createEngine(OPTIONS);
  expect(start).toThrow(NativeError);
  expect(start).toThrow(expect.objectContaining({ code: "ERR_NATIVE_LOAD", message: expect.stringMatching(/\/nowhere.*apt-get install/s) }));
});

test("an argument that is wrong stays a TypeError", () => {
  expect(() => createEngine({ ...OPTIONS, threads: -1 })).toThrow(TypeError);
});
