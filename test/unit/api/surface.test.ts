import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import * as nd from "../../../lib/index.js";
import { reportSkips, skipCase } from "../../support/skips.js";
import { camel } from "../../support/numpy-values.js";

reportSkips();

/** The names that Dask documents, by group. */
const names = JSON.parse(readFileSync(new URL("../../fixtures/dask-names.json", import.meta.url), "utf8")) as Record<string, string[]>;

const LATER: Readonly<Record<string, string>> = Object.fromEntries([
  ["counting and searching come later", "bincount digitize ediff1d gradient isin searchsorted union1d unique"],
  ["functions over blocks come later", "map_blocks map_overlap"],
  ["storage comes later", "store to_hdf5 to_zarr to_tiledb"],
  ["other libraries' containers", "to_backend to_dask_dataframe to_delayed"],
  ["views of bytes as another dtype come later", "view"],
  ["pictures come later", "visualize to_svg"],
  ["the graph is behind layers and explain()", "dask"],
  ["another name of blockAt", "partitions"],
].flatMap(([why, list]) => list!.split(" ").map((name) => [name, why])));

describe.each(Object.entries(names))("Dask's %s", (group, list) => {
  const owner: object = group.startsWith("Array") ? nd.ones([2, 2]) : nd;
  test.each(list)("%s", (name) => {
    if (camel(name) in owner) return;
    expect(LATER[name], `${name} is neither there nor expected later`).toBeDefined();
    skipCase(group, name, LATER[name]!);
  });
});

test("what is there but not supported says so", () => {
  for (const f of [nd.fromDelayed, nd.fromfunction, nd.frompyfunc]) expect(f).toThrow(nd.UnsupportedError);
});
