import { describe, expect, test } from "vitest";
import { findHeader, formatHeader, HeaderFault, type HeaderPlace, type NpyHeader, parseHeader } from "../../../lib/storage/npy/header.js";
import { LiteralError, parseLiteral, Tuple } from "../../../lib/storage/npy/literal.js";
import { NPY_FIXTURES } from "../../support/npy-files.js";

const read = (bytes: Buffer): NpyHeader => {
  const { start, length, encoding } = findHeader(bytes) as HeaderPlace;
  return parseHeader(bytes.subarray(start, start + length).toString(encoding)) as NpyHeader;
};
const faultOf = (header: string): string => {
  const found = parseHeader(header);
  return found instanceof HeaderFault ? `${found.message}; ${found.hint ?? ""}` : `read: ${JSON.stringify(found)}`;
};

describe("headers of NumPy's", () => {
  test.each(NPY_FIXTURES.map((f) => [f.name, f] as const))("%s", (_, { dtype, shape, fortran, bytes, name }) => {
    expect(read(bytes)).toEqual({ dtype, shape, fortranOrder: fortran, bigEndian: (name.includes(">") || name.includes("big-endian")) && !/^(bool|u?int8)/.test(dtype) });
  });

  test.each(NPY_FIXTURES.filter((f) => !f.fortran && !f.name.includes(">") && !/big|version-[23]/.test(f.name)).map((f) => [f.name, f] as const))(
    "what is written for %s is what NumPy writes", (_, { dtype, shape, bytes, elements }) => {
      expect(Buffer.from(formatHeader(dtype, shape)).toString("latin1")).toBe(bytes.subarray(0, bytes.length - elements.length).toString("latin1"));
    });

  test("as Python 2 wrote them, and in other orders", () => {
    expect(parseHeader("{'shape': (3L, 4L), 'fortran_order': False, 'descr': '<f8'}")).toEqual({ dtype: "float64", bigEndian: false, fortranOrder: false, shape: [3, 4] });
    expect(parseHeader('{"descr":"=i4","fortran_order":True,"shape":(5,)}\n')).toEqual({ dtype: "int32", bigEndian: false, fortranOrder: true, shape: [5] });
  });
});

const header = (descr: string, shape = "(3,)", fortran = "False"): string => `{'descr': ${descr}, 'fortran_order': ${fortran}, 'shape': ${shape}, }`;

