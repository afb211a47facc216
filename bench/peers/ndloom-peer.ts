// ndloom's side of the comparison: runs one workload and prints the line of JSON that measure.ts reads, as peer.py does.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import * as nd from "ndloom";
import { hashed } from "../inputs.js";
import { repeat } from "../measure.js";
import type { Answer, Request, Workload } from "./protocol.js";

type Work = () => Promise<number>;

const inputs: (Float64Array | Float32Array)[] = [];

function buffer(w: Workload, seed: number): Float64Array | Float32Array {
  const size = w.shape!.reduce((a, b) => a * b, 1);
  const made = hashed(w.dtype === "float32" ? new Float32Array(size) : new Float64Array(size), seed, w.nan);
  inputs.push(made);
  return made;
}

function make(w: Workload, seed: number) {
  return nd.fromArray(buffer(w, seed), { shape: w.shape, chunks: (w.chunks as nd.ChunksSpec | undefined) ?? "auto" });
}

type Elements = { readonly data: ArrayLike<number | bigint> };

/** The sum of an array's elements, each times weight(its flat index). */
async function sumOf(array: Elements | Promise<Elements>, weight: (i: number) => number = () => 1): Promise<number> {
  const { data } = await array;
  let total = 0;
  for (let i = 0; i < data.length; i++) total += Number(data[i]) * weight(i);
  return total;
}

/** Where `k` shuffled rows lie among `n`. */
const shuffled = (k: number, n: number): number[] => Array.from({ length: k }, (_, i) => (i * 7919) % n);

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
      const moments = [0, 1, 2].flatMap((axis) => [x.mean({ axis }), x.std({ axis }), x.var({ axis })]);
      let total = 0;
      for (const result of await nd.compute(moments)) total += await sumOf(result as nd.NDArray);
      return total;
    };
  },
  W6: (w) => {
    const x = make(w, 1);
    return async () => Number(await x.add(x.T).mean().compute());
  },
  W7: (w) => {
    const x = make(w, 1);
    return () => sumOf(x.rechunk([...w.to!]).sum({ axis: 0 }).compute(), (column) => column);
  },
  W8: (w) => {
    const [a, b] = [make(w, 1), make(w, 2)];
    return async () => Number(await nd.abs(a.matmul(b)).sum().compute());
  },
  W9laplacian: (w) => {
    const x = make(w, 1);
    return async () => {
      const p = nd.pad(x, 1, { mode: "edge" });
      const sides = p.get(":-2", "1:-1").add(p.get("2:", "1:-1")).add(p.get("1:-1", ":-2")).add(p.get("1:-1", "2:"));
      return Number(await nd.square(sides.subtract(x.multiply(4))).sum().compute());
    };
  },
  W9mean3x3: (w) => {
    const x = make(w, 1);
    return async () => {
      const p = nd.pad(x, 1, { mode: "edge" });
      const spans = [":-2", "1:-1", "2:"];
      const around = spans.flatMap((rows) => spans.map((columns) => p.get(rows, columns)));
      const mean = around.reduce((sum, one) => sum.add(one)).divide(9);
      return Number(await nd.square(mean).sum().compute());
    };
  },
  W10: (w) => {
    const x = make(w, 1);
    return async () => Number(await x.cumsum({ axis: 0 }).sum().compute()) + Number(await x.cumsum({ axis: 1 }).sum().compute());
  },
  W11argmax: (w) => {
    const x = make(w, 1);
    return async () => (await sumOf(x.argmax({ axis: 0 }).compute())) + Number(await x.argmax().compute());
  },
  W11topk: (w) => {
    const x = make(w, 1);
    return () => sumOf(nd.topk(x, w.taken!).compute());
  },
  W11percentile: (w) => {
    const x = make(w, 1);
    return () => sumOf(nd.percentile(x, [1, 50, 99]).compute(), (i) => i + 1);
  },
  W12: (w) => {
    const x = make(w, 1);
    return () => sumOf(nd.histogram(x, { bins: w.bins!, range: [-0.5, 0.5] })[0].compute(), (i) => i);
  },
  W13: (w) => {
    const x = make(w, 1);
    return async () => Number(await x.get(x.greater(0)).sum().compute());
  },
  W13take: (w) => {
    const x = make(w, 1);
    const taken = shuffled(w.taken!, w.shape![0]!);
    return async () => Number(await x.get(taken, ":").sum().compute()) + Number(await x.get(":", taken).sum().compute());
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
  T1: ones,
  T1add: onesAndOne,
  T2: ones,
  T3: onesAndOne,
  M1: (w) => async () => Number(await nd.random.random(w.shape!, { chunks: w.chunks as number[] }).sum().compute()),
  M2transpose: (w) => async () => {
    const x = await opened(w);
    return Number(await x.add(x.T).sum().compute());
  },
  M2rechunk: (w) => async () => sumOf((await opened(w)).rechunk([...w.to!]).sum({ axis: 0 }).compute(), (column) => column),
};

