// The native tests of one build directory, by CTest.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { show } from "./show.mjs";

export function nativeTests(build, results, env = process.env) {
  const report = join(results, "native.xml");
  // each CTest test is a program of GoogleTest, whose last lines count its tests: keep the end of the output
  const keepEnd = ["--test-output-truncation", "head"];
  const { status } = show("ctest", ["--test-dir", build, "--output-junit", report, "--output-on-failure", "--no-tests=error", "--progress", ...keepEnd], env);
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
