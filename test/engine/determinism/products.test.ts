import { afterAll, expect, test, vi } from "vitest";

// Many small products at the same time on several threads: BLAS libraries without locks mix them up.
vi.mock("../../../lib/plan/sizes.js", () => import("../../support/small-cells.js"));
const nd = await import("../../../lib/index.js");
const { computeExprs } = await import("../../../lib/runtime/compute.js");
const { Engine } = await import("../../../lib/runtime/engine.js");

const engine = new Engine({ threads: 4 });
afterAll(() => engine.close());

test.each(["float64", "float32", "complex128", "complex64", "int64"] as const)("products of %s on four threads at once are right every time", async (dtype) => {
  const n = 40;
  const x = nd.arange(n * n, { dtype: "float64" }).reshape([n, n]).mod(7).astype(dtype);
  const product = nd.matmul(x, x.T);
  const element = (i: number, j: number): number => Array.from({ length: n }, (_, k) => ((i * n + k) % 7) * ((j * n + k) % 7)).reduce((a, b) => a + b);
  const step = dtype.startsWith("complex") ? 2 : 1;
  for (let round = 0; round < 40; round++) {
    const [result] = await computeExprs([product.expr], {}, engine);
    const { data } = result!;
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) if (Number(data[(i * n + j) * step]) !== element(i, j)) expect.fail(`round ${round}: [${i}, ${j}] is ${data[(i * n + j) * step]}, expected ${element(i, j)}`);
  }
});
