import { importsOf, includesOf } from "./imports.js";
import type { SourceFile } from "./source-files.js";

/** The folders of lib/ in the order that docs/architecture.md gives: a file imports from its own folder or further left. */
export function libraryOrder(architecture: string): string[] {
  const line = /Imports point one way: `([^`]+)`/.exec(architecture)?.[1];
  if (line === undefined) throw new Error("docs/architecture.md no longer says `Imports point one way: ...`");
  return line.split(/→|,/).map((name) => name.trim());
}

const NATIVE_ORDER = ["generated", "core", "kernels", "runtime", "addon"];

/** Libraries that have one home each in native/. */
const NATIVE_HOMES: readonly { readonly header: RegExp; readonly home: string }[] = [
  { header: /^(napi\.h|node_api\.h|js_native_api\.h|uv\.h)$/, home: "addon" },
  { header: /^(oneapi\/)?tbb(\/|\.h$)/, home: "runtime" },
  { header: /^(xtensor|xtl|xsimd)\//, home: "kernels" },
  { header: /^(sleef|cblas|lapacke)\.h$|^openblas/, home: "kernels" },
  { header: /intrin\.h$/, home: "kernels" },
];

/** A built-in error, unless its message owns up to a bug of ours ("internal: ..."): users get the classes of lib/errors. */
const BARE_ERROR = /\bthrow\s+new\s+(Error|TypeError|RangeError|SyntaxError)\s*\((?!\s*["`]internal: )/;

/** Every way in which the files of lib/ break the house rules, as sentences. */
export function libraryFindings(files: readonly SourceFile[], order: readonly string[]): string[] {
  const rank = (path: string): number => order.indexOf(path.split("/")[1]!.replace(/^index\.ts$/, "index"));
  const paths = new Set(files.map((file) => file.path));
  const findings: string[] = [];
  for (const file of files) {
    const own = rank(file.path);
    if (own < 0) {
      findings.push(`${file.path}: its folder has no place in the order of docs/architecture.md`);
      continue;
    }
    for (const { target } of importsOf(file)) {
      if (!target.startsWith("lib/")) {
        if (target.includes("/") && /^(test|bench|scripts|native|dist|\.\.)\b/.test(target)) {
          findings.push(`${file.path} imports ${target}: lib/ stands on its own`);
        }
        continue;
      }
      if (!paths.has(target)) findings.push(`${file.path} imports ${target}, which is not there`);
      else if (rank(target) > own) findings.push(`${file.path} imports upwards: ${target}`);
    }
    const code = withoutComments(file.text);
    const folder = order[own];
    if (folder !== "config" && /\bprocess\s*\.\s*env\b/.test(code)) findings.push(`${file.path} reads process.env; only lib/config does`);
    if (folder !== "native" && /\bndloom\.node\b|\bbuild\/Release\b|process\s*\.\s*dlopen/.test(code)) findings.push(`${file.path} loads the addon; only lib/native does`);
    const bare = BARE_ERROR.exec(code);
    if (folder !== "errors" && bare) findings.push(`${file.path} throws a bare ${bare[1]}; use a class of lib/errors`);
  }
  return [...findings, ...cycles(files)];
}

/** Every way in which the files of native/ break the house rules. */
export function nativeFindings(files: readonly SourceFile[]): string[] {
  const rank = (path: string): number => NATIVE_ORDER.indexOf(path.split("/")[0]!);
  const findings: string[] = [];
  for (const file of files) {
    const inside = file.path.replace(/^native\//, "");
    const own = rank(inside);
    if (own < 0) {
      findings.push(`${file.path}: native/ has only ${NATIVE_ORDER.join(", ")}`);
      continue;
    }
    for (const include of includesOf(file)) {
      if (rank(include) > own) findings.push(`${file.path} includes upwards: ${include}`);
      for (const { header, home } of NATIVE_HOMES) {
        if (header.test(include) && NATIVE_ORDER[own] !== home) findings.push(`${file.path} includes ${include}; only native/${home} does`);
      }
    }
  }
  return findings;
}

/** Files whose name says nothing about what they hold. */
export function namelessFiles(paths: readonly string[]): string[] {
  return paths.filter((path) => /(^|\/)(utils?|helpers?|common|misc|shared)(\.[^/]*)?(\/|$)/i.test(path));
}

/** Import cycles between files, types aside: the order in which modules load must not matter. */
function cycles(files: readonly SourceFile[]): string[] {
  const edges = new Map(files.map((file) => [file.path, importsOf(file).filter((i) => !i.typeOnly).map((i) => i.target)]));
  const state = new Map<string, "open" | "done">();
  const trail: string[] = [];
  const found: string[] = [];
  const visit = (path: string): void => {
    if (state.get(path) === "open") found.push(`import cycle: ${[...trail.slice(trail.indexOf(path)), path].join(" → ")}`);
    if (state.has(path) || !edges.has(path)) return;
    state.set(path, "open");
    trail.push(path);
    edges.get(path)!.forEach(visit);
    trail.pop();
    state.set(path, "done");
  };
  files.forEach((file) => visit(file.path));
  return found;
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|[^:"'`])\/\/.*$/gm, "$1");
}
