// Cases that are not checked, each with its reason. They are told at the end of the run, so that none is forgotten.
import { afterAll } from "vitest";

const skips = new Map<string, unknown[]>();

/** Notes that a case of a golden section is not checked, and why. */
export function skipCase(section: string, args: unknown, why: string): void {
  const key = `${section}: ${why}`;
  skips.set(key, [...(skips.get(key) ?? []), args]);
}

/** Prints this test file's skips, by reason, when it ends. Call it once at the top of a file that may skip. */
export function reportSkips(): void {
  afterAll(() => {
    if (skips.size === 0) return;
    const lines = [...skips].map(([key, cases]) => `  ${key}\n    ${cases.length} cases: ${cases.map((one) => JSON.stringify(one)).join(" ")}`);
    console.log(`Golden cases not checked:\n${lines.join("\n")}`);
  });
}
