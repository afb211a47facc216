import { expect, test } from "vitest";
import { DTYPES, isComplex } from "../../../lib/core/dtype.js";
import * as nd from "../../../lib/index.js";
import { LAYOUTS } from "../../support/layouts.js";
import { pick, readFixture } from "../../support/numpy-fixtures.js";
import { fault } from "./compare.js";

const fixture = readFixture("casts");

test.each(DTYPES)("%s is cast to every dtype as NumPy does", async (from) => {
  const faults: string[] = [];
  for (const to of DTYPES) {
    const input = fixture.get(`in/${from}/${to}`);
    const expected = fixture.get(`${from}/${to}`);
    const n = input.data.length / (isComplex(from) ? 2 : 1);
    const layouts = LAYOUTS.filter((layout) => n >= 8 || layout.positions(n).every((p) => p < n));
    const arrays = layouts.map((layout) => layout.make(input).astype(to));
    const results = await nd.compute(arrays);
    layouts.forEach((layout, i) => {
      const found = fault(arrays[i]!, results[i], pick(expected, layout.positions(n), layout.shape(n)), 0);
      if (found !== undefined) faults.push(`to ${to}, ${layout.name}: ${found}`);
    });
  }
  expect(faults.slice(0, 10), `${faults.length} faults`).toEqual([]);
});
