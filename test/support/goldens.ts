// The golden cases of Dask 2026.8.0 and NumPy 2.4.6. `meta.encoding` in the file explains how values are written.
import { readFileSync } from "node:fs";
import type { ChunksSpec } from "../../lib/core/chunks.js";
import { type DType, dtypeOfCode } from "../../lib/core/dtype.js";

/** One case: what was called and what came out. */
export interface Golden {
  readonly op: string;
  readonly args: any;
  readonly expected: any;
  readonly note?: string;
}

const file = JSON.parse(readFileSync(new URL("../fixtures/dask-goldens.json", import.meta.url), "utf8")) as Record<string, Golden[]>;

/** All cases of a section. */
export function goldens(section: string): readonly Golden[] {
  const cases = file[section];
  if (!cases) throw new Error(`no section "${section}" among the golden cases`);
  return cases;
}

/** The Python error type of a case that must fail, or undefined. */
export const errorOf = (golden: Golden): string | undefined =>
  golden.expected !== null && typeof golden.expected === "object" ? golden.expected.error : undefined;

/** A number, which may be written as `{ f: "nan" }`, or null for an unknown length. */
export function decodeNumber(value: unknown): number {
  if (value === null) return NaN;
  if (typeof value === "number") return value;
  const text = (value as { f?: string }).f;
  if (text === "nan") return NaN;
  if (text === "inf") return Infinity;
  if (text === "-inf") return -Infinity;
  throw new Error(`no number: ${JSON.stringify(value)}`);
}

/** A list of numbers, which may be run-length encoded. */
export function decodeList(value: unknown): number[] {
  if (Array.isArray(value)) return value.map(decodeNumber);
  const runs = (value as { rle: [unknown, number][] }).rle;
  return runs.flatMap(([item, count]) => new Array<number>(count).fill(decodeNumber(item)));
}

/** The chunks of every axis. */
export const decodeChunks = (value: unknown): number[][] => (value as unknown[]).map(decodeList);

/** What a user may write as chunks. */
export function decodeChunksSpec(value: any): ChunksSpec {
  if (value !== null && typeof value === "object") {
    if (Array.isArray(value)) return value.map((item) => decodeChunksSpec(item)) as ChunksSpec;
    if ("rle" in value) return decodeList(value);
    if ("dict" in value) return Object.fromEntries(value.dict.map(([axis, spec]: [number, unknown]) => [axis, decodeChunksSpec(spec)]));
    if ("ndarray" in value) return value.ndarray;
    return decodeNumber(value);
  }
  return value;
}

/** The dtypes of a row of codes; null for "-". */
export const decodeCodes = (row: string): (DType | null)[] => [...row].map((code) => dtypeOfCode(code) ?? null);

/** A readable name for a case. */
export function titleOf(golden: Golden): string {
  const text = JSON.stringify(golden.args);
  return `${golden.op} ${text.length > 150 ? `${text.slice(0, 150)}…` : text}`;
}
