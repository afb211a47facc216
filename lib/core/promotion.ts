import { DTypeError } from "../errors/index.js";
import { DTYPES, type DType, dtypeIndex, isDType, itemsize, kindOf, toDType } from "./dtype.js";
import { type Scalar, scalarKind, type ScalarKind } from "./scalar.js";

/**
 * The smallest dtype that holds every value of both; NumPy's table.
 *
 * @throws {DTypeError} `ERR_DTYPE` when one is no dtype.
 */
export function promoteTypes(a: DType, b: DType): DType {
  return TABLE[dtypeIndex(toDType(a, "promoteTypes"))]![dtypeIndex(toDType(b, "promoteTypes"))]!;
}

/**
 * The dtype that an operation on these has. JavaScript scalars are weak: they raise the kind of the result, never its size.
 *
 * @throws {DTypeError} `ERR_DTYPE` when there is nothing to promote.
 * @see numpy.result_type
 */
export function resultType(...operands: readonly (DType | Scalar)[]): DType {
  if (operands.length === 0) throw new DTypeError("resultType: expected at least one dtype or scalar, got none");
  return resolveWeak(operands).reduce(promoteTypes);
}

/** The operands' dtypes, each scalar replaced by the dtype that it takes beside the others. */
export function resolveWeak(operands: readonly (DType | Scalar)[]): DType[] {
  const strong = operands.filter(isDType);
  const beside = strong.length > 0 ? strong.reduce(promoteTypes) : undefined;
  return operands.map((operand) => (isDType(operand) ? operand : weakType(scalarKind(operand), beside)));
}

/** What a scalar of a kind is beside arrays of dtype `beside`, or alone. */
function weakType(kind: ScalarKind, beside: DType | undefined): DType {
  const other = beside === undefined ? "bool" : kindOf(beside);
  switch (kind) {
    case "bool": return "bool";
    case "int": return other === "bool" ? "int64" : beside!;
    case "float": return other === "float" || other === "complex" ? beside! : "float64";
    case "complex":
      if (other === "complex") return beside!;
      return beside === "float16" || beside === "float32" ? "complex64" : "complex128";
  }
}

/** How much a cast may change: nothing that loses values, nothing that changes the kind downwards, or anything. */
export type Casting = "no" | "equiv" | "safe" | "same_kind" | "unsafe";

/**
 * Tells whether a dtype may be cast to another under a rule.
 *
 * @see numpy.can_cast
 */
export function canCast(from: DType, to: DType, casting: Casting = "safe"): boolean {
  switch (casting) {
    case "no":
    case "equiv": return from === to;
    case "safe": return promoteTypes(from, to) === to;
    case "same_kind": return promoteTypes(from, to) === to || KIND_RANK[kindOf(from)] <= KIND_RANK[kindOf(to)];
    case "unsafe": return true;
  }
}

const KIND_RANK = { bool: 0, uint: 1, int: 2, float: 3, complex: 4 } as const;

const TABLE: readonly (readonly DType[])[] = DTYPES.map((a) => DTYPES.map((b) => promote(a, b)));

function promote(a: DType, b: DType): DType {
  if (KIND_RANK[kindOf(a)] > KIND_RANK[kindOf(b)]) return promote(b, a);
  const [low, high] = [kindOf(a), kindOf(b)];
  if (low === "bool") return b;
  if (low === high) return wider(a, b);
  if (low === "uint" && high === "int") {
    if (itemsize(a) < itemsize(b)) return b;
    return itemsize(a) === 8 ? "float64" : (`int${itemsize(a) * 16}` as DType);
  }
  if (high === "float") return wider(leastFloat(a), b);
  const part = wider(leastFloat(a), b === "complex64" ? "float32" : "float64");
  return part === "float64" ? "complex128" : "complex64";
}

function wider(a: DType, b: DType): DType {
  return itemsize(a) >= itemsize(b) ? a : b;
}

/**
 * The smallest float that NumPy's loops take the dtype in: float16 for bool and 8 bits, float32 for 16, float64 for more.
 * Floats stay; a complex dtype gives the float of its parts.
 */
export function leastFloat(dtype: DType): DType {
  switch (kindOf(dtype)) {
    case "float": return dtype;
    case "complex": return dtype === "complex64" ? "float32" : "float64";
    default: return itemsize(dtype) === 1 ? "float16" : itemsize(dtype) === 2 ? "float32" : "float64";
  }
}
