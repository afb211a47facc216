import { describe, expect, test } from "vitest";
import { runScript } from "../../support/child.js";

const program = (name: string): URL => new URL(`programs/${name}`, import.meta.url);

describe("worker_threads", () => {
  test("several compute at once, beside the main thread", async () => {
    const { code, stdout, stderr } = await runScript(program("start-workers.ts"));
    expect(stderr).toBe("");
    expect({ code, stdout }).toEqual({ code: 0, stdout: "21 1" }); // 21 sums, all the same
  });
  test("may be terminated while they compute, and the process may end beside one", async () => {
    const { code, signal, stdout, stderr } = await runScript(program("terminate.ts"));
    expect({ code, signal, stdout }, stderr).toEqual({ code: 0, signal: null, stdout: "terminated" });
  });
});

describe("a process that ends with work in flight", () => {
  test.each([
    ["exit", { code: 0, signal: null, stdout: "started" }],
    ["exit at once", { code: 0, signal: null, stdout: "started" }],
    ["throw", { code: 1, signal: null, stdout: "started" }],
    ["finish", { code: 0, signal: null, stdout: "started finished" }],
    ["forget", { code: 0, signal: null, stdout: "started" }],
    ["signal", { code: null, signal: "SIGTERM", stdout: "started" }],
  ] as const)("by %s does not crash", async (way, expected) => {
    const { code, signal, stdout, stderr } = await runScript(program("exit.ts"), [way]);
    expect({ code, signal, stdout }, stderr).toEqual(expected);
    if (way !== "throw") expect(stderr).toBe("");
  });
});
