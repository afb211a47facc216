import { NdloomError } from "../errors/index.js";

// What a value is made of is written as 32-bit words, each kind with a tag and every list with its length, so that
// different values never write the same words; the words are hashed four at a time. Long lists of numbers, chunks above
// all, are written as runs. The mixing is that of MurmurHash3_x86_128 (Austin Appleby, public domain).
const enum Tag {
  Undefined = 1, Null, False, True, Int, Float, BigInt, String, List, Run, Digest, Object, Bytes,
}

/** Lists longer than this stand in their parent as a digest, so that the digest of a frozen one can be remembered. */
const LONG = 64;

/**
 * A token of 32 hexadecimal digits: the same for equal values, different (but for a chance of 2⁻¹²⁸) for others.
 *
 * Values are made of null, undefined, booleans, numbers, bigints, strings, typed arrays, lists and plain objects. 0 and −0 differ;
 * all NaN are one. Linear in the size of the value, except that a long frozen list is read once only.
 *
 * @throws {NdloomError} `ERR_INTERNAL` for anything else, a function for instance.
 */
export function tokenOf(value: unknown): string {
  const hash = new Hash();
  write(hash, value);
  return hash.finish().map((word) => word.toString(16).padStart(8, "0")).join("");
}

const digests = new WeakMap<readonly unknown[], readonly number[]>();

function write(hash: Hash, value: unknown): void {
  switch (typeof value) {
    case "number": return writeNumber(hash, value);
    case "string": return writeString(hash, value);
    case "boolean": return hash.word(value ? Tag.True : Tag.False);
    case "undefined": return hash.word(Tag.Undefined);
    case "bigint":
      hash.word(Tag.BigInt);
      return writeString(hash, value.toString(16));
    case "object":
      if (value === null) return hash.word(Tag.Null);
      if (Array.isArray(value)) return value.length > LONG ? writeDigest(hash, value) : writeList(hash, value);
      if (ArrayBuffer.isView(value)) return writeBytes(hash, value);
      if (isPlain(value)) return writeObject(hash, value);
  }
  throw new NdloomError(`token: expected plain data, got ${typeof value === "object" ? value!.constructor?.name : typeof value}`, {
    code: "ERR_INTERNAL",
  });
}

function writeNumber(hash: Hash, value: number): void {
  if ((value | 0) === value && !Object.is(value, -0)) {
    hash.word(Tag.Int);
    hash.word(value);
  } else {
    hash.word(Tag.Float);
    hash.float(Number.isNaN(value) ? NaN : value);
  }
}

function writeString(hash: Hash, value: string): void {
  hash.word(Tag.String);
  hash.word(value.length);
  for (let i = 0; i < value.length; i += 2) hash.word(value.charCodeAt(i) | (value.charCodeAt(i + 1) || 0) << 16);
}

function writeList(hash: Hash, list: readonly unknown[]): void {
  hash.word(Tag.List);
  hash.word(list.length);
  let i = 0;
  while (i < list.length) {
    const item = list[i];
    let end = i + 1;
    if (typeof item === "number") while (end < list.length && Object.is(list[end], item)) end++;
    if (end - i > 1) {
      hash.word(Tag.Run);
      hash.word(end - i);
    }
    write(hash, item);
    i = end;
  }
}

function writeDigest(hash: Hash, list: readonly unknown[]): void {
  let digest = digests.get(list);
  if (digest === undefined) {
    const own = new Hash();
    writeList(own, list);
    digest = own.finish();
    // Only what cannot change may be remembered; its items could, unless they are numbers.
    if (Object.isFrozen(list) && list.every((item) => typeof item === "number")) digests.set(list, digest);
  }
  hash.word(Tag.Digest);
  for (const word of digest) hash.word(word);
}

function writeObject(hash: Hash, value: object): void {
  const keys = Object.keys(value).sort();
  hash.word(Tag.Object);
  hash.word(keys.length);
  for (const key of keys) {
    writeString(hash, key);
    write(hash, (value as Record<string, unknown>)[key]);
  }
}

function writeBytes(hash: Hash, value: ArrayBufferView): void {
  const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  hash.word(Tag.Bytes);
  writeString(hash, (value as unknown as { [Symbol.toStringTag]: string })[Symbol.toStringTag]);
  hash.word(bytes.length % 2 ** 32);
  hash.word(Math.floor(bytes.length / 2 ** 32));
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
  const whole = bytes.length - (bytes.length % 4);
  for (let i = 0; i < whole; i += 4) hash.word(view.getInt32(i, true));
  let last = 0;
  for (let i = whole; i < bytes.length; i++) last |= bytes[i] << (8 * (i - whole));
  if (whole < bytes.length) hash.word(last);
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null;
}

const C1 = 0x239b961b, C2 = 0xab0e9789, C3 = 0x38b34ae5, C4 = 0xa1e38b93;
const rotate = (x: number, by: number): number => (x << by) | (x >>> (32 - by));
const avalanche = (x: number): number => {
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
};

const float = new Float64Array(1);
const halves = new Int32Array(float.buffer);

class Hash {
  #h1 = 0;
  #h2 = 0;
  #h3 = 0;
  #h4 = 0;
  #w1 = 0;
  #w2 = 0;
  #w3 = 0;
  #count = 0;

  float(value: number): void {
    float[0] = value;
    this.word(halves[0]!);
    this.word(halves[1]!);
  }

  word(value: number): void {
    switch (this.#count++ & 3) {
      case 0: this.#w1 = value; return;
      case 1: this.#w2 = value; return;
      case 2: this.#w3 = value; return;
      default: this.#block(value);
    }
  }

  #block(w4: number): void {
    this.#h1 ^= Math.imul(rotate(Math.imul(this.#w1, C1), 15), C2);
    this.#h1 = (Math.imul(rotate(this.#h1, 19) + this.#h2, 5) + 0x561ccd1b) | 0;
    this.#h2 ^= Math.imul(rotate(Math.imul(this.#w2, C2), 16), C3);
    this.#h2 = (Math.imul(rotate(this.#h2, 17) + this.#h3, 5) + 0x0bcaa747) | 0;
    this.#h3 ^= Math.imul(rotate(Math.imul(this.#w3, C3), 17), C4);
    this.#h3 = (Math.imul(rotate(this.#h3, 15) + this.#h4, 5) + 0x96cd1c35) | 0;
    this.#h4 ^= Math.imul(rotate(Math.imul(w4, C4), 18), C1);
    this.#h4 = (Math.imul(rotate(this.#h4, 13) + this.#h1, 5) + 0x32ac3b17) | 0;
  }

  finish(): readonly number[] {
    const length = this.#count;
    while (this.#count & 3) this.word(0);
    let [h1, h2, h3, h4] = [this.#h1 ^ length, this.#h2 ^ length, this.#h3 ^ length, this.#h4 ^ length];
    h1 = (h1 + h2 + h3 + h4) | 0;
    [h2, h3, h4] = [(h2 + h1) | 0, (h3 + h1) | 0, (h4 + h1) | 0];
    [h1, h2, h3, h4] = [avalanche(h1), avalanche(h2), avalanche(h3), avalanche(h4)];
    h1 = (h1 + h2 + h3 + h4) | 0;
    return [h1, h2 + h1, h3 + h1, h4 + h1].map((word) => word >>> 0);
  }
}
