import { expect, test } from "vitest";
import { generate } from "./generate.js";
import { codeOf, leaves, nameOf, type Program } from "./program.js";
import { faultIn, type Setting, shrink } from "./run.js";

// NDLOOM_TEST_SEED: the first seed; NDLOOM_TEST_PROGRAMS: how many programs.
const FIRST = Number(process.env["NDLOOM_TEST_SEED"] ?? 1);
const BATCH = 20;

/** Declares tests: programs of random seeds have no fault in any of the settings, and pass what else is checked of them. */
export function testSeeds(title: string, count: number, settings: readonly Setting[], check: (program: Program, seed: number) => Promise<void>): void {
  const end = FIRST + Number(process.env["NDLOOM_TEST_PROGRAMS"] ?? count);
  const firsts = Array.from({ length: Math.ceil((end - FIRST) / BATCH) }, (_, i) => FIRST + i * BATCH);
  test.each(firsts)(`programs of the seeds from %i on ${title}`, async (first) => {
    for (let seed = first; seed < Math.min(first + BATCH, end); seed++) {
      const program = generate(seed);
      for (const setting of settings) await expectNoFault(program, seed, setting);
      await check(program, seed);
    }
  });
}

async function expectNoFault(program: Program, seed: number, setting: Setting): Promise<void> {
  if ((await faultIn(program, setting)) === undefined) return;
  const small = await shrink(program, setting);
  const code = [...codeOf(small, setting.cut), `await nd.compute([${leaves(small.steps).map(nameOf)}]);`].join("\n");
  expect.fail(`seed ${seed}, ${setting.name}: ${await faultIn(small, setting)}\n${code}`);
}
