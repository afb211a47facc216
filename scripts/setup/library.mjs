// lib/**.ts → dist/lib, by the TypeScript compiler.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fingerprint, root, run } from "./step.mjs";

const stampPath = join(root, "dist", "lib.stamp");

export async function ensureLibrary(note) {
  const compiler = JSON.parse(readFileSync(join(root, "node_modules/typescript/package.json"), "utf8")).version;
  const sources = fingerprint(["lib", "tsconfig.json", "tsconfig.build.json"], compiler);
  if (existsSync(stampPath) && readFileSync(stampPath, "utf8") === sources && existsSync(join(root, "dist/lib/index.js"))) {
    return "up to date";
  }
  note("compiling");
  dropOrphans("");
  await run("library", process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", "tsconfig.build.json"]);
  mkdirSync(join(root, "dist"), { recursive: true });
  writeFileSync(stampPath, sources);
  return "done";
}

/** Removes outputs whose source is gone: a stale module would still resolve. */
function dropOrphans(under) {
  const output = join(root, "dist/lib", under);
  if (!existsSync(output)) return;
  for (const entry of readdirSync(output, { withFileTypes: true })) {
    const path = join(under, entry.name);
    if (entry.isDirectory()) {
      if (existsSync(join(root, "lib", path))) dropOrphans(path);
      else rmSync(join(output, entry.name), { recursive: true });
    } else if (!existsSync(join(root, "lib", path.replace(/\.(d\.ts|js)(\.map)?$/, ".ts")))) {
      rmSync(join(output, entry.name));
    }
  }
}