const opened = (w: Workload): Promise<nd.ChunkedArray> => nd.fromNpy(request.file!, { chunks: w.chunks as number[] });

function ones(w: Workload): Work {
  return async () => Number(await nd.ones(w.count! * 8, { chunks: 8 }).sum().compute());
}

function onesAndOne(w: Workload): Work {
  return async () => Number(await nd.ones(w.count! * 8, { chunks: 8 }).add(1).sum().compute());
}

function chain(w: Workload): Work {
  const [x, y] = [make(w, 1), make(w, 2)];
  return async () => {
    const value = nd.sin(x).power(2).add(nd.cos(x).power(2).multiply(y)).subtract(x.multiply(0.5));
    return Number(await value.sum({ dtype: "float64" }).compute());
  };
}

/** The same sum over the same memory in chunks of every size, each described, planned and run; in turns, so that a slow moment hits all alike. */
async function chunkSizes(w: Workload, request: Request): Promise<Pick<Answer, "seconds" | "cpuSeconds" | "checksum" | "byChunkBytes">> {
  const data = buffer(w, 1);
  const least: Record<string, number> = {};
  let checksum = NaN;
  const round = async (): Promise<void> => {
    for (const bytes of w.chunkBytes!) {
      const start = performance.now();
      const x = nd.fromArray(data, { shape: w.shape, chunks: bytes / 8 });
      checksum = Number(await nd.sqrt(nd.square(x).add(1)).sum().compute());
      least[bytes] = Math.min(least[bytes] ?? Infinity, (performance.now() - start) / 1000);
    }
  };
  return { ...(await repeat(round, request)), checksum, byChunkBytes: least };
}

/** Reads all inputs plainly, and notes how long a byte takes. */
function reader(addon: string, readSeconds: number[]): () => void {
  const { read } = createRequire(import.meta.url)(addon) as { read(array: ArrayBufferView): number };
  const bytes = inputs.reduce((n, x) => n + x.byteLength, 0);
  return () => readSeconds.push(inputs.reduce((n, x) => n + read(x), 0) / bytes);
}

const request = JSON.parse(process.argv[2]!) as Request;
const all = JSON.parse(readFileSync(new URL("workloads.json", import.meta.url), "utf8")) as Record<string, Workload>;
const workload = all[request.workload]!;
nd.config.set({ threads: request.threads });
if (request.config["memory"] !== undefined) nd.config.set({ "memory-limit": request.config["memory"] as nd.Bytes });

let measured: Pick<Answer, "seconds" | "cpuSeconds" | "checksum" | "byChunkBytes" | "readSeconds">;
if (workload.chunkBytes) {
  measured = await chunkSizes(workload, request);
} else {
  const work = workloads[request.workload]!(workload);
  let checksum = NaN;
  const readSeconds: number[] = [];
  const times = await repeat(async () => void (checksum = await work()), request, request.reading === undefined ? undefined : reader(request.reading, readSeconds));
  measured = { ...times, checksum, readSeconds };
}
const version = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")).version;
const answer: Answer = { version: `ndloom ${version}`, ...measured, peakBytes: process.resourceUsage().maxRSS * 1024 };
console.log(JSON.stringify(answer));
