import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { table } from "../measure.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const COMMON = ["-std=c++20", "-Wall", "-Wextra", "-I", join(root, "native"), "-I", join(root, "bench/kernels")];

function compile(name: string, flags: readonly string[], libraries: readonly string[]): string {
  const output = join(root, ".cache/bench", name);
  mkdirSync(join(root, ".cache/bench"), { recursive: true });
  execFileSync("g++", [...COMMON, ...flags, join(root, `bench/kernels/${name}.cc`), "-o", output, ...libraries], { stdio: "inherit" });
  return output;
}

const rows = (output: string): string[][] => output.trim().split("\n").filter(Boolean).map((line) => line.split("\t"));

/** What the machine allows. */
export function limits(): void {
  const flags = ["-O3", "-march=native", "-mprefer-vector-width=512", "-fno-math-errno", "-fno-trapping-math", "-ffp-contract=fast"];
  const program = compile("limits", flags, ["-lsleef", "-lpthread"]);
  console.log(table([["limit", "value", "unit"], ...rows(execFileSync(program, { encoding: "utf8" }))]));
}

/** Every kernel of every library that this CPU can run, one column a library. */
export async function kernels(filter: string): Promise<void> {
  const program = compile("table", ["-O2"], ["-ldl"]);
  const { isas } = await import("./isas.js");
  const columns = isas().map((isa) => {
    const library = join(root, `build/Release/libndloom_kernels_${isa}.so`);
    if (!existsSync(library)) throw new Error(`no ${library}; run npm run setup`);
    return { isa, times: new Map(rows(execFileSync(program, [library, filter], { encoding: "utf8" })).map((row) => [row[0]!, row[1]!])) };
  });
  const names = [...columns[0]!.times.keys()];
  console.log(table([["kernel (ns an element)", ...columns.map((c) => c.isa)], ...names.map((n) => [n, ...columns.map((c) => c.times.get(n) ?? "")])]));
}
