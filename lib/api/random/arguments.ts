import { ChunkedArray } from "../../array/chunked-array.js";
import { NDArray } from "../../array/nd-array.js";
import { isScalar } from "../../core/scalar.js";
import { nearest, OptionError } from "../../errors/index.js";

/** A call's arguments: some by position, the rest in the options. */
export interface Arguments {
  readonly positional: readonly unknown[];
  readonly options: Readonly<Record<string, unknown>>;
}

const isOptions = (x: unknown): x is Record<string, unknown> =>
  typeof x === "object" && x !== null && !Array.isArray(x) && !ArrayBuffer.isView(x) && !(x instanceof ChunkedArray) && !(x instanceof NDArray) && !isScalar(x);

/**
 * Splits what was passed into values by position and options.
 *
 * @param names what may come by position, in order; it may stand in the options too
 * @throws {OptionError} `ERR_OPTION` for too many values, a name twice, or an option that there is not.
 */
export function readArguments(operation: string, args: readonly unknown[], names: readonly string[], known: readonly string[]): Arguments {
  const last = args[args.length - 1];
  const options = isOptions(last) ? last : {};
  const positional = isOptions(last) ? args.slice(0, -1) : args.slice();
  while (positional.length > 0 && positional[positional.length - 1] === undefined) positional.pop();
  if (positional.length > names.length) {
    const hint = names.includes("size") ? undefined : `size and other options go in an object: ${operation}(${[...names, "{ size }"].join(", ")})`;
    throw new OptionError(`${operation}: expected at most ${names.length} values before the options, got ${positional.length}`, {
      option: names[names.length - 1] ?? "options", received: positional, hint,
    });
  }
  const all = [...names, ...known];
  for (const key of Object.keys(options)) {
    if (!all.includes(key)) {
      const guess = nearest(key, all);
      throw new OptionError(`${operation}: there is no option ${key}`, {
        option: key, received: options[key], hint: guess === undefined ? `it takes ${all.join(", ")}` : `Did you mean ${guess}?`,
      });
    }
    const place = names.indexOf(key);
    if (place >= 0 && positional[place] !== undefined && options[key] !== undefined) {
      throw new OptionError(`${operation}: ${key} is given twice, by position and as an option`, { option: key, received: options[key] });
    }
  }
  return { positional: names.map((name, i) => positional[i] ?? options[name]), options };
}
