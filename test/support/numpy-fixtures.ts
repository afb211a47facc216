// Reads test/fixtures/numpy/*.bin.gz, which scripts/fixtures/container.py writes.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { type DType, lanesOf, type TypedArray, viewAs } from "../../lib/core/dtype.js";

/** Elements as they lie in memory. */
export interface Elements {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly data: TypedArray;
}

/** NumPy's results by key, and facts beside them. */
export interface Fixture {
  readonly numpy: string;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly keys: readonly string[];
  has(key: string): boolean;
  get(key: string): Elements;
}

interface Index {
  numpy: string;
  arrays: Record<string, [DType, number[], number]>;
  facts: Record<string, unknown>;
}

export function readFixture(name: string): Fixture {
  const raw = gunzipSync(readFileSync(new URL(`../fixtures/numpy/${name}.bin.gz`, import.meta.url)));
  const bytes = raw.buffer.slice(raw.byteOffset, raw.byteOffset + raw.byteLength) as ArrayBuffer;
  const headBytes = Number(new DataView(bytes).getBigUint64(0, true));
  const index = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 8, headBytes))) as Index;
  return {
    numpy: index.numpy,
    facts: index.facts,
    keys: Object.keys(index.arrays),
    has: (key) => key in index.arrays,
    get(key) {
      const found = index.arrays[key];
      if (found === undefined) throw new Error(`no fixture ${name}:${key}; run scripts/fixtures`);
      const [dtype, shape, offset] = found;
      return { dtype, shape, data: viewAs(dtype, bytes, 8 + headBytes + offset, shape.reduce((a, b) => a * b, 1)) };
    },
  };
}

/** The elements of `x` at positions, in another shape. */
export function pick(x: Elements, positions: ArrayLike<number>, shape: readonly number[]): Elements {
  const lanes = lanesOf(x.dtype);
  const data = new (x.data.constructor as new (n: number) => TypedArray)(positions.length * lanes);
  for (let i = 0; i < positions.length; i++) {
    for (let lane = 0; lane < lanes; lane++) data[i * lanes + lane] = x.data[positions[i]! * lanes + lane]!;
  }
  return { dtype: x.dtype, shape, data };
}
