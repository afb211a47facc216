// Element-wise functions that are no declared operation; scripts/fixtures/elementwise.py has the same names.
import * as nd from "../../../lib/index.js";
import type { AnyArray } from "../../../lib/array/chunked-array.js";

type Arrays = (x: AnyArray, y: AnyArray) => AnyArray;

export const COMPOSED: Readonly<Record<string, { readonly nin: 1 | 2; readonly call: Arrays; readonly bound?: number }>> = {
  angle: { nin: 1, call: (x) => nd.angle(x), bound: 2 },
  isclose: { nin: 2, call: (x, y) => nd.isclose(x, y) },
  iscloseEqualNan: { nin: 2, call: (x, y) => nd.isclose(x, y, { equalNan: true }) },
  isneginf: { nin: 1, call: (x) => nd.isneginf(x) },
  isposinf: { nin: 1, call: (x) => nd.isposinf(x) },
  nanToNum: { nin: 1, call: (x) => nd.nanToNum(x) },
  frexp0: { nin: 1, call: (x) => nd.frexp(x)[0] },
  frexp1: { nin: 1, call: (x) => nd.frexp(x)[1] },
  modf0: { nin: 1, call: (x) => nd.modf(x)[0] },
  modf1: { nin: 1, call: (x) => nd.modf(x)[1] },
  divmod0: { nin: 2, call: (x, y) => nd.divmod(x, y)[0] },
  divmod1: { nin: 2, call: (x, y) => nd.divmod(x, y)[1] },
  round: { nin: 1, call: (x) => nd.round(x) },
  round2: { nin: 1, call: (x) => nd.round(x, { decimals: 2 }), bound: 1 },
  where: { nin: 2, call: (x, y) => nd.where(x, x, y) },
};
