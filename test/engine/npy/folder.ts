import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import * as nd from "../../../lib/index.js";
import { npyOf } from "../../support/npy-files.js";

/** A folder for the files of a test file: gives paths in it, and is gone afterwards. */
export function testFolder(): (name: string) => string {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "ndloom-npy-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return (name) => join(folder, name);
}

/** Elements 0, 1, 2, ... */
export const counting = (shape: readonly number[]) =>
  ({ dtype: "float64", shape, data: Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i) }) as const;

/** Writes such elements to a file in the folder, and opens it. */
export const savedIn = (path: (name: string) => string) =>
  async (name: string, shape: readonly number[], order: { fortran?: boolean; bigEndian?: boolean } = {}): Promise<nd.ChunkedArray> => {
    await writeFile(path(name), npyOf(counting(shape), order));
    return nd.fromNpy(path(name));
  };
