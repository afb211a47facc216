// Compares an array with what a golden case expects: shape, chunks, dtype, the graph's layers and tasks, and values where it can compute.
import { expect } from "vitest";
import { AxisError, ChunkError, DTypeError, IndexError, isNdloomError, OptionError, ShapeError, UnsupportedError } from "../../lib/errors/index.js";
import { type AnyArray, ChunkedArray } from "../../lib/array/chunked-array.js";
import { NDArray } from "../../lib/array/nd-array.js";
import { factsOf } from "../../lib/display/facts.js";
import { arrayLine } from "../../lib/display/text.js";
import { indexOf, type Layer, layersOf, nameOfLayer } from "../../lib/graph/graph-node.js";
import { decodeChunks, decodeNumber } from "./goldens.js";

/** Which of our errors stand for Python's. */
const ERRORS: Readonly<Record<string, readonly (abstract new (...args: never[]) => Error)[]>> = {
  ValueError: [ShapeError, ChunkError, OptionError, DTypeError, AxisError, IndexError],
  TypeError: [DTypeError, OptionError, ShapeError, IndexError],
  IndexError: [IndexError],
  AxisError: [AxisError],
  NotImplementedError: [UnsupportedError, OptionError, ShapeError, ChunkError],
  OverflowError: [DTypeError],
  UFuncTypeError: [DTypeError],
  _UFuncNoLoopError: [DTypeError],
  AttributeError: [IndexError, OptionError],
};

/** Checks that `run` throws one of our errors for Python's. */
export function expectError(pythonType: string, run: () => unknown): void {
  let thrown: unknown;
  try {
    run();
  } catch (error) {
    thrown = error;
  }
  expect(thrown, `an error like ${pythonType}`).toBeDefined();
  if (!isNdloomError(thrown)) throw thrown;
  const classes = ERRORS[pythonType];
  expect(classes, `our errors for ${pythonType}`).toBeDefined();
  expect(classes!.some((one) => thrown instanceof one), `${String(thrown)} for ${pythonType}`).toBe(true);
}

/** What a golden case says of an array without running it. */
export interface GoldenArray {
  readonly shape?: unknown;
  readonly chunks?: unknown;
  readonly dtype?: string;
  readonly layers?: number;
  readonly tasks?: number;
  readonly layer_tasks?: readonly (readonly [string, number])[];
  readonly layer_names?: readonly string[];
  readonly repr?: string;
  readonly html?: Readonly<Record<string, readonly string[]>>;
  readonly nbytes?: number | null;
}

/** Checks everything but values. `ignore` names fields that a deviation explains. */
export function compareStructure(x: AnyArray, expected: GoldenArray, ignore: readonly string[] = []): void {
  expect(x).toBeInstanceOf(ChunkedArray);
  const layers = layersOf([x.graph]);
  const got: Record<string, unknown> = { shape: [...x.shape], chunks: x.chunks.map((c: readonly number[]) => [...c]) };
  const want: Record<string, unknown> = {};
  if (expected.shape !== undefined) want["shape"] = (expected.shape as unknown[]).map(decodeNumber);
  if (expected.chunks !== undefined) want["chunks"] = decodeChunks(expected.chunks);
  if (expected.dtype !== undefined) want["dtype"] = expected.dtype;
  if (expected.layers !== undefined) want["layers"] = expected.layers;
  if (expected.tasks !== undefined) want["tasks"] = expected.tasks;
  if (expected.layer_names !== undefined) want["layer_names"] = sorted(expected.layer_names);
  // The words are Dask's but for its own name and NumPy's.
  if (expected.repr !== undefined) want["repr"] = expected.repr.replace(/^dask/, "ndloom").replace(", chunktype=numpy.ndarray", "");
  if (expected.html !== undefined) want["html"] = Object.entries(expected.html).map(([name, cells]) => [name, ...cells].join(" | ").replace(" numpy.ndarray", ""));
  if (expected.nbytes !== undefined) want["nbytes"] = expected.nbytes === null ? NaN : decodeNumber(expected.nbytes);
  // Some sections list only the layers after the source.
  const partial = expected.layer_tasks !== undefined && expected.layers !== undefined && expected.layer_tasks.length < expected.layers;
  if (expected.layer_tasks !== undefined && !partial) want["layer_tasks"] = sorted(expected.layer_tasks.map(([label, count]) => `${label} ${count}`));
  got["dtype"] = x.dtype;
  got["repr"] = arrayLine(x);
  got["html"] = factsOf(x).map(({ name, array, chunk }) => [name, array, ...(chunk === undefined ? [] : [chunk])].join(" | "));
  got["nbytes"] = x.nbytes;
  got["layers"] = layers.length;
  got["tasks"] = layers.reduce((n, layer) => n + layer.count, 0);
  got["layer_names"] = sorted(layers.map((layer) => layer.label));
  got["layer_tasks"] = sorted(layers.map((layer) => `${layer.label} ${layer.count}`));
  const fields = Object.keys(want).filter((field) => !ignore.includes(field));
  expect(pick(got, fields)).toEqual(pick(want, fields));
  checkGraph(layers);
}

