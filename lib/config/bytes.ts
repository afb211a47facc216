import { OptionError } from "../errors/index.js";

/** A number of bytes as users may write it: `134217728`, `"128MiB"`, `"1.5 GB"`. */
export type Bytes = number | `${number}${"" | " "}${ByteUnit}`;
type ByteUnit = "B" | "k" | "M" | "G" | "T" | "P" | "kB" | "KB" | "MB" | "GB" | "TB" | "PB"
  | "ki" | "Mi" | "Gi" | "Ti" | "Pi" | "kiB" | "KiB" | "MiB" | "GiB" | "TiB" | "PiB";

const UNITS = new Map<string, number>([["", 1], ["b", 1]]);
["k", "m", "g", "t", "p"].forEach((letter, i) => {
  for (const name of [letter, `${letter}b`]) UNITS.set(name, 1000 ** (i + 1));
  for (const name of [`${letter}i`, `${letter}ib`]) UNITS.set(name, 1024 ** (i + 1));
});

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * Reads a number of bytes: `134217728`, `"128 MiB"`, `"1.5GB"`, `"64k"`; truncated to a whole number.
 *
 * Units are powers of 1000 (k, MB, …) or with an "i" of 1024 (Ki, MiB, …), in any case of letters. A unit alone is one of it.
 *
 * @throws {OptionError} `ERR_BYTES` when the text is no number with one of the units.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * console.log(nd.parseBytes("128 MiB")); // 134217728
 * ```
 * @see dask.utils.parse_bytes
 */
export function parseBytes(value: Bytes | (string & {}), operation = "parseBytes"): number {
  if (typeof value === "number") {
    if (Number.isFinite(value)) return Math.trunc(value);
    throw new OptionError(`${operation}: expected a number of bytes, got ${value}`, { code: "ERR_BYTES", option: "bytes", received: value });
  }
  const text = value.replaceAll(" ", "");
  const unitText = /[a-z]*$/i.exec(text)![0];
  const numberText = text.slice(0, text.length - unitText.length);
  const unit = UNITS.get(unitText.toLowerCase());
  const number = numberText === "" && unitText !== "" ? 1 : DECIMAL.test(numberText) ? Number(numberText) : NaN;
  if (unit === undefined || !Number.isFinite(number)) {
    const wrong = unit === undefined ? `"${unitText}" is no unit of bytes` : `"${numberText}" is no number`;
    throw new OptionError(`${operation}: expected a number of bytes such as "128MiB", got "${value}": ${wrong}`, {
      code: "ERR_BYTES", option: "bytes", received: value,
      hint: unit === undefined ? "use B, kB, MB, GB, TB, PB, KiB, MiB, GiB, TiB or PiB" : undefined,
    });
  }
  return Math.trunc(number * unit);
}

const SCALES = [["PiB", 2 ** 50], ["TiB", 2 ** 40], ["GiB", 2 ** 30], ["MiB", 2 ** 20], ["kiB", 2 ** 10]] as const;

/**
 * Writes a number of bytes as people read it: `30.52 MiB`, `921 B`.
 *
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * console.log(nd.formatBytes(32_000_000)); // 30.52 MiB
 * ```
 * @see dask.utils.format_bytes
 */
export function formatBytes(bytes: number): string {
  for (const [unit, scale] of SCALES) {
    if (bytes >= scale * 0.9) return `${twoDecimals(bytes / scale)} ${unit}`;
  }
  return `${bytes} B`;
}

// Python rounds the exact binary value and breaks ties to even (15.625 → 15.62); toFixed breaks them upwards. A tie at
// two decimals is an odd number of eighths of a hundredth, so it ends in .125, .375, .625 or .875 exactly.
function twoDecimals(value: number): string {
  const eighths = value * 8;
  if (value >= 2 ** 40 || !Number.isInteger(eighths) || eighths % 2 === 0) return value.toFixed(2);
  const below = Math.floor(value * 100);
  return ((below % 2 === 0 ? below : below + 1) / 100).toFixed(2);
}
