// Tests by vitest, counted.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../setup/step.mjs";
import { show } from "./show.mjs";

export function vitest(extra, results, env = process.env) {
  const report = join(results, "vitest.json");
  const args = ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`, ...extra];
  const { status } = show(process.execPath, [join(root, "node_modules/vitest/vitest.mjs"), ...args], env);
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