const sorted = (list: readonly string[]): string[] => [...list].sort();
const pick = (from: Readonly<Record<string, unknown>>, fields: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(fields.map((field) => [field, from[field]]));

/** Every task that a task reads exists, and indices are tasks of their layer; small graphs only. */
export function checkGraph(layers: readonly Layer[]): void {
  if (layers.reduce((n, layer) => n + layer.count, 0) > 5000) return;
  const known = new Map(layers.map((layer) => [nameOfLayer(layer), layer.count]));
  expect(known.size, "layers of different names").toBe(layers.length);
  for (const layer of layers) {
    for (let ordinal = 0; ordinal < layer.count; ordinal++) {
      expect(layer.index(ordinal).every((i) => Number.isInteger(i) && i >= 0), `index of ${layer.label} ${ordinal}`).toBe(true);
      for (const ref of layer.reads(ordinal)) {
        const valid = ref !== undefined && known.get(nameOfLayer(ref.layer)) === ref.layer.count && Number.isInteger(ref.ordinal) && ref.ordinal >= 0 && ref.ordinal < ref.layer.count;
        if (!valid) throw new Error(`${layer.label} task ${ordinal} reads ${ref?.layer?.label} task ${ref?.ordinal} of ${ref?.layer?.count}`);
      }
    }
  }
}

let canCompute: Promise<boolean> | undefined;
/** Tells whether there is an engine to compute with. */
export function engineIsThere(x: () => AnyArray): Promise<boolean> {
  return (canCompute ??= x().compute().then(() => true, (error: unknown) => {
    if (isNdloomError(error, "ERR_NATIVE_MISSING")) return false;
    throw error;
  }));
}

/** Flat values as goldens write them. */
export function flatValues(result: unknown): unknown[] {
  if (!(result instanceof NDArray)) return [result];
  const out: unknown[] = [];
  for (let i = 0; i < result.size; i++) out.push(result.item(...indexOf(i, result.shape)));
  return out;
}

/** Compares computed values with a golden's, to the last bits of a float. */
export function compareValues(result: unknown, expected: readonly unknown[]): void {
  const got = flatValues(result).map(comparable);
  const want = expected.map(comparable);
  expect(got.length).toBe(want.length);
  got.forEach((value, i) => {
    const wanted = want[i];
    if (typeof value === "number" && typeof wanted === "number" && !Object.is(value, wanted)) {
      const scale = Math.max(Math.abs(wanted), 1e-300);
      if (Math.abs(value - wanted) <= 1e-13 * scale || value === wanted) return;
      expect(value, `element ${i} of ${JSON.stringify(got.slice(0, 20))} against ${JSON.stringify(want.slice(0, 20))}`).toBe(wanted);
    } else expect(value, `element ${i}`).toEqual(wanted);
  });
}

function comparable(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "boolean") return value;
  if (value !== null && typeof value === "object") {
    if ("re" in value) return [Number((value as { re: number }).re), Number((value as unknown as { im: number }).im)];
    if ("c" in value) return (value as { c: unknown[] }).c.map(decodeNumber);
    return decodeNumber(value);
  }
  return value;
}
