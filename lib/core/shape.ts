import { AxisError, OptionError, ShapeError } from "../errors/index.js";

/** The lengths of an array's axes. NaN is a length that only running can tell (after a boolean mask, for instance). */
export type Shape = readonly number[];

/** Writes a shape as NumPy does: `(10,)`, `(2, 3)`, `()`; unknown lengths as `nan`. */
export function formatShape(shape: Shape): string {
  const items = shape.map((length) => (Number.isNaN(length) ? "nan" : String(length)));
  return items.length === 1 ? `(${items[0]},)` : `(${items.join(", ")})`;
}

/** Number of elements; 1 for a 0-d shape, NaN when a length is unknown (even beside a zero, as in Dask). */
export function sizeOf(shape: Shape): number {
  let size = 1;
  for (const length of shape) size *= length;
  return size;
}

/** Strides in elements of a C-contiguous array. */
export function contiguousStrides(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis];
  }
  return strides;
}

/** Tells whether two lengths are the same; two unknown ones count as the same. */
export const sameLength = (a: number, b: number): boolean => a === b || (Number.isNaN(a) && Number.isNaN(b));

/** Tells whether two shapes are the same; unknown lengths count as the same. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((length, axis) => sameLength(length, b[axis]));
}

/** Tells whether all lengths are known. */
export const isKnown = (shape: Shape): boolean => !shape.some(Number.isNaN);

/**
 * Resolves a user's shape: a length or a list of lengths.
 *
 * @throws {ShapeError} `ERR_SHAPE` when a length is not a whole number ≥ 0, or the elements are more than 2⁵³.
 */
export function toShape(operation: string, value: unknown): number[] {
  const list = typeof value === "number" || typeof value === "bigint" ? [value] : value;
  if (!Array.isArray(list)) {
    throw new ShapeError(`${operation}: expected a shape (a length or a list of lengths), got ${String(value)}`);
  }
  const shape = list.map((length) => (typeof length === "number" || typeof length === "bigint" ? Number(length) : NaN));
  const bad = shape.findIndex((length) => !Number.isSafeInteger(length) || length < 0);
  if (bad >= 0) {
    throw new ShapeError(`${operation}: expected lengths that are whole numbers ≥ 0, got ${String(list[bad])} on axis ${bad}`);
  }
  if (!Number.isSafeInteger(sizeOf(shape))) {
    throw new ShapeError(`${operation}: shape ${formatShape(shape)} has more elements than 2^53`, { shapes: [shape] });
  }
  return shape;
}

/**
 * The shape that shapes broadcast to: right-aligned, lengths of 1 stretch, 0 wins over 1.
 *
 * An unknown length stands with 1, 0 or another unknown one and gives an unknown one.
 *
 * @throws {ShapeError} `ERR_BROADCAST` when two lengths differ.
 * @see numpy.broadcast_shapes
 */
export function broadcastShapes(operation: string, ...shapes: readonly Shape[]): number[] {
  const ndim = shapes.reduce((most, shape) => Math.max(most, shape.length), 0);
  const result = new Array<number>(ndim).fill(1);
  for (let axis = 0; axis < ndim; axis++) {
    let length = 1;
    let unknown = false;
    for (const shape of shapes) {
      const own = axis - (ndim - shape.length);
      if (own < 0) continue;
      const next = shape[own];
      if (Number.isNaN(next)) unknown = true;
      else if (next !== 1 && length === 1) length = next;
      else if (next !== 1 && next !== length) throw mismatch(operation, shapes, axis, ndim);
    }
    if (unknown && length > 1) throw unknownMismatch(operation, shapes, axis - ndim, length);
    result[axis] = unknown ? NaN : length;
  }
  return result;
}

function mismatch(operation: string, shapes: readonly Shape[], axis: number, ndim: number): ShapeError {
  const lengths = shapes.map((shape) => shape[axis - (ndim - shape.length)] ?? 1);
  const different = [...new Set(lengths.filter((length) => length !== 1))];
  // Axes are counted from the right when the shapes have different numbers of them.
  const label = shapes.every((shape) => shape.length === ndim) ? axis : axis - ndim;
  return new ShapeError(
    `${operation}: shapes ${listShapes(shapes)} do not broadcast: axis ${label} is ${different.join(" vs ")}`,
    { code: "ERR_BROADCAST", shapes },
  );
}

function unknownMismatch(operation: string, shapes: readonly Shape[], axis: number, length: number): ShapeError {
  return new ShapeError(
    `${operation}: shapes ${listShapes(shapes)} may not broadcast: axis ${axis} is ${length} vs an unknown length`,
    { code: "ERR_BROADCAST", shapes, hint: "compute the unknown lengths first, with computeChunkSizes()" },
  );
}

/** Writes shapes as a list in words: `(10,) and (9,)`. */
export function listShapes(shapes: readonly Shape[]): string {
  const texts = shapes.map(formatShape);
  return texts.length < 2 ? texts.join("") : `${texts.slice(0, -1).join(", ")} and ${texts.at(-1)}`;
}

/**
 * Resolves one axis of an array of the given shape: negative ones count from the end.
 *
 * @throws {AxisError} `ERR_AXIS` when there is no such axis.
 * @throws {OptionError} `ERR_OPTION` when it is not a whole number.
 */
export function normalizeAxis(operation: string, axis: unknown, shape: Shape): number {
  const ndim = shape.length;
  const value = typeof axis === "bigint" ? Number(axis) : axis;
  if (typeof value !== "number" || !Number.isInteger(value)) {
    throw new OptionError(`${operation}: expected a whole number as axis, got ${String(axis)}`, { option: "axis", received: axis });
  }
  if (value >= -ndim && value < ndim) return value < 0 ? value + ndim : value + 0;
  const hint = ndim === 0 ? undefined : ndim === 1 ? "use 0 or -1" : `use ${-ndim} to ${ndim - 1}`;
  throw new AxisError(`${operation}: axis ${value} does not exist on a ${ndim}-d array (shape ${formatShape(shape)})`, {
    axis: value, ndim, hint,
  });
}

/**
 * Resolves a user's `axis` option, one axis, several or none, to a sorted list; none means all.
 *
 * @throws {AxisError} `ERR_AXIS` when there is no such axis or one is named twice.
 */
export function normalizeAxes(operation: string, axis: unknown, shape: Shape): number[] {
  if (axis === undefined || axis === null) return shape.map((_, i) => i);
  const list = Array.isArray(axis) ? axis : [axis];
  const axes = list.map((one) => normalizeAxis(operation, one, shape));
  const twice = axes.find((one, i) => axes.indexOf(one) !== i);
  if (twice !== undefined) {
    throw new AxisError(`${operation}: axis ${twice} is named twice in [${list.join(", ")}]`, { axis: twice, ndim: shape.length });
  }
  return axes.sort((a, b) => a - b);
}
