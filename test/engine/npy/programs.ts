import { readFile, writeFile } from "node:fs/promises";
import { afterAll, describe, expect } from "vitest";
import type { AnyArray } from "../../../lib/array/chunked-array.js";
import * as nd from "../../../lib/index.js";
import { Engine } from "../../../lib/runtime/engine.js";
import { npyOf } from "../../support/npy-files.js";
import { leaves, nameOf } from "../random-programs/program.js";
import { arraysOf, type MemorySource, type Setting } from "../random-programs/run.js";
import { testSeeds } from "../random-programs/seeds.js";
import { testFolder } from "./folder.js";

/** Declares the tests: programs over files give what plain loops give, and what they write is what they compute. */
export function checkFilePrograms(title: string): void {
  describe(title, () => {
    const path = testFolder();
    const engine = new Engine({ threads: 2 });
    afterAll(() => engine.close());
    let count = 0;

    const inFiles = (sources: readonly MemorySource[]): Promise<AnyArray[]> => Promise.all(sources.map(async ({ data, options }, i) => {
      const { shape, chunks, dtype } = options as { shape: number[]; chunks: number[]; dtype: nd.DType };
      const name = path(`source-${count++}.npy`);
      await writeFile(name, npyOf({ data, shape, dtype }, { fortran: i % 2 === 1, bigEndian: i % 3 === 1 }));
      return nd.fromNpy(name, { chunks });
    }));
    const settings: readonly Setting[] = [
      { name: "from files, optimised", cut: 0, optimizeGraph: true, engine, sources: inFiles },
      { name: "from files, as written", cut: 1, optimizeGraph: false, engine, sources: inFiles },
    ];

    testSeeds("read and write files", 60, settings, async (program, seed) => {
      const arrays = await arraysOf(program, settings[0]!);
      for (const leaf of leaves(program.steps)) {
        const name = path(`result-${seed}-${leaf}.npy`);
        const [array, computed] = [arrays[leaf]!, (await nd.compute([arrays[leaf]!]))[0]];
        await array.toNpy(name);
        const written = await nd.fromNpy(name);
        expect(written.dtype).toBe(array.dtype);
        const where = `seed ${seed}, ${nameOf(leaf)}`;
        if (!(computed instanceof nd.NDArray)) expect(await written.compute(), where).toEqual(computed);
        else {
          expect(written.shape, where).toEqual(computed.shape);
          const bytes = Buffer.from(computed.data.buffer, computed.data.byteOffset, computed.data.byteLength);
          const file = await readFile(name);
          expect(file.subarray(file.length - bytes.length).equals(bytes), where).toBe(true);
        }
      }
    });
  });
}
