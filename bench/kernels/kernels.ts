import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { table } from "../measure.js";
import { isas } from "./isas.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const cache = join(root, ".cache/bench");
const COMMON = ["-std=c++20", "-Wall", "-Wextra", "-I", join(root, "native"), "-I", join(root, "bench/kernels"), "-I", join(cache, "include")];

function compile(name: string, flags: readonly string[], libraries: readonly string[], ending = ""): string {
  const output = join(cache, name + ending);
  mkdirSync(cache, { recursive: true });
  execFileSync("g++", [...COMMON, ...flags, join(root, `bench/kernels/${name}.cc`), "-o", output, ...libraries], { stdio: "inherit" });
  return output;
}

const rows = (output: string): string[][] => output.trim().split("\n").filter(Boolean).map((line) => line.split("\t"));

/** Something that the machine allows, by the name that limits.cc gives it. */
export interface Limit {
  readonly name: string;
  readonly value: number;
  /** `s`, or billions a second: `GB/s`, `G/s`, `GFLOP/s`. */
  readonly unit: string;
}

/** Measures what the machine allows; takes half a minute. */
export function measureLimits(): Limit[] {
  const multiarch = execFileSync("g++", ["-print-multiarch"], { encoding: "utf8" }).trim();
  const flags = ["-O3", "-march=native", "-mprefer-vector-width=512", "-fno-math-errno", "-fno-trapping-math", "-ffp-contract=fast", "-Wno-maybe-uninitialized"];
  const openblas = [`-L/usr/lib/${multiarch}/openblas-pthread`, `-Wl,-rpath,/usr/lib/${multiarch}/openblas-pthread`, "-lopenblas"];
  const program = compile("limits", [...flags, "-isystem", `/usr/include/${multiarch}/openblas-pthread`], ["-lsleef", ...openblas, "-lpthread"]);
  return rows(execFileSync(program, { encoding: "utf8" })).map(([name, value, unit]) => ({ name: name!, value: Number(value), unit: unit! }));
}

/** An addon that reads memory, for processes that compare themselves with it (read.cc). */
export function readingAddon(): string {
  const flags = ["-O3", "-march=native", "-mprefer-vector-width=512", "-shared", "-fPIC", "-I", join(root, "node_modules/node-api-headers/include")];
  return (addon ??= compile("read", flags, ["-lpthread"], ".node"));
}
let addon: string | undefined;

/** What the machine allows. */
export function limits(): void {
  console.log(table([["limit", "value", "unit"], ...measureLimits().map(({ name, value, unit }) => [name, value.toPrecision(4), unit])]));
}

/** Every kernel of every library that this CPU can run, one column a library. */
export function kernels(filter: string): void {
  writeEnumerators();
  const program = compile("table", ["-O2"], ["-ldl"]);
  const directory = join(root, "build/Release");
  const columns = isas(directory).map((isa) => {
    const output = execFileSync(program, [join(directory, `libndloom_kernels_${isa}.so`), filter], { encoding: "utf8" });
    return { isa, times: new Map(rows(output).map((row) => [row[0]!, row[1]!])) };
  });
  const names = [...columns[0]!.times.keys()];
  console.log(table([["kernel (ns an element)", ...columns.map((c) => c.isa)], ...names.map((n) => [n, ...columns.map((c) => c.times.get(n) ?? "")])]));
}

/** The names of the generators and reducers, which C++ cannot tell of its own enumerations. */
function writeEnumerators(): void {
  const header = readFileSync(join(root, "native/kernels/table.h"), "utf8").replace(/\/\/.*$/gm, "");
  const names = (enumeration: string): string => {
    const body = new RegExp(`enum class ${enumeration}\\b[^{]*\\{([^}]*)\\}`).exec(header)![1]!;
    const found = [...body.matchAll(/\bk(\w+)/g)].map((match) => match[1]!).filter((name) => name !== "Count");
    return `constexpr const char* k${enumeration}Names[] = {${found.map((name) => `"${name.toLowerCase()}"`).join(", ")}};\n`;
  };
  mkdirSync(join(cache, "include"), { recursive: true }); // its own: a program called "limits" beside it would be taken for <limits>
  writeFileSync(join(cache, "include", "enumerators.h"), `#pragma once\n${names("Generator")}${names("Reducer")}`);
}