describe("headers that are refused", () => {
  test.each([
    ["pickled objects", header("'|O'"), "got pickled Python objects; Pickles are never opened"],
    ["text", header("'<U5'"), `got descr "<U5" (text)`],
    ["bytes", header("'|S5'"), "(bytes)"],
    ["dates", header("'<M8[ns]'"), "(datetimes)"],
    ["spans of time", header("'<m8[s]'"), "(timedeltas)"],
    ["raw bytes", header("'|V16'"), "(raw bytes)"],
    ["long doubles", header("'<f16'"), "not portable"],
    ["records", header("[('a', '<f8'), ('b', '<i4', (2,))]"), "got a structured dtype"],
    ["sub-arrays", header("('<f8', (2,))"), "got a sub-array dtype"],
    ["a dtype that is no text", header("8"), "got 8"],
    ["an unknown dtype", header("'<q8'"), `got descr "<q8"`],
    ["a width that there is not", header("'<i3'"), `got descr "<i3"`],
    ["an empty dtype", header("''"), `got descr ""`],
    ["a shape that is a list", header("'<f8'", "[3]"), "expected a tuple as shape, got a list"],
    ["a shape that is a number", header("'<f8'", "(3)"), "expected a tuple as shape, got 3"],
    ["a length below 0", header("'<f8'", "(-1,)"), "expected whole numbers ≥ 0 in the shape, got -1"],
    ["a length with a fraction", header("'<f8'", "(1.5,)"), "got 1.5"],
    ["a length that is True", header("'<f8'", "(True,)"), "got true"],
    ["a length that is text", header("'<f8'", "('3',)"), `got "3"`],
    ["a length too long", header("'<f8'", "(9007199254740993,)"), "expected at most 2^53 bytes of elements, got the shape (9007199254740993)"],
    ["many lengths too long", header("'|u1'", "(4294967296, 4294967296)"), "expected at most 2^53 bytes"],
    ["an axis too long beside an empty one", header("'|u1'", "(0, 99999999999999999999)"), "expected at most 2^53 bytes"],
    ["an order that is no bool", header("'<f8'", "(3,)", "0"), "expected True or False as fortran_order, got 0"],
    ["no shape", "{'descr': '<f8', 'fortran_order': False}", "expected the keys descr, fortran_order and shape, got descr, fortran_order"],
    ["a key more", "{'descr': '<f8', 'fortran_order': False, 'shape': (), 'x': 1}", "got descr, fortran_order, shape, x"],
    ["a key twice", "{'descr': '<f8', 'descr': '<f4', 'fortran_order': False, 'shape': ()}", "the key descr comes twice"],
    ["no dict", "('<f8', False, (3,))", "got another literal"],
    ["nothing", "", `expected a literal, got the end`],
    ["a call", "__import__('os')", `expected a literal, got "__import__('"`],
    ["an end too early", "{'descr': '<f8', 'fortran_order'", "expected :, got the end"],
    ["text without an end", "{'descr", "expected ' at the end of a string, got the end"],
    ["more after the dict", `${header("'<f8'")} + 1`, "expected nothing more"],
    ["a nest", "(".repeat(100), "nested too deeply"],
  ])("%s", (_, text, message) => {
    expect(faultOf(text)).toContain(message);
  });

  test.each<[string, number[] | string, string]>([
    ["an empty file", "", "got an empty file"],
    ["another file", "%PDF-1.7\n%", "expected a .npy file, which starts with \\x93NUMPY, got %PDF-1"],
    ["an archive", "PK\x03\x04abcd", "got PK\\x03\\x04ab"],
    ["half a magic", "\x93NUM", "got \\x93NUM"],
    ["a version of the future", "\x93NUMPY\x04\x00\x10\x00\x00\x00", "got 4.0"],
    ["a minor version of the future", "\x93NUMPY\x01\x01\x10\x00", "got 1.1"],
    ["no version", "\x93NUMPY", "got the end of the file after 6 bytes"],
    ["no length", "\x93NUMPY\x02\x00\x10\x00", "got the end of the file after 10 bytes"],
    ["a header too long", "\x93NUMPY\x02\x00\xff\xff\xff\x7f", "expected a header of at most 10000 bytes, got 2147483647"],
  ])("%s", (_, bytes, message) => {
    const found = findHeader(Buffer.from(bytes as string, "latin1"));
    expect(found).toBeInstanceOf(HeaderFault);
    expect((found as HeaderFault).message).toContain(message);
  });
});

describe("literals", () => {
  test.each<[string, unknown]>([
    ["'a\\'b\\n\\x41\\u00e9'", "a'b\nAé"], ["b'x'", "x"], ['u"x"', "x"], ["-12", -12n], ["+3", 3n], ["1e3", 1000], [".5", 0.5], ["None", null],
    ["[1, 2,]", [1n, 2n]], ["()", new Tuple([])], ["(1,)", new Tuple([1n])], ["(1)", 1n], ["{}", new Map()], [" { 'a' : ( 1 , ) } ", new Map([["a", new Tuple([1n])]])],
  ])("%s", (text, value) => {
    expect(parseLiteral(text)).toEqual(value);
  });

  test.each(["1 2", "(1,, 2)", "[1", "{'a' 1}", "{1: 2,, }", "'a", "'\\q'", "--1", "nan", "1 + 2", "True1"])("%s is none", (text) => {
    expect(parseLiteral(text)).toBeInstanceOf(LiteralError);
  });
});
