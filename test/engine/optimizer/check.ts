import { afterAll, describe, expect, test } from "vitest";
import type { DType, TypedArray } from "../../../lib/core/dtype.js";
import { drain } from "../../../lib/core/steps.js";
import type { Expr } from "../../../lib/expr/expr.js";
import { ORDER, type PassName, PASSES, runPasses } from "../../../lib/optimize/pipeline.js";
import { computeExprs } from "../../../lib/runtime/compute.js";
import { Engine } from "../../../lib/runtime/engine.js";
import { text } from "../../support/exprs.js";
import { expressions, type Family } from "./expressions.js";

// NDLOOM_TEST_SEED: the first seed; NDLOOM_TEST_PROGRAMS: how many programs of each family.
const FIRST = Number(process.env["NDLOOM_TEST_SEED"] ?? 1);
const COUNT = Number(process.env["NDLOOM_TEST_PROGRAMS"] ?? 40);
const BATCH = 10;

const engine = new Engine({ threads: 2 });
afterAll(() => engine.close());

/** The whole pipeline, and each pass by itself. */
const WAYS: readonly (readonly PassName[])[] = [ORDER, ...(Object.keys(PASSES) as PassName[]).map((name) => ["dropEmpty", name] as const)];

/** Declares the tests: what is rewritten has the bits of what is not. */
export function checkRewrites(title: string): void {
  describe(title, () => {
    describe.each(["bits", "extremes"] as const)("%s", (family) => {
      test.each(Array.from({ length: Math.ceil(COUNT / BATCH) }, (_, i) => FIRST + i * BATCH))("expressions of the seeds from %i on", async (first) => {
        for (let seed = first; seed < Math.min(first + BATCH, FIRST + COUNT); seed++) {
          const roots = expressions(seed, family);
          const wanted = await resultsOf(roots, family);
          for (const names of WAYS) {
            const rewritten = drain(runPasses(roots, names, true));
            const found = await resultsOf(rewritten, family);
            const odd = found.findIndex((x, i) => x !== wanted[i]);
            if (odd < 0) continue;
            const [small, before, after] = await smallest(roots[odd]!, names, family);
            expect.fail(`seed ${seed}, ${names.join()}: ${text(small)}\nbecame ${text(drain(runPasses([small], names))[0]!)}\n${before}\n${after}`);
          }
        }
      });
    });
  });
}

async function resultsOf(roots: readonly Expr[], family: Family): Promise<string[]> {
  const results = await computeExprs(roots, { optimizeGraph: false }, engine);
  return results.map(({ data, shape }, i) => `${shape.join("×")} ${elementsOf(data, roots[i]!.dtype, family)}`);
}

/** Every NaN is one; and, where folds choose between them, every zero. */
function elementsOf(data: TypedArray, dtype: DType, family: Family): string {
  const show = (v: number | bigint): string => (Object.is(v, -0) ? (family === "bits" ? "-0" : "0") : String(v));
  if (dtype === "float16") return [...(data as Uint16Array)].map((bits) => ((bits & 0x7fff) > 0x7c00 ? "NaN" : bits === 0x8000 && family !== "bits" ? "0" : `h${bits}`)).join(" ");
  return Array.from(data as Iterable<number | bigint>, show).join(" ");
}

/** The deepest node below a root that comes out otherwise, and both results. */
async function smallest(root: Expr, names: readonly PassName[], family: Family): Promise<[Expr, string, string]> {
  const differs = async (x: Expr): Promise<[string, string] | undefined> => {
    const [before] = await resultsOf([x], family);
    const [after] = await resultsOf(drain(runPasses([x], names)), family);
    return before === after ? undefined : [before!, after!];
  };
  let found: [Expr, string, string] = [root, ...((await differs(root)) ?? ["only together with others", ""])];
  for (let again = true; again; ) {
    again = false;
    for (const input of found[0].inputs) {
      const results = await differs(input);
      if (results === undefined) continue;
      found = [input, ...results];
      again = true;
      break;
    }
  }
  return found;
}
