import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inspect, isDeepStrictEqual } from "node:util";
import { ChunkedArray, Client, NDArray } from "ndloom";

/** Something shown differently in a terminal and in a page. */
export interface Shown {
  readonly text: string;
  readonly html: string;
}

const escape = (text: string): string => text.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]!);

/**
 * Prints the cells of a script as a notebook does, and collects them as a page. A cell is the code from a line `// In [n]` to the call of
 * `out`; it is read from the script itself, so what is shown is what has run.
 */
export class Notebook {
  readonly #script: string;
  readonly #html: string[] = [];
  #cell = "";

  constructor(scriptPath: string, private readonly title: string, readonly directory: string) {
    this.#script = readFileSync(scriptPath, "utf8");
    mkdirSync(directory, { recursive: true });
    console.log(`${title}\n${"=".repeat(title.length)}`);
  }

  section(heading: string): void {
    console.log(`\n## ${heading}`);
    this.#html.push(`<h2>${escape(heading)}</h2>`);
  }
  note(text: string): void {
    console.log(`\n${text}`);
    this.#html.push(`<p>${escape(text)}</p>`);
  }

  /** Shows a cell: its code, and what it gave. */
  out(cell: string | number, ...values: readonly unknown[]): void {
    this.#cell = `In [${cell}]`;
    const code = this.#code();
    console.log(`\n${`${this.#cell}: ${code}`.replaceAll("\n", `\n${" ".repeat(this.#cell.length)}  `)}`);
    this.#html.push(`<p class="prompt">${this.#cell}</p><pre class="code">${escape(code)}</pre>`);
    for (const { text, html } of values.map(shown)) {
      console.log(text.replace(/^/gm, "    "));
      this.#html.push(`<div class="out">${html}</div>`);
    }
  }
  #code(): string {
    const marker = `// ${this.#cell}`;
    const start = this.#script.indexOf(`${marker}\n`);
    const end = this.#script.indexOf("\nbook.out(", start);
    if (start < 0 || end < 0) throw new Error(`the script has no cell ${marker}`);
    // A cell that is only a value shows the value's code.
    return this.#script.slice(start + marker.length, end).trim() || /^book\.out\([^,]+, (.*)\);$/m.exec(this.#script.slice(end + 1))![1]!;
  }

  /** Ends the process with code 1 when the cell did not give what the notebook says. */
  check(fact: string, actual: unknown, expected: unknown): void {
    if (isDeepStrictEqual(actual, expected)) return;
    console.error(`\ntutorial: ${this.#cell}: ${fact}: expected ${inspect(expected)}, got ${inspect(actual)}`);
    process.exit(1);
  }

  /** Writes the page and says where it is. */
  save(name: string): string {
    const path = join(this.directory, name);
    writeFileSync(path, `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escape(this.title)}</title><style>${STYLE}</style></head>
<body><h1>${escape(this.title)}</h1>
${this.#html.join("\n")}
</body></html>
`);
    return path;
  }
}

function shown(value: unknown): Shown {
  if (value instanceof ChunkedArray) return { text: value.toTable(), html: value.toHTML() };
  if (value instanceof Client) return { text: inspect(value), html: value.toHTML() };
  if (typeof value === "object" && value !== null && "text" in value && "html" in value) return value as Shown;
  const text = typeof value === "string" ? value : literal(value);
  return { text, html: `<pre>${escape(text)}</pre>` };
}

/** Values as one would write them, the middle of long ones left out. */
function literal(value: unknown): string {
  if (value instanceof NDArray) return `NDArray ${literal(value.data)}`;
  if (value instanceof Float64Array) {
    const digits = (x: number): string => String(Number(x.toFixed(8)));
    const shownOf = (part: Float64Array): string => Array.from(part, digits).join(", ");
    return value.length <= 10 ? `[${shownOf(value)}]` : `[${shownOf(value.subarray(0, 3))}, ..., ${shownOf(value.subarray(-3))}]`;
  }
  return Array.isArray(value) ? `[${value.map(literal).join(", ")}]` : String(value);
}

const STYLE = `
:root{color-scheme:light dark}
body{max-width:60rem;margin:2rem auto;padding:0 1rem;font:16px/1.5 system-ui,sans-serif}
pre{overflow-x:auto;font:14px/1.45 ui-monospace,monospace;margin:.3rem 0}
pre.code{padding:.6rem .8rem;border-radius:.4rem;background:color-mix(in srgb,currentColor 8%,transparent)}
.prompt{margin:1.5rem 0 0;font:600 13px ui-monospace,monospace;opacity:.75}
.out{margin:.6rem 0 0;overflow-x:auto}
.out table{font-size:15px}
figure{margin:0}figure img{max-width:100%;background:#fff;border-radius:.4rem}
`;
