import { posix } from "node:path";
import ts from "typescript";
import type { SourceFile } from "./source-files.js";

export interface Import {
  /** A path from the root for a relative import, else the bare name. */
  readonly target: string;
  readonly typeOnly: boolean;
}

/** What a TypeScript file imports, re-exports or loads with `import()`. */
export function importsOf(file: SourceFile): Import[] {
  const found: Import[] = [];
  const add = (specifier: ts.Node | undefined, typeOnly: boolean): void => {
    if (specifier === undefined || !ts.isStringLiteralLike(specifier)) return;
    const target = specifier.text.startsWith(".")
      ? posix.join(posix.dirname(file.path), specifier.text).replace(/\.js$/, ".ts")
      : specifier.text;
    found.push({ target, typeOnly });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      const clause = node.importClause;
      const named = clause?.namedBindings;
      const onlyTypes =
        clause?.isTypeOnly ||
        (clause !== undefined && !clause.name && named !== undefined && ts.isNamedImports(named) &&
          named.elements.length > 0 && named.elements.every((element) => element.isTypeOnly));
      add(node.moduleSpecifier, onlyTypes === true);
    } else if (ts.isExportDeclaration(node)) {
      add(node.moduleSpecifier, node.isTypeOnly);
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node.arguments[0], false);
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      add(node.argument.literal, true);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file.path, file.text, ts.ScriptTarget.ES2022));
  return found;
}

/** What a C++ file includes, as written. */
export function includesOf(file: SourceFile): string[] {
  return [...file.text.matchAll(/^\s*#\s*include\s*[<"]([^>"]+)[>"]/gm)].map((match) => match[1]!);
}
