import { config, parseBytes } from "../config/index.js";
import { AxisError, ChunkError, NdloomError } from "../errors/index.js";
import { type AutoDim, autoChunks, axisChunks } from "./auto-chunks.js";
import type { Bytes } from "./bytes.js";
import { type ChunkDim, type Chunks, type ChunksSpec, formatAxisChunks, hasUnknown, totalLength, uniformChunks } from "./chunks.js";
import { type DType, itemsize } from "./dtype.js";
import { formatShape, isKnown, sameLength, type Shape } from "./shape.js";

/** A list of chunks is held in memory, so there is an end to it. */
const MOST_CHUNKS = 2 ** 25;

/** What decides the lengths that a user leaves open. */
export interface NormalizeOptions {
  /** Needed where chunks are "auto" or a size in bytes. */
  readonly dtype?: DType;
  /** Bytes of an automatic block; by default the option `array.chunk-size`. */
  readonly limit?: Bytes | (string & {});
  /** The chunks that the array has; automatic ones then keep to their borders. */
  readonly previous?: readonly (number | readonly number[])[];
}

/**
 * Resolves what a user wrote as chunks to the length of every chunk of every axis.
 *
 * @param shape the array's; null when the chunks are given in full and it follows from them.
 * @throws {ChunkError} when they do not fit: `ERR_CHUNK_NDIM`, `ERR_CHUNK_SUM`, `ERR_CHUNK_UNKNOWN`, else `ERR_CHUNK`.
 * @throws {AxisError} when a rule is for an axis that is not there.
 * @see dask.array.core.normalize_chunks
 */
export function normalizeChunks(operation: string, spec: ChunksSpec, shape: Shape | null, options: NormalizeOptions = {}): Chunks {
  const given = spread(operation, spec, shape);
  const known = shape ?? given.map((dim, axis) => lengthOf(operation, dim, axis, spec));
  if (known.length === 0) return [];
  const perAxis = arrange(operation, given, known, spec);
  const limit = new Limit(operation, options.limit, known, spec);
  const dims = perAxis.map((dim, axis) => toAutoDim(operation, dim, axis, known, limit, spec));
  const decided = dims.includes("auto") ? decide(operation, dims, known, options, limit, spec) : (dims as (number | readonly number[])[]);
  return decided.map((dim, axis) => freeze(checkAxis(operation, dim, axis, known, spec)));
}

/** One rule for each axis; a rule for all axes is repeated. */
function spread(operation: string, spec: ChunksSpec, shape: Shape | null): readonly ChunkDim[] {
  if (spec === null || spec === undefined) {
    throw new ChunkError(`${operation}: expected chunks, got ${spec}`, {
      expected: shape ?? [], received: spec, hint: 'use a chunk length, "auto", or -1 for one chunk',
    });
  }
  if (typeof spec === "number" || typeof spec === "string") return new Array<ChunkDim>(shape?.length ?? 1).fill(spec);
  if (isList(spec)) return Array.from(spec as readonly ChunkDim[]);
  return byAxis(operation, spec as Readonly<Record<number, ChunkDim>>, shape ?? []);
}

function byAxis(operation: string, rules: Readonly<Record<number, ChunkDim>>, shape: Shape): ChunkDim[] {
  const result = new Array<ChunkDim>(shape.length).fill(null);
  for (const [key, rule] of Object.entries(rules)) {
    const axis = Number(key);
    if (!Number.isInteger(axis) || axis < -shape.length || axis >= shape.length) {
      throw new AxisError(
        `${operation}: chunks are given for axis ${key}, which a ${shape.length}-d array (shape ${formatShape(shape)}) does not have`,
        { axis, ndim: shape.length },
      );
    }
    result[axis < 0 ? axis + shape.length : axis] = rule;
  }
  return result;
}

const isList = (value: unknown): value is ArrayLike<number> => Array.isArray(value) || ArrayBuffer.isView(value);

function lengthOf(operation: string, dim: ChunkDim, axis: number, spec: ChunksSpec): number {
  if (isList(dim)) return totalLength(Array.from(dim as ArrayLike<number>));
  throw new ChunkError(`${operation}: expected the length of every chunk on axis ${axis}, as there is no shape, got ${String(dim)}`, {
    received: spec,
  });
}

/** Lists of numbers on a 1-d array are the chunks themselves; empty chunks stand for an array without elements. */
function arrange(operation: string, dims: readonly ChunkDim[], shape: Shape, spec: ChunksSpec): readonly ChunkDim[] {
  if (dims.length === 0 && shape.every((length) => length === 0)) return shape.map(() => [0]);
  if (shape.length === 1 && dims.length > 1 && dims.every((dim) => typeof dim === "number" || typeof dim === "string")) {
    const word = dims.find((dim) => typeof dim === "string");
    if (word === undefined) return [dims as readonly number[]];
  }
  if (dims.length !== shape.length) {
    throw new ChunkError(`${operation}: expected chunks for ${shape.length} axes (shape ${formatShape(shape)}), got ${dims.length}`, {
      code: "ERR_CHUNK_NDIM", expected: shape, received: spec,
    });
  }
  return dims;
}

