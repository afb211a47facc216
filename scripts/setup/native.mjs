// The addon and the kernel libraries, by CMake and Ninja into build/Release.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fingerprint, root, run } from "./step.mjs";

const stampPath = join(root, ".cache", "setup", "native.json");

export async function ensureNative({ tests }, note) {
  const sources = fingerprint(["CMakeLists.txt", "native"], process.arch, process.versions.modules);
  const testSources = tests ? fingerprint(["test/native"]) : "";
  const stamp = readStamp();
  const current = stamp.sources === sources && existsSync(join(root, "build", "Release", "ndloom.node"));
  if (current && (!tests || stamp.testSources === testSources)) return "up to date";

  dropForeignBuild();
  note(existsSync(join(root, "build", "build.ninja")) ? "compiling what changed" : "compiling (the first time takes minutes)");
  // Not `cmake-js compile`: it ignores changed options, and answers any error by deleting build/ and compiling all again.
  const cmakeJs = (command, ...options) =>
    run(`native-${command}`, process.execPath, [
      join(root, "node_modules/cmake-js/bin/cmake-js"), command, "--generator", "Ninja", "--config", "Release", ...options,
    ]);
  await cmakeJs("configure", ...(tests ? ["--CDNDLOOM_TESTS=ON"] : []));
  await cmakeJs("build");
  mkdirSync(join(root, ".cache", "setup"), { recursive: true });
  writeFileSync(stampPath, JSON.stringify({ sources, testSources: testSources || (current ? stamp.testSources : undefined) }));
  return "done";
}

function readStamp() {
  try {
    return JSON.parse(readFileSync(stampPath, "utf8"));
  } catch {
    return {};
  }
}

/** CMake refuses a cache made in another directory (a copied or moved checkout): start anew. */
function dropForeignBuild() {
  try {
    const cache = readFileSync(join(root, "build", "CMakeCache.txt"), "utf8");
    const home = /^CMAKE_HOME_DIRECTORY:INTERNAL=(.*)$/m.exec(cache)?.[1];
    if (home !== root) rmSync(join(root, "build"), { recursive: true });
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
  }
}
