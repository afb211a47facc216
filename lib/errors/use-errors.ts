// Errors of use: thrown synchronously, on the line the user wrote.
import { NdloomError, type ErrorDetails } from "./ndloom-error.js";

/** An axis that the array does not have, or the same axis twice. @see numpy.exceptions.AxisError */
export class AxisError extends NdloomError {
  static override readonly className: string = "AxisError";
  /** The axis as given. */
  readonly axis: number;
  /** Number of axes of the array. */
  readonly ndim: number;

  constructor(message: string, details: ErrorDetails & { axis: number; ndim: number }) {
    super(message, { code: "ERR_AXIS", ...details });
    this.axis = details.axis;
    this.ndim = details.ndim;
  }
}

/** Shapes that do not fit together: `ERR_BROADCAST`, `ERR_RESHAPE`, or `ERR_SHAPE`. */
export class ShapeError extends NdloomError {
  static override readonly className: string = "ShapeError";
  /** The shapes concerned; NaN is an unknown length. */
  readonly shapes: readonly (readonly number[])[];

  constructor(message: string, details: ErrorDetails & { shapes?: readonly (readonly number[])[] } = {}) {
    super(message, { code: "ERR_SHAPE", ...details });
    this.shapes = details.shapes ?? [];
  }
}

/**
 * Element types that do not fit the operation: `ERR_DTYPE`; `ERR_CAST` for a cast that the rule forbids; `ERR_OVERFLOW`
 * for a scalar that the dtype cannot hold.
 */
export class DTypeError extends NdloomError {
  static override readonly className: string = "DTypeError";
  /** The dtypes concerned. */
  readonly dtypes: readonly string[];

  constructor(message: string, details: ErrorDetails & { dtypes?: readonly string[] } = {}) {
    super(message, { code: "ERR_DTYPE", ...details });
    this.dtypes = details.dtypes ?? [];
  }
}

/** Chunks that do not fit the array: `ERR_CHUNK`, `ERR_CHUNK_SUM`, `ERR_CHUNK_NDIM`, `ERR_CHUNK_COUNT`, `ERR_CHUNK_UNKNOWN`. */
export class ChunkError extends NdloomError {
  static override readonly className: string = "ChunkError";
  /** The shape that the chunks had to fit; NaN is an unknown length. */
  readonly expected: readonly number[];
  /** The chunks as given. */
  readonly received: unknown;

  constructor(message: string, details: ErrorDetails & { expected?: readonly number[]; received?: unknown } = {}) {
    super(message, { code: "ERR_CHUNK", ...details });
    this.expected = details.expected ?? [];
    this.received = details.received;
  }
}

/** An index that is out of bounds or of the wrong kind. @see IndexError of Python */
export class IndexError extends NdloomError {
  static override readonly className: string = "IndexError";
  /** The index as given. */
  readonly index: unknown;
  /** The axis it was used on, when it is about one axis. */
  readonly axis?: number;

  constructor(message: string, details: ErrorDetails & { index?: unknown; axis?: number } = {}) {
    super(message, { code: "ERR_INDEX", ...details });
    this.index = details.index;
    if (details.axis !== undefined) this.axis = details.axis;
  }
}

/** An argument or option with a bad name or value: `ERR_OPTION`; `ERR_BYTES` for a text that is no number of bytes. */
export class OptionError extends NdloomError {
  static override readonly className: string = "OptionError";
  /** The option's name. */
  readonly option: string;
  /** The value as given. */
  readonly received: unknown;

  constructor(message: string, details: ErrorDetails & { option: string; received?: unknown }) {
    super(message, { code: "ERR_OPTION", ...details });
    this.option = details.option;
    this.received = details.received;
  }
}

/** A valid request that this library cannot do, and why. @see NotImplementedError of Python */
export class UnsupportedError extends NdloomError {
  static override readonly className: string = "UnsupportedError";
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: "ERR_UNSUPPORTED", ...details });
  }
}
