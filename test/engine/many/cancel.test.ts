import { afterAll, expect, test } from "vitest";
import type { AnyArray } from "../../../lib/array/chunked-array.js";
import * as nd from "../../../lib/index.js";
import { computeExprs } from "../../../lib/runtime/compute.js";
import { Engine } from "../../../lib/runtime/engine.js";
import { randomMoments } from "../../support/random-moments.js";

const engine = new Engine({ threads: 2, memoryLimitBytes: 2 ** 27 });
afterAll(() => engine.close());

const x = nd.random.normal(0, 1, { size: [3000, 400], seed: 1 }) as AnyArray;
/** Different each time, so that none is shared. */
const KINDS: readonly ((i: number) => AnyArray)[] = [
  (i) => nd.sin(x.add(i)).sum({ axis: 0 }),
  (i) => nd.cumsum(x.add(i), { axis: 0 }),
  (i) => x.add(i).get(x.add(i).greater(i)).sum(),
  (i) => nd.matmul(x.add(i), x.T),
  (i) => nd.quantile(x.add(i), [0.1, 0.5], { axis: 1 }),
  (i) => nd.topk(x.add(i).ravel(), 50),
];

test("a thousand computes that are cancelled at any moment leave nothing behind", async () => {
  const moments = randomMoments(7, 1000, 12);
  const ends = { done: 0, cancelled: 0 };
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < moments.length) {
      const i = next++;
      const abort = new AbortController();
      const timer = setTimeout(() => abort.abort(), moments[i]);
      try {
        await computeExprs([KINDS[i % KINDS.length]!(i).expr], { signal: abort.signal, priority: i % 3 }, engine);
        ends.done++;
      } catch (error) {
        expect(error).toMatchObject({ code: "ERR_CANCELLED" });
        ends.cancelled++;
      }
      clearTimeout(timer);
    }
  };
  await Promise.all(Array.from({ length: 8 }, lane));
  expect(ends.cancelled).toBeGreaterThan(100);
  expect(ends.done + ends.cancelled).toBe(1000);
  expect(engine.stats()).toMatchObject({ runs: 0, slots: 0, bytesInUse: 0, bytesImported: 0, tasksReady: 0, tasksRunning: 0 });
  expect([engine.admission.waiting, engine.admission.grantedBytes]).toEqual([0, 0]);
  const [sum] = await computeExprs([nd.arange(10).sum().expr], {}, engine);
  expect(sum!.data[0]).toBe(45n);
}, 300_000);
