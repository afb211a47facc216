import { describe, expect, test } from "vitest";
import { libraryFindings, libraryOrder, namelessFiles, nativeFindings } from "./layering.js";
import { filesUnder, read } from "./source-files.js";

const order = libraryOrder(read("docs/architecture.md"));

describe("the house rules hold", () => {
  test("lib/ imports to the left only, reads process.env in config only, throws its own errors, has no cycles", () => {
    expect(libraryFindings(filesUnder("lib", ".ts"), order)).toEqual([]);
  });

  test("native/ includes downwards only, and each library has one home", () => {
    expect(nativeFindings(filesUnder("native", ".h", ".cc", ".inc"))).toEqual([]);
  });

  test("no file is named for nothing", () => {
    const all = ["lib", "native", "test", "bench", "scripts", "examples"].flatMap((d) => filesUnder(d, "").map((f) => f.path));
    expect(namelessFiles(all)).toEqual([]);
  });
});

describe("a planted violation is found", () => {
  const plant = (path: string, text: string): string[] => libraryFindings([{ path, text }, { path: "lib/api/ones.ts", text: "" }], order);
  const plantNative = (path: string, text: string): string[] => nativeFindings([{ path, text }]);

  test.each([
    ["an upward import", "lib/core/shape.ts", 'import { ones } from "../api/ones.js";', "imports upwards: lib/api/ones.ts"],
    ["an upward import of a type", "lib/core/shape.ts", 'import type { Ones } from "../api/ones.js";', "imports upwards"],
    ["an upward re-export", "lib/core/shape.ts", 'export * from "../api/ones.js";', "imports upwards"],
    ["an upward dynamic import", "lib/core/shape.ts", 'const m = await import("../api/ones.js");', "imports upwards"],
    ["an import of what is not there", "lib/client/a.ts", 'import { b } from "../api/twos.js";', "which is not there"],
    ["a folder without a place", "lib/extras/a.ts", "", "has no place"],
    ["a look into the tests", "lib/core/a.ts", 'import { b } from "../../test/b.js";', "stands on its own"],
    ["process.env outside config", "lib/core/a.ts", "const x = process.env.HOME;", "process.env"],
    ["the addon loaded elsewhere", "lib/core/a.ts", 'require("../../build/Release/ndloom.node");', "loads the addon"],
    ["a bare error", "lib/core/a.ts", 'throw new Error("bad");', "bare Error"],
  ])("%s", (_, path, text, finding) => {
    expect(plant(path, text).join("\n")).toContain(finding);
  });

  test("a cycle, though not one of types", () => {
    const pair = (kind: string) => [
      { path: "lib/core/a.ts", text: 'import { b } from "./b.js";' },
      { path: "lib/core/b.ts", text: `import ${kind} { a } from "./a.js";` },
    ];
    expect(libraryFindings(pair(""), order)).toEqual(["import cycle: lib/core/a.ts → lib/core/b.ts → lib/core/a.ts"]);
    expect(libraryFindings(pair("type"), order)).toEqual([]);
  });

  test("an error that owns up to a bug may be bare", () => {
    expect(plant("lib/core/a.ts", 'throw new Error("internal: a slot without a writer");')).toEqual([]);
  });

  test("comments do not count", () => {
    expect(plant("lib/core/a.ts", "// process.env is read in config\n/* throw new Error(1) */")).toEqual([]);
  });

  test.each([
    ["an upward include", "native/core/a.h", '#include "runtime/pool.h"', "includes upwards: runtime/pool.h"],
    ["N-API outside the addon", "native/runtime/a.cc", "#include <napi.h>", "only native/addon"],
    ["TBB outside the runtime", "native/addon/a.cc", "#include <tbb/task_arena.h>", "only native/runtime"],
    ["oneTBB outside the runtime", "native/kernels/a.cc", "#include <oneapi/tbb/task_arena.h>", "only native/runtime"],
    ["xtensor outside the kernels", "native/runtime/a.cc", "#include <xtensor/xarray.hpp>", "only native/kernels"],
    ["a folder without a place", "native/extras/a.cc", "", "native/ has only"],
  ])("%s", (_, path, text, finding) => {
    expect(plantNative(path, text).join("\n")).toContain(finding);
  });

  test("a nameless file", () => {
    const paths = ["lib/core/utils.ts", "native/common/a.h", "test/helpers/b.ts", "lib/core/common-blockdim.ts"];
    expect(namelessFiles(paths)).toEqual(paths.slice(0, 3));
  });
});
