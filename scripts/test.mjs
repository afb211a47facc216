// npm test: sets up, runs the native tests and then vitest, and ends with one line for machines: "N passed, N failed".
//   node scripts/test.mjs [vitest arguments]
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root } from "./setup/step.mjs";
import { nativeTests } from "./test/native-tests.mjs";
import { conclude } from "./test/outcome.mjs";
import { show } from "./test/show.mjs";
import { vitest } from "./test/vitest.mjs";

const results = join(root, ".cache", "test");

if (show(process.execPath, [join(root, "scripts/setup.mjs"), "--tests"]).status !== 0) {
  conclude({ passed: 0, failed: 1 });
} else {
  rmSync(results, { recursive: true, force: true });
  mkdirSync(results, { recursive: true });
  conclude(nativeTests("build", results), vitest(process.argv.slice(2), results));
}
