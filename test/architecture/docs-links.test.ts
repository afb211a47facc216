import { existsSync } from "node:fs";
import { join, posix } from "node:path";
import { expect, test } from "vitest";
import { filesUnder, read, root, type SourceFile } from "./source-files.js";

const pages: SourceFile[] = [
  ...["README.md", "CHANGELOG.md", "CONTRIBUTING.md"].map((path) => ({ path, text: read(path) })),
  ...filesUnder("docs", ".md"),
];

test("every link between the project's pages leads somewhere", () => {
  expect(pages.flatMap(brokenLinks)).toEqual([]);
});

test("a link that leads nowhere is found", () => {
  const page = { path: "docs/a.md", text: "[x](nowhere.md) [y](architecture.md#no-such-heading) [z](architecture.md#the-house) `[w](code.md)`" };
  expect(brokenLinks(page)).toEqual(["docs/a.md: nowhere.md", "docs/a.md: architecture.md#no-such-heading"]);
});

test("every page of docs/ is reached from the README", () => {
  const reached = new Set<string>();
  const walk = (path: string): void => {
    if (reached.has(path) || !path.endsWith(".md")) return;
    reached.add(path);
    for (const link of linksOf(read(path))) walk(posix.join(posix.dirname(path), link.split("#")[0]!));
  };
  walk("README.md");
  expect(filesUnder("docs", ".md").map((f) => f.path).filter((path) => !reached.has(path))).toEqual([]);
});

function linksOf(text: string): string[] {
  const prose = text.replace(/```[\s\S]*?```/g, "").replace(/`[^`\n]*`/g, "");
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map((m) => m[1]!).filter((link) => !/^[a-z]+:/.test(link));
}

function brokenLinks(page: SourceFile): string[] {
  return linksOf(page.text)
    .filter((link) => {
      const [path, anchor] = link.split("#");
      const target = path === "" ? page.path : posix.join(posix.dirname(page.path), path!);
      if (!existsSync(join(root, target))) return true;
      return anchor !== undefined && target.endsWith(".md") && !anchorsOf(path === "" ? page.text : read(target)).has(anchor);
    })
    .map((link) => `${page.path}: ${link}`);
}

/** The anchors that a page's headings get. */
function anchorsOf(text: string): Set<string> {
  const prose = text.replace(/```[\s\S]*?```/g, "");
  return new Set([...prose.matchAll(/^#+ (.*)$/gm)].map((m) => m[1]!.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, "").trim().replace(/\s/g, "-")));
}
