import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { nativeDeclarations } from "../../../lib/api/ufuncs/native.js";
import { ufuncs } from "../../../lib/api/ufuncs/ufunc.js";
import type { AnyArray } from "../../../lib/array/chunked-array.js";
import { type DType, DTYPES, isComplex } from "../../../lib/core/dtype.js";
import * as nd from "../../../lib/index.js";
import { LAYOUTS } from "../../support/layouts.js";
import { type Elements, pick, readFixture } from "../../support/numpy-fixtures.js";
import { fault } from "./compare.js";
import { COMPOSED } from "./composed.js";

const fixture = readFixture("elementwise");
/** Units in the last place that each rounding operation may be off; others are exact. */
const bounds = JSON.parse(readFileSync(new URL("bounds.json", import.meta.url), "utf8")) as Record<string, number>;

interface Operation {
  readonly name: string;
  readonly nin: 1 | 2;
  readonly call: (...x: AnyArray[]) => AnyArray;
  readonly bound: number;
}

const operations: Operation[] = [
  ...[...ufuncs()].map(([name, ufunc]) => ({ name, nin: ufunc.nin, call: ufunc as Operation["call"], bound: bounds[name] ?? 0 })),
  ...Object.entries(COMPOSED).map(([name, { nin, call, bound }]) => ({ name, nin, call: call as Operation["call"], bound: bound ?? 0 })),
];

/** Complex products and quotients round in every part, so they are near and not exact. */
const COMPLEX_BOUND = 4;
/** Complex functions whose error grows with their argument, or where parts cancel; NumPy's does too. */
const WIDE_COMPLEX_BOUNDS: Readonly<Record<string, number>> = { log1p: 32, power: 256, floatPower: 256 };
const boundOf = (op: Operation, dtype: DType): number =>
  isComplex(dtype) ? Math.max(op.bound, WIDE_COMPLEX_BOUNDS[op.name] ?? COMPLEX_BOUND) : op.bound;

/** NumPy itself answers with either zero, by the processor and the place in the vector. */
const ANY_ZERO = new Set(["maximum", "minimum", "fmax", "fmin"]);
/** Complex results that are put together from parts lose the sign of a zero. */
const ANY_COMPLEX_ZERO = new Set(["power", "floatPower", "nanToNum", "round2", "sinc"]);
const anyZero = (op: Operation, dtype: DType): boolean => ANY_ZERO.has(op.name) || (isComplex(dtype) && ANY_COMPLEX_ZERO.has(op.name));

/** Where this library differs on purpose: [operation/dtype, reason]. */
const DEVIATIONS = new Map([
  ["round/bool", "stays bool, as Dask declares; NumPy gives float16"],
  ["round2/bool", "stays bool for any decimals; NumPy refuses some"],
]);

/** Declares the tests of all operations. */
export function checkElementwise(title: string): void {
  test("every declared operation has results to compare with", () => {
    const missing = operations.filter(({ name }) => !DTYPES.every((d) => fixture.facts[`${name}/${d}`] !== undefined)).map((op) => op.name);
    expect(missing).toEqual([]);
  });

  test("every native operation is reached by one that is swept", () => {
    const numpyNames = new Set([...ufuncs().values()].map((u) => u.numpy));
    const elsewhere = new Set(["angle", "clip", "frexp", "modf", "where", "sincos", "add_add", "add_subtract"]); // composed, or tested with the optimiser; random_*: determinism
    expect(nativeDeclarations().map((n) => n.name).filter((n) => !numpyNames.has(n) && !elsewhere.has(n) && !n.startsWith("random_"))).toEqual([]);
  });

  describe.each(operations)(`$name, ${title}`, (op) => {
    test("has NumPy's elements in every dtype and layout, and its errors", async () => {
      const faults: string[] = [];
      for (const dtype of DTYPES.filter((d) => !DEVIATIONS.has(`${op.name}/${d}`))) faults.push(...(await sweep(op, dtype)).map((f) => `${dtype}, ${f}`));
      expect(faults.slice(0, 12), `${faults.length} faults`).toEqual([]);
    });
    if (op.nin === 2 && !(op.name in COMPOSED)) {
      test("promotes two dtypes as NumPy does", async () => {
        const faults = await mixed(op);
        expect(faults.slice(0, 12), `${faults.length} faults`).toEqual([]);
      });
    }
  });
}

