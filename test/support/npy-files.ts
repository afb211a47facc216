// .npy files as NumPy writes them (test/fixtures/make_npy_files.py).
import { readFileSync } from "node:fs";
import type { DType } from "../../lib/core/dtype.js";

export interface NpyFixture {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly fortran: boolean;
  /** The file. */
  readonly bytes: Buffer;
  /** The bytes of the elements, little-endian in C order. */
  readonly elements: Buffer;
}

interface Encoded extends Omit<NpyFixture, "bytes" | "elements"> {
  readonly file: string;
  readonly elements: string;
}

export const NPY_FIXTURES: readonly NpyFixture[] = (JSON.parse(readFileSync(new URL("../fixtures/npy-files.json", import.meta.url), "utf8")) as Encoded[])
  .map(({ file, elements, ...rest }) => ({ ...rest, bytes: Buffer.from(file, "base64"), elements: Buffer.from(elements, "base64") }));

/** A .npy file with any text as header. */
export function npyBytes(header: string, elements: Uint8Array = new Uint8Array(0), version: readonly [number, number] = [1, 0]): Buffer {
  const text = Buffer.from(header, version[0] === 3 ? "utf8" : "latin1");
  const length = Buffer.alloc(version[0] === 1 ? 2 : 4);
  if (version[0] === 1) length.writeUInt16LE(text.length);
  else length.writeUInt32LE(text.length);
  return Buffer.concat([Buffer.from("\x93NUMPY", "latin1"), Buffer.from(version), length, text, elements]);
}
