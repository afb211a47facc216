import { afterAll, describe, expect } from "vitest";
import { config } from "../../../lib/config/index.js";
import { Engine } from "../../../lib/runtime/engine.js";
import { bitsOf, type Setting } from "./run.js";
import { testSeeds } from "./seeds.js";

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

/** Declares the tests: programs run in several settings give what plain loops give. */
export function checkPrograms(title: string): void {
  describe(title, () => {
    testSeeds("give what plain loops give", 120, SETTINGS, async (program, seed) => {
      const bits = await bitsOf(program, { ...SETTINGS[1]!, engine: one });
      for (const engine of [one, two, four]) expect(await bitsOf(program, { ...SETTINGS[1]!, engine }), `seed ${seed}, ${engine.threads} threads`).toBe(bits);
    });
  });
}
