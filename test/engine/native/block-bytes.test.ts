import { expect, it } from "vitest";
import { createEngine } from "../../../lib/native/index.js";
import { blockBytes } from "../../../lib/plan/block-bytes.js";
import { Batch, FLOAT64 } from "./plan.js";

it("the planner counts for a block what the engine's pool takes for it", async () => {
  const engine = createEngine({ threads: 1, memoryLimitBytes: 2 ** 34, niceness: 0, trace: false });
  const sizes = [1, 8, 63, 64, 65, 100, 512, 513, 1000, 1024, 1025, 4097, 65_535, 65_536, 65_537, 10 ** 6, 2 ** 21 - 1, 2 ** 21, 2 ** 21 + 1, 10 ** 7, 2 ** 24 + 8, 10 ** 8, 2 ** 30];
  for (const size of sizes) {
    const bytes = Math.ceil(size / 8) * 8;
    const batch = new Batch().slot(1, bytes, 1, 0, true).program(0, 0, 1, 0, 1, 0, 1, FLOAT64, 0, 0, 0).task(0, 1, 0, 0, 1, 1, 1, 1, 0, 1);
    await new Promise<void>((resolve, reject) => {
      const run = engine.createRun({ id: 1, limitBytes: 2 ** 34, priority: 0, layers: 1 }, (state, _, failure) => {
        if (state === "done") resolve();
        else if (state !== "running") reject(new Error(failure?.message ?? state));
      });
      run.submit(batch.finish());
      run.seal();
    });
    expect(engine.stats().bytesInUse).toBe(blockBytes(bytes));
    engine.release(Float64Array.of(1));
  }
  expect(engine.stats()).toMatchObject({ bytesInUse: 0, slots: 0 });
  engine.close();
});
