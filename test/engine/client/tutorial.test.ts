import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { root } from "../../architecture/source-files.js";

test("the tutorial's facts hold: it checks them itself and ends with code 0", async ({ signal }) => {
  const directory = await mkdtemp(join(tmpdir(), "ndloom-tutorial-"));
  try {
    const { stdout } = await promisify(execFile)(process.execPath, ["--import", "tsx", join(root, "examples/tutorial.ts"), directory], {
      cwd: root, env: { ...process.env, TSX_TSCONFIG_PATH: join(root, "tsconfig.json") }, signal,
    });
    const cells = [...stdout.matchAll(/^In \[(\d+)\]:/gm)].map((match) => Number(match[1]));
    expect(cells).toEqual(Array.from({ length: 22 }, (_, i) => i + 1));
    expect(stdout).toContain("All facts of the notebook hold.");
    for (const name of ["sum-graph", "mean-graph"]) {
      expect(await readFile(join(directory, `${name}.svg`), "utf8")).toMatch(/^<svg/);
      expect(await readFile(join(directory, `${name}.html`), "utf8")).toMatch(/^<!doctype html>/i);
    }
    const page = await readFile(join(directory, "tutorial.html"), "utf8");
    expect(page).toContain("1 chunks in 3 graph layers");
    expect(page).not.toMatch(/(src|href)="(https?:)?\/\/(?!127\.0\.0\.1)/);
  } finally {
    await rm(directory, { recursive: true });
  }
});
