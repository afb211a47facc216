// .npy files as NumPy writes them (test/fixtures/make_npy_files.py).
import { readFileSync } from "node:fs";
import { type DType, itemsize, kindOf, lanesOf } from "../../lib/core/dtype.js";
import { contiguousStrides, sizeOf } from "../../lib/core/shape.js";
import { type Elements, pick } from "./numpy-fixtures.js";

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

/** A .npy file of some elements, in either order of the axes and of the bytes. */
export function npyOf(x: Elements, { fortran = false, bigEndian = false } = {}): Buffer {
  const { shape, dtype } = x;
  const turned = fortran ? pick(x, fortranPositions(shape), shape) : x;
  const elements = Buffer.from(new Uint8Array(turned.data.buffer, turned.data.byteOffset, turned.data.byteLength));
  const width = itemsize(dtype) / lanesOf(dtype);
  if (bigEndian && width > 1) (width === 2 ? elements.swap16() : width === 4 ? elements.swap32() : elements.swap64());
  const kind = { bool: "b", int: "i", uint: "u", float: "f", complex: "c" }[kindOf(dtype)];
  const order = itemsize(dtype) === 1 ? "|" : bigEndian ? ">" : "<";
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  return npyBytes(`{'descr': '${order}${kind}${itemsize(dtype)}', 'fortran_order': ${fortran ? "True" : "False"}, 'shape': ${tuple}, }\n`, elements);
}

/** The C-order places of elements in Fortran order. */
function fortranPositions(shape: readonly number[]): number[] {
  const strides = contiguousStrides(shape);
  return Array.from({ length: sizeOf(shape) }, (_, flat) => {
    let rest = flat;
    return shape.reduce((at, n, axis) => {
      const i = rest % n;
      rest = Math.floor(rest / n);
      return at + i * strides[axis]!;
    }, 0);
  });
}
