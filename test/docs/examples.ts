import { filesUnder, read, type SourceFile } from "../architecture/source-files.js";

/** A piece of TypeScript that the documentation shows. */
export interface Example {
  /** File and line, as an editor opens them. */
  readonly where: string;
  readonly code: string;
  readonly run: boolean;
}

/** The ```ts blocks of a Markdown page. One marked `ts no-run` is only type-checked. */
export function markdownExamples(page: SourceFile): Example[] {
  return [...page.text.matchAll(/^( *)```ts([^\n]*)\n([\s\S]*?)^\1```$/gm)].map((match) => ({
    where: `${page.path}:${lineOf(page.text, match.index) + 1}`,
    code: match[3]!,
    run: !/\bno-run\b/.test(match[2]!),
  }));
}

/** The ```ts blocks under `@example` in a source file's documentation comments. */
export function sourceExamples(file: SourceFile): Example[] {
  return [...file.text.matchAll(/\/\*\*[\s\S]*?\*\//g)].flatMap((comment) => {
    const text = comment[0].slice(3, -2).replace(/^[ \t]*\* ?/gm, "");
    const start = lineOf(file.text, comment.index);
    return [...text.matchAll(/^\s*@example[^\n]*\n([\s\S]*?)(?=^\s*@\w|(?![\s\S]))/gm)].flatMap((tag) => {
      const where = (offset: number): string => `${file.path}:${start + lineOf(text, tag.index + offset) - 1}`;
      const blocks = [...tag[1]!.matchAll(/^```ts([^\n]*)\n([\s\S]*?)^```$/gm)];
      if (blocks.length === 0) return [{ where: where(0), code: "throw new SyntaxError('this @example has no ```ts block');\n", run: true }];
      return blocks.map((block) => ({ where: where(tag[0].indexOf(block[0])), code: block[2]!, run: !/\bno-run\b/.test(block[1]!) }));
    });
  });
}

/** All that the project shows, in the order of its files. */
export function allExamples(): Example[] {
  const pages = [{ path: "README.md", text: read("README.md") }, ...filesUnder("docs", ".md")];
  return [...pages.flatMap(markdownExamples), ...filesUnder("lib", ".ts").flatMap(sourceExamples)];
}

/** What an example says it prints: the comment after each `console.log(...)`, with or without an arrow, in order. */
export function promised(code: string): string[] {
  return [...code.matchAll(/^\s*console\.log\(.*\);? *\/\/ *(?:→ *)?(.*)$/gm)].map((match) => match[1]!.trim());
}

/** The first promise that no call of console.log kept in its turn, or null. Calls that nothing was said of may stand between. */
export function brokenPromise(promises: readonly string[], printed: readonly string[]): string | null {
  const lines = printed.map(plain);
  let from = 0;
  for (const line of promises) {
    const at = lines.findIndex((found, i) => i >= from && keeps(plain(line), found));
    if (at < 0) return line;
    from = at + 1;
  }
  return null;
}

/** "about 10" is kept by a number within a hundredth; anything else by the same text. */
function keeps(promise: string, found: string): boolean {
  const about = /^about (-?[\d.]+)$/.exec(promise)?.[1];
  return about === undefined ? promise === found : Math.abs(Number(found) - Number(about)) <= 0.01 * Math.abs(Number(about));
}

/** One line, without the spaces that console.log puts inside brackets. */
function plain(text: string): string {
  return text.trim().replace(/\s+/g, " ").replace(/([[{]) /g, "$1").replace(/ ([\]}])/g, "$1");
}

/** An example as a module of its own. */
export function moduleOf(example: Example): string {
  const prelude = /from "ndloom"/.test(example.code) ? "" : 'import * as nd from "ndloom";\n';
  return `${prelude}${example.code}\nexport {};\n`;
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}
