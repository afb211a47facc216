/** The part of Python's expression grammar that the golden cases are written in, as a tree. */
export type Py =
  | { kind: "int"; value: bigint }
  | { kind: "float"; value: number }
  | { kind: "imaginary"; value: number }
  | { kind: "string"; value: string }
  | { kind: "name"; name: string }
  | { kind: "list" | "tuple"; items: Py[] }
  | { kind: "dict"; entries: [Py, Py][] }
  | { kind: "unary"; op: string; value: Py }
  | { kind: "binary"; op: string; left: Py; right: Py }
  | { kind: "attribute"; value: Py; name: string }
  | { kind: "call"; callee: Py; positional: Py[]; keywords: [string, Py][] }
  | { kind: "subscript"; value: Py; index: Py[] }
  | { kind: "slice"; start?: Py; stop?: Py; step?: Py }
  | { kind: "if"; condition: Py; then: Py; otherwise: Py }
  | { kind: "lambda"; parameters: string[]; body: Py }
  | { kind: "comprehension"; text: string };

const TOKEN = /\s*(?:((?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?j?)|([A-Za-z_]\w*)|('[^']*'|"[^"]*")|(\*\*|\/\/|<<|>>|<=|>=|==|!=|\.\.\.|[-+*\/%@&|^~<>()[\]{},:=.]))/y;

/** Binary operators, loosest first. */
const LEVELS: readonly (readonly string[])[] = [
  ["or"], ["and"], ["<", "<=", ">", ">=", "==", "!="], ["|"], ["^"], ["&"], ["<<", ">>"], ["+", "-"], ["*", "/", "//", "%", "@"],
];

/** Reads one expression. Throws a SyntaxError at what it does not know. */
export function parsePython(text: string): Py {
  const tokens = tokenize(text);
  let at = 0;
  const peek = (): string => tokens[at] ?? "";
  const accept = (token: string): boolean => (peek() === token ? (at++, true) : false);
  const expect = (token: string): void => {
    if (!accept(token)) throw new SyntaxError(`expected ${token} at ${tokens.slice(at, at + 5).join(" ")} in ${text}`);
  };

  function expression(): Py {
    if (accept("lambda")) {
      const parameters: string[] = [];
      while (!accept(":")) {
        parameters.push(tokens[at++]!);
        if (accept("=")) expression();
        accept(",");
      }
      return { kind: "lambda", parameters, body: expression() };
    }
    const value = binary(0);
    if (!accept("if")) return value;
    const condition = binary(0);
    expect("else");
    return { kind: "if", condition, then: value, otherwise: expression() };
  }

  function binary(level: number): Py {
    if (level === LEVELS.length) return unary();
    let left = binary(level + 1);
    while (LEVELS[level]!.includes(peek())) left = { kind: "binary", op: tokens[at++]!, left, right: binary(level + 1) };
    return left;
  }

  function unary(): Py {
    for (const op of ["-", "+", "~"]) if (accept(op)) return { kind: "unary", op, value: unary() };
    const base = postfix(atom());
    return accept("**") ? { kind: "binary", op: "**", left: base, right: unary() } : base;
  }

  function postfix(value: Py): Py {
    for (;;) {
      if (accept(".")) value = { kind: "attribute", value, name: tokens[at++]! };
      else if (accept("(")) value = call(value);
      else if (accept("[")) value = { kind: "subscript", value, index: list("]", subscript) };
      else return value;
    }
  }

  function call(callee: Py): Py {
    const positional: Py[] = [];
    const keywords: [string, Py][] = [];
    while (!accept(")")) {
      if (tokens[at + 1] === "=") {
        const name = tokens[at]!;
        at += 2;
        keywords.push([name, expression()]);
      } else positional.push(expression());
      if (!accept(",") && peek() !== ")") expect(")");
    }
    return { kind: "call", callee, positional, keywords };
  }

  function subscript(): Py {
    const part = (): Py | undefined => (peek() === ":" || peek() === "," || peek() === "]" ? undefined : expression());
    const start = part();
    if (!accept(":")) return start!;
    const stop = part();
    return { kind: "slice", start, stop, step: accept(":") ? part() : undefined };
  }

  function list(end: string, item: () => Py): Py[] {
    const items: Py[] = [];
    while (!accept(end)) {
      items.push(item());
      if (!accept(",") && peek() !== end) expect(end);
    }
    return items;
  }

  function atom(): Py {
    const token = tokens[at++];
    if (token === undefined) throw new SyntaxError(`unexpected end of ${text}`);
    if (token === "(") {
      if (accept(")")) return { kind: "tuple", items: [] };
      const first = expression();
      if (accept(")")) return first;
      expect(",");
      return { kind: "tuple", items: [first, ...list(")", expression)] };
    }
    if (token === "[") {
      const items: Py[] = [];
      while (!accept("]")) {
        items.push(expression());
        if (accept("for")) {
          while (at < tokens.length && !accept("]")) expressionToken();
          return { kind: "comprehension", text };
        }
        if (!accept(",") && peek() !== "]") expect("]");
      }
      return { kind: "list", items };
    }
    if (token === "{") {
      const entries: [Py, Py][] = [];
      while (!accept("}")) {
        const key = expression();
        expect(":");
        entries.push([key, expression()]);
        if (!accept(",") && peek() !== "}") expect("}");
      }
      return { kind: "dict", entries };
    }
    if (token === "...") return { kind: "name", name: "Ellipsis" };
    if (/^['"]/.test(token)) return { kind: "string", value: token.slice(1, -1) };
    if (/^[\d.]/.test(token)) return number(token);
    if (/^[A-Za-z_]/.test(token)) return { kind: "name", name: token };
    throw new SyntaxError(`unexpected ${token} in ${text}`);
  }

  // Inside a comprehension brackets nest; what they hold does not matter.
  function expressionToken(): void {
    const token = tokens[at++];
    if (token === "(" || token === "[") {
      const end = token === "(" ? ")" : "]";
      while (at < tokens.length && !accept(end)) expressionToken();
    }
  }

  const result = expression();
  if (at < tokens.length) throw new SyntaxError(`unexpected ${tokens.slice(at).join(" ")} in ${text}`);
  return result;
}

function number(token: string): Py {
  const digits = token.replaceAll("_", "");
  if (digits.endsWith("j")) return { kind: "imaginary", value: Number(digits.slice(0, -1)) };
  return /^\d+$/.test(digits) ? { kind: "int", value: BigInt(digits) } : { kind: "float", value: Number(digits) };
}

function tokenize(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match) {
      if (text.slice(at).trim() === "") break;
      throw new SyntaxError(`cannot read ${text.slice(at, at + 20)} in ${text}`);
    }
    tokens.push(match[0].trim());
  }
  return tokens;
}
