/** What a Python literal can be: the header of a .npy file is one. */
export type Literal = string | bigint | number | boolean | null | Tuple | readonly Literal[] | ReadonlyMap<Literal, Literal>;

/** A tuple, told apart from a list. */
export class Tuple {
  constructor(readonly items: readonly Literal[]) {}
}

/** Says what is wrong with a literal, and where. */
export class LiteralError {
  constructor(readonly message: string) {}
}

/**
 * Reads a Python literal: strings, numbers, True, False, None, tuples, lists and dicts of them. Whole numbers may end in Python 2's L.
 * Nothing is ever evaluated.
 *
 * @returns the value, or a {@link LiteralError} that says what was expected.
 */
export function parseLiteral(text: string): Literal | LiteralError {
  try {
    return new Reader(text).whole();
  } catch (error) {
    if (error instanceof LiteralError) return error;
    throw error;
  }
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", "\\": "\\", "'": "'", '"': '"' };
/** Deeper literals are no header; reading them recurses. */
const DEEPEST = 64;

class Reader {
  #at = 0;
  constructor(readonly text: string) {}

  whole(): Literal {
    const value = this.#value(0);
    this.#space();
    if (this.#at < this.text.length) this.#fail("expected nothing more");
    return value;
  }

  #value(depth: number): Literal {
    if (depth > DEEPEST) this.#fail("nested too deeply");
    this.#space();
    const c = this.text[this.#at];
    switch (c) {
      case "{": return this.#dict(depth);
      case "[": return this.#items("[", "]", depth).items;
      case "(": {
        const { items, comma } = this.#items("(", ")", depth);
        return items.length === 1 && !comma ? items[0]! : new Tuple(items);
      }
      case "'": case '"': return this.#string();
    }
    const word = this.#match(/[A-Za-z_]+/y);
    if (word === "True" || word === "False") return word === "True";
    if (word === "None") return null;
    if (word !== undefined && /^[bBuU]$/.test(word) && /['"]/.test(this.text[this.#at] ?? "")) return this.#string();
    if (word !== undefined) this.#fail("expected a literal", word.length);
    const number = this.#match(/[+-]?(\d+\.?\d*([eE][+-]?\d+)?|\.\d+)/y);
    if (number === undefined) this.#fail("expected a literal");
    if (!/^[+-]?\d+$/.test(number)) return Number(number);
    this.#match(/[lL]/y);
    return BigInt(number.replace(/^\+/, ""));
  }

  #dict(depth: number): Literal {
    const entries = new Map<Literal, Literal>();
    this.#expect("{");
    while (!this.#accept("}")) {
      const key = this.#value(depth + 1);
      if (entries.has(key)) this.#fail(`the key ${String(key)} comes twice`);
      this.#expect(":");
      entries.set(key, this.#value(depth + 1));
      if (this.#accept(",")) continue;
      this.#expect("}");
      break;
    }
    return entries;
  }

  #items(open: string, close: string, depth: number): { items: Literal[]; comma: boolean } {
    const items: Literal[] = [];
    let comma = false;
    this.#expect(open);
    while (!this.#accept(close)) {
      items.push(this.#value(depth + 1));
      comma = this.#accept(",");
      if (comma) continue;
      this.#expect(close);
      break;
    }
    return { items, comma };
  }

  #string(): string {
    const quote = this.text[this.#at++]!;
    let out = "";
    for (;;) {
      const c = this.text[this.#at++];
      if (c === undefined || c === "\n") this.#fail(`expected ${quote} at the end of a string`);
      if (c === quote) return out;
      out += c === "\\" ? this.#escape() : c;
    }
  }
  #escape(): string {
    const code = this.#match(/x[\da-fA-F]{2}|u[\da-fA-F]{4}/y);
    if (code !== undefined) return String.fromCharCode(parseInt(code.slice(1), 16));
    const escape = ESCAPES[this.text[this.#at++] ?? ""];
    if (escape === undefined) this.#fail("expected an escape");
    return escape;
  }

  #space(): void {
    this.#match(/\s+/y);
  }
  #accept(c: string): boolean {
    this.#space();
    if (this.text[this.#at] !== c) return false;
    this.#at++;
    return true;
  }
  #expect(c: string): void {
    if (!this.#accept(c)) this.#fail(`expected ${c}`);
  }
  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.text)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }
  #fail(message: string, back = 0): never {
    const at = this.#at - back;
    const came = at >= this.text.length ? "the end" : JSON.stringify(this.text.slice(at, at + 12));
    throw new LiteralError(`${message}, got ${came} at character ${at}`);
  }
}