/** The one size in bytes of an automatic block. */
class Limit {
  #bytes: number | undefined;
  constructor(readonly operation: string, given: Bytes | (string & {}) | undefined, readonly shape: Shape, readonly spec: ChunksSpec) {
    if (given !== undefined) this.#bytes = parseBytes(given, `${operation}: limit`);
  }
  /** Takes a size written as chunks; all must agree. */
  take(text: string): void {
    const bytes = this.#read(text);
    if (this.#bytes !== undefined && this.#bytes !== bytes) {
      throw new ChunkError(`${this.operation}: expected one size in bytes for a block, got ${this.#bytes} and ${bytes}`, {
        expected: this.shape, received: this.spec,
      });
    }
    this.#bytes = bytes;
  }
  get bytes(): number {
    return Math.max(1, this.#bytes ?? config.get("array.chunk-size"));
  }
  #read(text: string): number {
    try {
      return parseBytes(text, `${this.operation}: chunks`);
    } catch (error) {
      if (!(error instanceof NdloomError)) throw error;
      throw new ChunkError(`${this.operation}: expected chunks as lengths, "auto" or a size such as "128MiB", got "${text}"`, {
        code: "ERR_BYTES", expected: this.shape, received: this.spec, cause: error,
      });
    }
  }
}

function toAutoDim(operation: string, dim: ChunkDim, axis: number, shape: Shape, limit: Limit, spec: ChunksSpec): AutoDim {
  if (dim === null || dim === undefined || dim === -1) return shape[axis];
  if (dim === "auto") return "auto";
  if (typeof dim === "string") {
    limit.take(dim);
    return "auto";
  }
  if (isList(dim)) return checkLengths(operation, Array.from(dim as ArrayLike<number>), axis, shape, spec);
  if (typeof dim === "bigint") return Number(dim);
  if (!Number.isInteger(dim) || dim < 0 || (dim === 0 && shape[axis] > 0)) {
    throw new ChunkError(`${operation}: expected a chunk length ≥ 1 on axis ${axis}, got ${String(dim)}`, {
      expected: shape, received: spec, hint: typeof dim === "number" && dim < 0 ? "use -1 for one chunk" : undefined,
    });
  }
  return dim;
}

function checkLengths(operation: string, lengths: number[], axis: number, shape: Shape, spec: ChunksSpec): number[] {
  if (lengths.length === 0) {
    throw new ChunkError(`${operation}: expected at least one chunk on axis ${axis}, got none`, {
      expected: shape, received: spec, hint: "use [0] for an axis without elements",
    });
  }
  for (const length of lengths) {
    if (Number.isSafeInteger(length) ? length >= 0 : Number.isNaN(length)) continue;
    throw new ChunkError(`${operation}: expected chunk lengths that are whole numbers ≥ 0 on axis ${axis}, got ${String(length)}`, {
      expected: shape, received: spec,
    });
  }
  return lengths;
}

function decide(
  operation: string, dims: readonly AutoDim[], shape: Shape, options: NormalizeOptions, limit: Limit, spec: ChunksSpec,
): (number | readonly number[])[] {
  const details = { expected: shape, received: spec };
  if (options.dtype === undefined) throw new ChunkError(`${operation}: automatic chunks need a dtype`, details);
  const fixed = dims.filter((dim): dim is readonly number[] => isList(dim));
  if (!isKnown(shape) || fixed.some(hasUnknown)) throw unknownLengths(operation, shape, spec, "automatic chunks");
  const target = { limitBytes: limit.bytes, itemsize: itemsize(options.dtype), tolerance: config.get("array.chunk-size-tolerance") };
  return autoChunks(dims, shape, target, options.previous && previousChunks(operation, options.previous, shape, spec));
}

/** The chunks that there are; a single length is repeated over its axis. */
function previousChunks(
  operation: string, previous: readonly (number | readonly number[])[], shape: Shape, spec: ChunksSpec,
): (readonly number[])[] {
  return previous.map((dim, axis) => {
    const length = typeof dim === "number" ? dim : dim.length === 1 ? dim[0] : undefined;
    if (hasUnknown(typeof dim === "number" ? [dim] : dim)) throw unknownLengths(operation, shape, spec, "automatic chunks");
    return length === undefined ? (dim as readonly number[]) : uniformChunks(shape[axis], Math.max(1, length));
  });
}

function checkAxis(operation: string, dim: number | readonly number[], axis: number, shape: Shape, spec: ChunksSpec): readonly number[] {
  const length = shape[axis];
  if (typeof dim === "number") {
    if (Number.isNaN(length) || Number.isNaN(dim)) throw unknownLengths(operation, shape, spec, `a chunk length on axis ${axis}`);
    if (length / dim > MOST_CHUNKS) {
      throw new ChunkError(`${operation}: expected at most ${MOST_CHUNKS} chunks on axis ${axis}, got ${Math.ceil(length / dim)} of ${dim}`, {
        code: "ERR_CHUNK_COUNT", expected: shape, received: spec, hint: 'use longer chunks, or "auto"',
      });
    }
    return uniformChunks(length, dim);
  }
  const total = totalLength(dim);
  if (sameLength(total, length) || Number.isNaN(total) || Number.isNaN(length)) return dim;
  const first = dim[0] || length;
  const hinted = length / first <= 1e6 && dim.every((one) => one === first);
  const even = hinted ? formatAxisChunks(axisChunks(first, length)).replace(/^\(|,?\)$/g, "") : "";
  throw new ChunkError(
    `${operation}: chunks ${formatAxisChunks(dim)} on axis ${axis} add up to ${total}, but the axis has ${length} elements`,
    {
      code: "ERR_CHUNK_SUM", expected: shape, received: spec,
      hint: hinted ? `Did you mean ${first} (→ ${even})?` : undefined,
    },
  );
}

function unknownLengths(operation: string, shape: Shape, spec: ChunksSpec, what: string): ChunkError {
  return new ChunkError(`${operation}: ${what} cannot be used on lengths that are not known yet (shape ${formatShape(shape)})`, {
    code: "ERR_CHUNK_UNKNOWN", expected: shape, received: spec, hint: "compute them first, with computeChunkSizes()",
  });
}

// Frozen, so that a token of a long list is computed once.
const freeze = (axis: readonly number[]): readonly number[] => Object.freeze(axis);
