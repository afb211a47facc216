import { type DTypeLike, isBool, isComplex, isFloating, isInteger, kindOf, toDType } from "../core/dtype.js";
import { OptionError } from "../errors/index.js";

const KINDS = {
  bool: isBool,
  "signed integer": (d) => kindOf(d) === "int",
  "unsigned integer": (d) => kindOf(d) === "uint",
  integral: isInteger,
  "real floating": isFloating,
  "complex floating": isComplex,
  numeric: (d) => !isBool(d),
} as const satisfies Record<string, (dtype: ReturnType<typeof toDType>) => boolean>;

/** The kinds of dtypes that the Python array API standard names. */
export type DTypeKind = keyof typeof KINDS;

/**
 * Tells whether a dtype is of a kind, of one of several, or the same as another dtype.
 *
 * @throws {DTypeError} `ERR_DTYPE` when there is no such dtype.
 * @throws {OptionError} `ERR_OPTION` when there is no such kind.
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * console.log(nd.isdtype("int8", "integral"), nd.isdtype("int8", ["bool", "real floating"])); // true false
 * ```
 * @see numpy.isdtype
 */
export function isdtype(dtype: DTypeLike, kind: DTypeKind | DTypeLike | readonly (DTypeKind | DTypeLike)[]): boolean {
  const own = toDType(dtype, "isdtype");
  if (Array.isArray(kind)) return kind.some((one) => isdtype(own, one as DTypeKind));
  if (typeof kind === "string" && Object.hasOwn(KINDS, kind)) return KINDS[kind as DTypeKind](own);
  try {
    return own === toDType(kind, "isdtype");
  } catch (cause) {
    throw new OptionError(`isdtype: expected a dtype or one of ${Object.keys(KINDS).join(", ")}, got ${String(kind)}`, { option: "kind", received: kind, cause });
  }
}
