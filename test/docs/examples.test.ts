import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { afterAll, describe, expect, test, vi } from "vitest";
import { root } from "../architecture/source-files.js";
import { allExamples, brokenPromise, markdownExamples, moduleOf, promised, sourceExamples } from "./examples.js";

const directory = join(root, ".cache", `examples-${process.pid}`); // inside the checkout, so that "ndloom" resolves
mkdirSync(directory, { recursive: true });
afterAll(() => rmSync(directory, { recursive: true }));

const examples = allExamples().map((example, i) => {
  const path = join(directory, `${String(i).padStart(4, "0")}-${example.where.replace(/[^\w.-]+/g, "_")}.ts`);
  writeFileSync(path, moduleOf(example));
  return { ...example, path };
});

test("the examples type-check", { timeout: 120_000 }, () => {
  const { options } = ts.parseJsonConfigFileContent(ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile).config, ts.sys, root);
  const program = ts.createProgram(examples.map((e) => e.path), { ...options, noUnusedLocals: false });
  const findings = examples.flatMap((example) => {
    const source = program.getSourceFile(example.path)!;
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
      (d) => `${example.where}: ${ts.flattenDiagnosticMessageText(d.messageText, "\n")}`,
    );
  });
  expect(findings).toEqual([]);
});

describe("the examples run and print what they say", () => {
  test.each(examples.filter((e) => e.run))("$where", async ({ path, code }) => {
    const printed: string[] = [];
    const { format } = await import("node:util");
    const log = vi.spyOn(console, "log").mockImplementation((...values) => void printed.push(format(...values)));
    try {
      await import(/* @vite-ignore */ path);
    } finally {
      log.mockRestore();
    }
    const missing = brokenPromise(promised(code), printed);
    if (missing !== null) expect(printed, `the example says that it prints ${missing}`).toEqual(promised(code));
  });
});

describe("finding examples", () => {
  test("in a page: the ts blocks, with their lines", () => {
    const page = { path: "a.md", text: "# A\n```ts\nlet a;\n```\n```sh\nls\n```\n```ts no-run\nlet b;\n```\n" };
    expect(markdownExamples(page)).toEqual([
      { where: "a.md:3", code: "let a;\n", run: true },
      { where: "a.md:9", code: "let b;\n", run: false },
    ]);
  });

  test("in a documentation comment: what stands under @example", () => {
    const text = "const x = 1;\n/**\n * Adds.\n * @example\n * ```ts\n * console.log(f(1)); // 2\n * ```\n * @see g\n */\nexport const f = g;\n";
    const [example] = sourceExamples({ path: "f.ts", text });
    expect(example).toEqual({ where: "f.ts:5", code: "console.log(f(1)); // 2\n", run: true });
    expect(promised(example!.code)).toEqual(["2"]);
  });

  test("a promise is kept when its line is printed in its turn", () => {
    expect(brokenPromise(["1", "2"], ["0", "1", "2"])).toBe(null);
    expect(brokenPromise(["2", "1"], ["1", "2"])).toBe("1");
    expect(brokenPromise(["[[1, 2]] { re: 1 }"], ["[ [ 1, 2 ] ] { re: 1 }"])).toBe(null);
    expect(brokenPromise(["about 10"], ["10.02"])).toBe(null);
    expect(brokenPromise(["about 10"], ["10.2"])).toBe("about 10");
    expect(promised("console.log(x); // → 1\nf(); // not this\nconsole.log(y);\n")).toEqual(["1"]);
  });

  test("an @example without a block does not pass unseen", () => {
    expect(sourceExamples({ path: "f.ts", text: "/**\n * @example f(1)\n */" })[0]!.code).toContain("SyntaxError");
  });
});