async function sweep(op: Operation, dtype: DType): Promise<string[]> {
  const fact = fixture.facts[`${op.name}/${dtype}`] as string;
  const names = fact === "TypeError" ? (op.nin === 1 ? ["x"] : ["a", "b"]) : [...fact];
  const inputs = names.map((name) => fixture.get(`in/${name}/${dtype}`));
  const n = inputs[0]!.data.length / (isComplex(dtype) ? 2 : 1);
  if (fact === "TypeError") return refuses(() => op.call(...inputs.map((x) => LAYOUTS[0]!.make(x))));
  const expected = fixture.get(`${op.name}/${dtype}`);
  const cases: { name: string; array: AnyArray; expected: Elements }[] = LAYOUTS.map((layout) => ({
    name: layout.name,
    array: op.call(...inputs.map((x) => layout.make(x))),
    expected: pick(expected, layout.positions(n), layout.shape(n)),
  }));
  if (op.nin === 2) cases.push(...crossed(op, dtype, inputs, expected));
  const results = await nd.compute(cases.map((c) => c.array));
  return cases.flatMap((c, i) => {
    const found = fault(c.array, results[i], c.expected, boundOf(op, dtype), { anyInfinity: op.bound > 0, anyZero: anyZero(op, dtype) });
    return found === undefined ? [] : [`${c.name}: ${found}${where(found, inputs, c.name)}`];
  });
}

function where(found: string, inputs: readonly Elements[], layout: string): string {
  const at = /element (\d+)/.exec(found);
  if (!at || (layout !== "one chunk" && layout !== "uneven chunks")) return "";
  const lanes = isComplex(inputs[0]!.dtype) ? 2 : 1;
  return ` for ${inputs.map((x) => [...x.data.slice(Number(at[1]) * lanes, (Number(at[1]) + 1) * lanes)].join("+i·")).join(", ")}`;
}

/** All pairs of a few elements, as a column beside a row, and two layouts beside each other. */
function crossed(op: Operation, dtype: DType, inputs: readonly Elements[], expected: Elements): { name: string; array: AnyArray; expected: Elements }[] {
  const few = fixture.facts[`few/${dtype}`] as number;
  const [flat, , backwards] = LAYOUTS;
  const n = expected.shape[0]!;
  const beside = { name: "contiguous beside reversed", array: op.call(flat!.make(inputs[0]!), backwards!.make(inputs[1]!)), expected: pick(expected, flat!.positions(n), [n]) };
  if (fixture.facts[`${op.name}/${dtype}`] !== "ab") return [beside];
  const all = Array.from({ length: few * few }, (_, i) => i);
  const column = pick(inputs[0]!, all.filter((i) => i % few === 0), [few, 1]);
  const row = pick(inputs[1]!, all.slice(0, few), [few]);
  const make = (x: Elements, chunks: number[]): AnyArray => nd.fromArray(x.data, { shape: [...x.shape], dtype, chunks });
  const cross = pick(expected, all, [few, few]);
  return [
    beside,
    { name: "column beside row", array: op.call(make(column, [2, 1]), make(row, [5])), expected: cross },
  ];
}

function refuses(call: () => unknown): string[] {
  try {
    call();
  } catch (error) {
    return error instanceof nd.DTypeError ? [] : [`throws ${String(error)}, expected a DTypeError`];
  }
  return ["does not throw, NumPy raises TypeError"];
}

async function mixed(op: Operation): Promise<string[]> {
  const faults: string[] = [];
  const cases: { name: string; array: AnyArray; expected: Elements }[] = [];
  for (const d of DTYPES) {
    for (const e of DTYPES) {
      if (d === e) continue;
      const call = (): AnyArray => op.call(LAYOUTS[0]!.make(fixture.get(`in/m/${d}`)), LAYOUTS[0]!.make(fixture.get(`in/k/${e}`)));
      const key = `${op.name}/${d}/${e}`;
      if (fixture.facts[key] === "TypeError") faults.push(...refuses(call).map((f) => `${d}, ${e}: ${f}`));
      else {
        try {
          cases.push({ name: `${d}, ${e}`, array: call(), expected: fixture.get(key) });
        } catch (error) {
          faults.push(`${d}, ${e}: ${String(error)}`);
        }
      }
    }
  }
  const results = await nd.compute(cases.map((c) => c.array));
  cases.forEach((c, i) => {
    const found = fault(c.array, results[i], c.expected, boundOf(op, c.expected.dtype), { anyZero: anyZero(op, c.expected.dtype) });
    if (found !== undefined) faults.push(`${c.name}: ${found}`);
  });
  return faults;
}
