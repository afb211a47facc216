// npm test: sets up, runs the native tests and then vitest, and ends with one line for machines: "N passed, N failed".
//   node scripts/test.mjs [vitest arguments]
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root } from "./setup/step.mjs";

const results = join(root, ".cache", "test");
const show = (command, args) => spawnSync(command, args, { cwd: root, stdio: "inherit" });

if (show(process.execPath, [join(root, "scripts/setup.mjs"), "--tests"]).status !== 0) {
  console.log("0 passed, 1 failed");
  process.exit(1);
}
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });
const total = [nativeTests(), vitest(process.argv.slice(2))].reduce((a, b) => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
}));
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;

function nativeTests() {
  const report = join(results, "native.xml");
  // each CTest test is a program of GoogleTest, whose last lines count its tests: keep the end of the output
  const keepEnd = ["--test-output-truncation", "head"];
  const { status } = show("ctest", ["--test-dir", "build", "--output-junit", report, "--output-on-failure", "--no-tests=error", "--progress", ...keepEnd]);
  let programs;
  try {
    programs = readFileSync(report, "utf8").match(/<testcase\b[\s\S]*?(?:<\/testcase>|\/>)/g) ?? [];
  } catch {
    return { passed: 0, failed: 1 };
  }
  let [passed, failed] = [0, 0];
  for (const program of programs) {
    const count = (word) => Number(new RegExp(`\\[  ${word}  \\] (\\d+) tests?\\b`).exec(program)?.[1] ?? 0);
    passed += count("PASSED");
    failed += count("FAILED") || (/<failure\b/.test(program) ? 1 : 0);
  }
  return { passed, failed: failed === 0 && status !== 0 ? 1 : failed };
}

function vitest(extra) {
  const report = join(results, "vitest.json");
  const args = ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`, ...extra];
  const { status } = show(process.execPath, [join(root, "node_modules/vitest/vitest.mjs"), ...args]);
  let summary;
  try {
    summary = JSON.parse(readFileSync(report, "utf8"));
  } catch {
    return { passed: 0, failed: 1 };
  }
  // A file that does not load has no failed test of its own, and an unhandled error belongs to none: both still fail.
  const brokenFiles = summary.testResults.filter((f) => f.status === "failed" && !f.assertionResults.some((t) => t.status === "failed"));
  const failed = summary.numFailedTests + brokenFiles.length;
  return { passed: summary.numPassedTests, failed: failed === 0 && status !== 0 ? 1 : failed };
}
