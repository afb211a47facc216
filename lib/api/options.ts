import { nearest, OptionError } from "../errors/index.js";

/**
 * Refuses options that a function does not take, which would change nothing without a word.
 *
 * @throws {OptionError} `ERR_OPTION`.
 */
export function checkOptions(operation: string, options: object, known: readonly string[]): void {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new OptionError(`${operation}: expected an object of options, got ${String(options)}`, { option: "options", received: options, hint: `it takes ${known.join(", ")}` });
  }
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    const guess = nearest(name, known);
    throw new OptionError(`${operation}: there is no option ${name}`, {
      option: name, received: (options as Record<string, unknown>)[name], hint: guess === undefined ? `it takes ${known.join(", ")}` : `Did you mean ${guess}?`,
    });
  }
}
