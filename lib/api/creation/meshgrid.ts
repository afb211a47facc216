import type { ChunkedArray } from "../../array/chunked-array.js";
import { OptionError } from "../../errors/index.js";
import { get } from "../indexing/get.js";
import { broadcastArrays } from "../manipulation/broadcast.js";
import { ravel } from "../manipulation/reshape.js";
import { type ArrayLike, toArray } from "../operand.js";

export interface MeshgridOptions {
  /** `"xy"`, the default, makes the first array run along the columns; `"ij"` along the rows. */
  readonly indexing?: "xy" | "ij";
  /** Whether to leave the axes of length 1 that would broadcast. */
  readonly sparse?: boolean;
}

/**
 * Makes coordinate arrays of coordinates: n arrays of one axis → n arrays of n axes.
 *
 * @throws {OptionError} `ERR_OPTION` for another indexing.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * const [x] = nd.meshgrid([[1, 2], [3, 4, 5]]);
 * console.log(x.shape); // [3, 2]
 * ```
 * @see numpy.meshgrid
 */
export function meshgrid(coordinates: readonly ArrayLike[], { indexing = "xy", sparse = false }: MeshgridOptions = {}): ChunkedArray[] {
  if (indexing !== "xy" && indexing !== "ij") {
    throw new OptionError(`meshgrid: expected "xy" or "ij", got ${String(indexing)}`, { option: "indexing", received: indexing });
  }
  const flat: ChunkedArray[] = coordinates.map((x) => ravel(toArray("meshgrid", x)));
  const swap = (list: ChunkedArray[]): ChunkedArray[] => (indexing === "xy" && list.length > 1 ? [list[1]!, list[0]!, ...list.slice(2)] : list);
  const spread = swap(flat).map((x, i): ChunkedArray => get(x, ...flat.map((_, axis) => (axis === i ? ":" : null))));
  return swap(sparse ? spread : broadcastArrays(...spread));
}
