import { afterAll, describe, expect, test } from "vitest";
import { config } from "../../../lib/config/index.js";
import { Engine } from "../../../lib/runtime/engine.js";
import { generate } from "./generate.js";
import { codeOf, leaves, nameOf } from "./program.js";
import { bitsOf, faultIn, type Setting, shrink } from "./run.js";

// NDLOOM_TEST_SEED: the first seed; NDLOOM_TEST_PROGRAMS: how many programs.
const FIRST = Number(process.env["NDLOOM_TEST_SEED"] ?? 1);
const COUNT = Number(process.env["NDLOOM_TEST_PROGRAMS"] ?? 120);

// Every pass of the optimiser is checked.
config.set({ debug: true });

const engines = [1, 2, 4].map((threads) => new Engine({ threads }));
const [one, two, four] = engines as [Engine, Engine, Engine];
afterAll(() => engines.forEach((engine) => engine.close()));

const SETTINGS: readonly Setting[] = [
  { name: "one chunk, optimised, 2 threads", cut: 0, optimizeGraph: true, engine: two },
  { name: "small chunks, optimised, 4 threads", cut: 1, optimizeGraph: true, engine: four },
  { name: "one chunk, as written, 1 thread", cut: 0, optimizeGraph: false, engine: one },
  { name: "small chunks, as written, 2 threads", cut: 1, optimizeGraph: false, engine: two },
];
const BATCH = 20;

/** Declares the tests: programs run in several settings give what plain loops give. */
export function checkPrograms(title: string): void {
  describe(title, () => {
    test.each(Array.from({ length: Math.ceil(COUNT / BATCH) }, (_, i) => FIRST + i * BATCH))("programs of the seeds from %i on give what plain loops give", async (first) => {
      for (let seed = first; seed < Math.min(first + BATCH, FIRST + COUNT); seed++) {
        const program = generate(seed);
        for (const setting of SETTINGS) {
          if ((await faultIn(program, setting)) === undefined) continue;
          const small = await shrink(program, setting);
          const code = [...codeOf(small, setting.cut), `await nd.compute([${leaves(small.steps).map(nameOf)}]);`].join("\n");
          expect.fail(`seed ${seed}, ${setting.name}: ${await faultIn(small, setting)}\n${code}`);
        }
        const bits = await bitsOf(program, { ...SETTINGS[1]!, engine: one });
        for (const engine of [one, two, four]) expect(await bitsOf(program, { ...SETTINGS[1]!, engine }), `seed ${seed}, ${engine.threads} threads`).toBe(bits);
      }
    });
  });
}
