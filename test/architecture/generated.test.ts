import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { filesUnder, root } from "./source-files.js";

const generators = readdirSync(join(root, "scripts")).filter((name) => /^generate-.*\.(ts|mjs)$/.test(name));

test("every generated file names a generator that is there", () => {
  const generated = [...filesUnder("lib", ".ts"), ...filesUnder("native", ".inc", ".h", ".cc")].filter((file) => file.path.includes("/generated/"));
  expect(generated.length).toBeGreaterThan(0);
  const orphans = generated.filter(({ text }) => {
    const script = /scripts\/(generate-[\w-]+)/.exec(text)?.[1];
    return script === undefined || !generators.some((name) => name.startsWith(`${script}.`));
  });
  expect(orphans.map((file) => file.path)).toEqual([]);
});

// A generator called with --check writes nothing and fails where a file differs from what it would write.
test.each(generators)("what %s would write is what is committed", (name) => {
  const tsx = join(root, "node_modules/tsx/dist/cli.mjs");
  expect(existsSync(tsx)).toBe(true);
  const run = spawnSync(process.execPath, [tsx, join(root, "scripts", name), "--check"], { cwd: root, encoding: "utf8" });
  expect(run.status, run.stdout + run.stderr).toBe(0);
});
