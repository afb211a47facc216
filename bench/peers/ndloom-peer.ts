// ndloom's side of the comparison: runs one workload and prints the line of JSON that run.ts reads, as peer.py does.
import { readFileSync } from "node:fs";
import * as nd from "ndloom";
import { hashed } from "../inputs.js";
import { repeat } from "../measure.js";
import type { Request, Workload } from "./protocol.js";

type Work = () => Promise<number>;

function make(w: Workload, seed: number) {
  const size = w.shape!.reduce((a, b) => a * b, 1);
  const data = w.dtype === "float32" ? new Float32Array(size) : new Float64Array(size);
  return nd.fromArray(hashed(data, seed, w.nan), { shape: w.shape, chunks: (w.chunks as nd.ChunksSpec | undefined) ?? "auto" });
}

async function sumOf(array: Promise<{ data: Iterable<number | bigint> }>): Promise<number> {
  let total = 0;
  for (const value of (await array).data) total += Number(value);
  return total;
}

const workloads: Record<string, (w: Workload) => Work> = {
  W1: (w) => async () => {
    const draws = nd.random.normal(10, 0.1, { size: w.shape!, chunks: w.chunks as number[] });
    return (await sumOf(draws.mean({ axis: 0 }).compute())) / w.shape![1]!;
  },
  W2: (w) => async () => Number(await nd.random.random(w.shape!, { chunks: "auto" }).sum().compute()),
  W3: chain,
  W3f32: chain,
  W4: (w) => {
    const [x, y] = [make(w, 1), make(w, 2)];
    return async () => Number(await x.add(y).sum().compute());
  },
  W5: (w) => {
    const x = make(w, 1);
    return async () => {
      let total = 0;
      for (let axis = 0; axis < 3; axis++) {
        for (const moment of [x.mean({ axis }), x.std({ axis }), x.var({ axis })]) total += await sumOf(moment.compute());
      }
      return total;
    };
  },
  W6: (w) => {
    const x = make(w, 1);
    return async () => Number(await x.add(x.T).mean().compute());
  },
  W8: (w) => {
    const [a, b] = [make(w, 1), make(w, 2)];
    return async () => Number(await nd.abs(a.matmul(b)).sum().compute());
  },
  W10: (w) => {
    const x = make(w, 1);
    return async () => Number(await x.cumsum({ axis: 0 }).sum().compute()) + Number(await x.cumsum({ axis: 1 }).sum().compute());
  },
  W11: (w) => {
    const x = make(w, 1);
    return async () => (await sumOf(x.argmax({ axis: 0 }).compute())) + Number(await x.argmax().compute());
  },
  W13: (w) => {
    const x = make(w, 1);
    return async () => Number(await x.get(x.greater(0)).sum().compute());
  },
  W13take: (w) => {
    const x = make(w, 1);
    const rows = Array.from({ length: w.taken! }, (_, i) => (i * 7919) % w.shape![0]!);
    return async () => Number(await x.get(rows, ":").sum().compute()) + Number(await x.get(":", rows).sum().compute());
  },
  W17: (w) => {
    const x = make(w, 1);
    return async () => {
      const found = await nd.compute([nd.nansum(x), nd.nanmean(x), nd.nanstd(x), nd.nanmax(x)]);
      return found.reduce<number>((total, value) => total + Number(value), 0);
    };
  },
  W18: (w) => {
    const x = make(w, 1);
    return async () => {
      const y = nd.clip(nd.where(x.greater(0), x, x.multiply(0.1)), -0.04, 0.4);
      const z = y.subtract(y.mean({ axis: 0 })).divide(y.std({ axis: 0 }));
      return Number(await z.multiply(z).sum().compute());
    };
  },
  T1: (w) => async () => Number(await nd.ones(w.count! * 8, { chunks: 8 }).sum().compute()),
  T1add: (w) => async () => Number(await nd.ones(w.count! * 8, { chunks: 8 }).add(1).sum().compute()),
  T2: (w) => async () => Number(await nd.ones(w.count! * 8, { chunks: 8 }).sum().compute()),
};

function chain(w: Workload): Work {
  const [x, y] = [make(w, 1), make(w, 2)];
  return async () => {
    const value = nd.sin(x).power(2).add(nd.cos(x).power(2).multiply(y)).subtract(x.multiply(0.5));
    return Number(await value.sum({ dtype: "float64" }).compute());
  };
}

const request = JSON.parse(process.argv[2]!) as Request;
const all = JSON.parse(readFileSync(new URL("workloads.json", import.meta.url), "utf8")) as Record<string, Workload>;
nd.config.set({ threads: request.threads });
const work = workloads[request.workload]!(all[request.workload]!);
let checksum = NaN;
const times = await repeat(async () => void (checksum = await work()), request);
const version = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")).version;
console.log(JSON.stringify({ peer: "ndloom", version: `ndloom ${version}`, ...times, checksum, peakBytes: process.resourceUsage().maxRSS * 1024 }));
