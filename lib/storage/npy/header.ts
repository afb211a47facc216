import { type DType, DTYPES, itemsize, kindOf } from "../../core/dtype.js";
import { type Literal, LiteralError, parseLiteral, Tuple } from "./literal.js";

/** What the header of a .npy file says (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html). */
export interface NpyHeader {
  readonly dtype: DType;
  /** Most significant byte first. */
  readonly bigEndian: boolean;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
}

/** What is wrong with a header: "expected ..., got ...", and a way out. */
export class HeaderFault {
  constructor(readonly message: string, readonly hint?: string) {}
}

const MAGIC = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59); // \x93NUMPY
/** Bytes before the length of the header's text, and with the longest form of that length. */
const PREFIX = 8;
export const LONGEST_PREFIX = PREFIX + 4;
/** NumPy refuses longer headers; they take plain arrays some hundred bytes. */
const LONGEST_HEADER = 10_000;

/** Where the text of a header lies, told by the first bytes of a file. */
export interface HeaderPlace {
  readonly start: number;
  readonly length: number;
  readonly encoding: "latin1" | "utf8";
}

export function findHeader(bytes: Uint8Array): HeaderPlace | HeaderFault {
  if (!MAGIC.every((byte, i) => bytes[i] === byte)) {
    const zip = bytes[0] === 0x50 && bytes[1] === 0x4b;
    return new HeaderFault(`expected a .npy file, which starts with \\x93NUMPY, got ${show(bytes.subarray(0, MAGIC.length))}`, zip ? "It looks like an .npz archive; unpack it and open the .npy files in it" : undefined);
  }
  const [major, minor] = [bytes[6], bytes[7]];
  const known = minor === 0 && (major === 1 || major === 2 || major === 3);
  if (major !== undefined && minor !== undefined && !known) return new HeaderFault(`expected format version 1.0, 2.0 or 3.0, got ${major}.${minor}`);
  const width = major === 1 ? 2 : 4;
  if (bytes.length < PREFIX + width) return new HeaderFault(`expected a header, got the end of the file after ${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = width === 2 ? view.getUint16(PREFIX, true) : view.getUint32(PREFIX, true);
  if (length > LONGEST_HEADER) return new HeaderFault(`expected a header of at most ${LONGEST_HEADER} bytes, got ${length}`);
  return { start: PREFIX + width, length, encoding: major === 3 ? "utf8" : "latin1" };
}

const show = (bytes: Uint8Array): string =>
  bytes.length === 0 ? "an empty file" : [...bytes].map((b) => (b >= 0x20 && b < 0x7f ? String.fromCharCode(b) : `\\x${b.toString(16).padStart(2, "0")}`)).join("");

export function parseHeader(text: string): NpyHeader | HeaderFault {
  const literal = parseLiteral(text.trim());
  if (literal instanceof LiteralError) return new HeaderFault(`expected a dict literal as header: ${literal.message}`);
  if (!(literal instanceof Map)) return new HeaderFault("expected a dict literal as header, got another literal");
  const keys = [...literal.keys()].map(String).sort();
  if (keys.join() !== "descr,fortran_order,shape") return new HeaderFault(`expected the keys descr, fortran_order and shape, got ${keys.join(", ") || "none"}`);
  const type = typeOf(literal.get("descr")!);
  if (type instanceof HeaderFault) return type;
  const fortranOrder = literal.get("fortran_order");
  if (typeof fortranOrder !== "boolean") return new HeaderFault(`expected True or False as fortran_order, got ${describe(fortranOrder!)}`);
  const shape = shapeOf(literal.get("shape")!, itemsize(type.dtype));
  return shape instanceof HeaderFault ? shape : { ...type, fortranOrder, shape };
}

const KINDS = { bool: "b", int: "i", uint: "u", float: "f", complex: "c" } as const;
const numpyCode = (dtype: DType): string => `${KINDS[kindOf(dtype)]}${itemsize(dtype)}`;
const BY_CODE = new Map(DTYPES.map((dtype) => [numpyCode(dtype), dtype]));
/** What other letters of NumPy's stand for. */
const OTHERS: Readonly<Record<string, string>> = {
  S: "bytes", a: "bytes", U: "text", V: "raw bytes", M: "datetimes", m: "timedeltas", f: "floats of a width that is not portable", c: "complex numbers of a width that is not portable",
};

function typeOf(descr: Literal): { dtype: DType; bigEndian: boolean } | HeaderFault {
  const known = `one of ${DTYPES.join(", ")}`;
  if (typeof descr !== "string") {
    return Array.isArray(descr)
      ? new HeaderFault(`expected elements of ${known}, got a structured dtype`, "In NumPy, save one field at a time: np.save(path, x['field'])")
      : new HeaderFault(`expected elements of ${known}, got ${descr instanceof Tuple ? "a sub-array dtype" : describe(descr)}`);
  }
  const order = /^[<>=|]/.exec(descr)?.[0] ?? "";
  const code = descr.slice(order.length);
  if (code[0] === "O") return new HeaderFault(`expected elements of ${known}, got pickled Python objects`, "Pickles are never opened; in NumPy, convert with astype before you save");
  const dtype = BY_CODE.get(code);
  if (dtype === undefined) {
    const other = OTHERS[code[0] ?? ""];
    return new HeaderFault(`expected elements of ${known}, got descr ${JSON.stringify(descr)}${other === undefined ? "" : ` (${other})`}`);
  }
  return { dtype, bigEndian: order === ">" && itemsize(dtype) > 1 };
}

function shapeOf(shape: Literal, bytesEach: number): number[] | HeaderFault {
  if (!(shape instanceof Tuple)) return new HeaderFault(`expected a tuple as shape, got ${describe(shape)}`);
  const odd = shape.items.find((n) => typeof n !== "bigint" || n < 0n);
  if (odd !== undefined) return new HeaderFault(`expected whole numbers ≥ 0 in the shape, got ${describe(odd)}`);
  const lengths = shape.items as readonly bigint[];
  const bytes = lengths.reduce((a, b) => a * b, BigInt(bytesEach));
  const longest = lengths.reduce((a, b) => (a > b ? a : b), 0n);
  if (bytes > BigInt(Number.MAX_SAFE_INTEGER) || longest > BigInt(Number.MAX_SAFE_INTEGER)) {
    return new HeaderFault(`expected at most 2^53 bytes of elements, got the shape (${lengths.join(", ")})`);
  }
  return lengths.map(Number);
}

function describe(x: Literal): string {
  if (x instanceof Map) return "a dict";
  if (x instanceof Tuple) return "a tuple";
  if (Array.isArray(x)) return "a list";
  return typeof x === "string" ? JSON.stringify(x) : String(x);
}

/** NumPy leaves room for the first axis to grow to so many digits. */
const GROWTH_DIGITS = 21;
const ALIGNMENT = 64;

/** The bytes before the elements, as NumPy 2 writes them for a C-ordered array. */
export function formatHeader(dtype: DType, shape: readonly number[]): Uint8Array {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const growth = shape.length === 0 ? 0 : GROWTH_DIGITS - String(shape[0]).length;
  const dict = `{'descr': '${itemsize(dtype) === 1 ? "|" : "<"}${numpyCode(dtype)}', 'fortran_order': False, 'shape': ${tuple}, }${" ".repeat(growth)}`;
  const before = PREFIX + 2;
  // The text ends in a newline, where the elements' alignment wants it.
  const end = Math.ceil((before + dict.length + 1) / ALIGNMENT) * ALIGNMENT;
  const bytes = new Uint8Array(end).fill(0x20);
  bytes.set(MAGIC);
  bytes.set([1, 0, (end - before) & 0xff, (end - before) >> 8], MAGIC.length);
  bytes.set(new TextEncoder().encode(dict), before);
  bytes[end - 1] = 0x0a;
  return bytes;
}
