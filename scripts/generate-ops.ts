// Writes the native tables of element-wise operations from their declarations in lib/api/ufuncs.
// `--check` writes nothing and fails when a file differs.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import "../lib/index.js";
import { nativeDeclarations } from "../lib/api/ufuncs/native.js";

const HEADER = "// Generated from the op declarations in lib/api/ufuncs; see scripts/generate-ops. Do not edit.";

/** The generated files by their paths in the project. */
export function generate(): Record<string, string> {
  const declarations = nativeDeclarations();
  return {
    "native/generated/ops.inc": [
      HEADER,
      "// NDL_OP(name, number of inputs, number of outputs, loop dtypes)",
      ...declarations.map(({ name, nin, nout, loops }) => `NDL_OP(${name}, ${nin}, ${nout}, ${loops})`),
      "",
    ].join("\n"),
    "lib/expr/generated/native-ops.ts": [
      HEADER,
      'import type { Loops } from "../loops.js";',
      "",
      "/** The native element-wise operations, in the order of `enum class Op`. */",
      "export const NATIVE_OPS = [",
      ...declarations.map(({ name }) => `  "${name}",`),
      "] as const;",
      "export type NativeOp = (typeof NATIVE_OPS)[number];",
      "",
      "/** How many inputs and outputs each has, and the dtypes of its loops. */",
      "export const NATIVE_SIGNATURES: Readonly<Record<NativeOp, readonly [inputs: number, outputs: number, loops: Loops]>> = {",
      ...declarations.map(({ name, nin, nout, loops }) => `  ${name}: [${nin}, ${nout}, "${loops}"],`),
      "};",
      "",
    ].join("\n"),
  };
}

const path = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url));

/** The generated files whose text is not what the declarations say. */
export const outdated = (): string[] => Object.entries(generate()).filter(([name, text]) => readFileSync(path(name), "utf8") !== text).map(([name]) => name);

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const names = outdated();
  if (process.argv.includes("--check")) {
    if (names.length > 0) console.error(`not up to date: ${names.join(", ")}; run npm run generate`);
    process.exitCode = names.length > 0 ? 1 : 0;
  } else {
    for (const name of names) writeFileSync(path(name), generate()[name]!);
    console.log(names.length > 0 ? `wrote ${names.join(", ")}` : "up to date");
  }
}
