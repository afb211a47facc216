import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { filesUnder, read, root } from "./source-files.js";

const manifest = JSON.parse(read("package.json"));
const lock = JSON.parse(read("package-lock.json"));

describe("package.json", () => {
  test("pins every dependency to one version", () => {
    const ranges = { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies };
    expect(Object.entries(ranges).filter(([, range]) => !/^\d+\.\d+\.\d+$/.test(String(range)))).toEqual([]);
  });

  test("runs nothing at install", () => {
    const lifecycle = ["preinstall", "install", "postinstall", "prepare", "prepublish", "prepublishOnly", "prepack", "postpack"];
    expect(Object.keys(manifest.scripts).filter((name) => lifecycle.includes(name))).toEqual([]);
    expect(manifest.gypfile).toBeUndefined();
  });

  test("ships the library, the addon and its papers, and no sources, tests or benches", () => {
    expect(manifest.files).toEqual(expect.arrayContaining(["dist/lib", "README.md", "LICENSE", "CHANGELOG.md"]));
    expect(manifest.files.filter((f: string) => /^(lib|test|bench|scripts|native|examples|docs)\b|^\W*$/.test(f))).toEqual([]);
    for (const file of ["README.md", "LICENSE", "CHANGELOG.md"]) expect(existsSync(join(root, file)), file).toBe(true);
  });

  test("every script's file is there", () => {
    const commands = Object.values<string>(manifest.scripts).join(" ");
    const missing = [...commands.matchAll(/\b[\w./-]+\.(?:mjs|ts|json)\b/g)].map((m) => m[0]).filter((path) => !existsSync(join(root, path)));
    expect(missing).toEqual([]);
  });

  test("the types stand beside the module that `import` finds", () => {
    const entry = manifest.exports["."];
    expect(Object.keys(entry)[0]).toBe("types");
    expect(entry.types.replace(/\.d\.ts$/, ".js")).toBe(entry.default);
  });
});

describe("package-lock.json", () => {
  test("agrees with package.json and names no registry", () => {
    const { name, version, dependencies = {}, devDependencies } = lock.packages[""];
    expect({ name, version, dependencies, devDependencies }).toEqual({
      name: manifest.name,
      version: manifest.version,
      dependencies: manifest.dependencies ?? {},
      devDependencies: manifest.devDependencies,
    });
    expect(Object.entries<{ resolved?: string }>(lock.packages).filter(([, entry]) => entry.resolved !== undefined)).toEqual([]);
  });
});

test("no file names the machine it was written on", () => {
  const texts = ["lib", "native", "test", "bench", "scripts", "examples", "docs", ".ci"].flatMap((directory) => filesUnder(directory, ""));
  const own = /(^|[\s"'`(=:])\/(work|tmp|home|root|Users)\/\w/m;
  expect(texts.filter((f) => own.test(f.text) && !f.path.endsWith("package.test.ts")).map((f) => f.path)).toEqual([]);
});
