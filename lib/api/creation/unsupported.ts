import { UnsupportedError } from "../../errors/index.js";

/**
 * Would make an array by calling a function on index arrays.
 *
 * @throws {UnsupportedError} always: functions over blocks are not there yet. Use `indices` and operations on them.
 * @see numpy.fromfunction
 */
export function fromfunction(): never {
  throw new UnsupportedError("fromfunction: functions over blocks are not supported yet", { hint: "use indices and operations on its arrays" });
}

/**
 * Would make an array of a promise of its elements.
 *
 * @throws {UnsupportedError} always: await the elements, and give them to fromArray.
 * @see dask.array.from_delayed
 */
export function fromDelayed(): never {
  throw new UnsupportedError("fromDelayed: values that are not there yet are not supported", { hint: "await them, and use fromArray" });
}
