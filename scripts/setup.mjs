// Makes a fresh clone ready to run: system packages, npm packages, the native addon, the compiled library.
// Plain Node, no dependencies. Every step first looks whether there is anything to do, so running it again is cheap.
//   node scripts/setup.mjs [--tests]        --tests also builds the native tests
import { existsSync } from "node:fs";
import { ensureSystemPackages } from "./setup/system-packages.mjs";
import { ensureNodePackages } from "./setup/node-packages.mjs";
import { ensureNative } from "./setup/native.mjs";
import { ensureLibrary } from "./setup/library.mjs";
import { root, step, SetupError } from "./setup/step.mjs";

const tests = process.argv.includes("--tests");
const unknown = process.argv.slice(2).filter((a) => a !== "--tests");

try {
  if (unknown.length > 0) throw new SetupError(`unknown argument ${unknown[0]}; the only one is --tests`);
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    throw new SetupError(`Node ${process.versions.node} is too old: ndloom needs Node 20.19 or newer`);
  }
  if (!existsSync(`${root}/package-lock.json`)) throw new SetupError(`no package-lock.json in ${root}: not a full checkout`);
  await step("system packages", ensureSystemPackages);
  await step("npm packages", ensureNodePackages);
  await step(tests ? "native (+ tests)" : "native", (note) => ensureNative({ tests }, note));
  await step("library", ensureLibrary);
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(`\nsetup: ${error.message}`);
  process.exitCode = 1;
}
