import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import * as nd from "ndloom";
import { duration, table } from "../measure.js";

/** Bytes that a compute may hold; the process should stay under it and 150 MB more. */
const LIMIT = "512MiB";

/** What a case found, in a process of its own. */
interface Found {
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Numbers that tell a right result from a wrong one. */
  readonly values: readonly number[];
  readonly peakMegabytes: number;
}
interface Case {
  readonly name: string;
  readonly run: (path: string, n: number) => Promise<readonly number[]>;
  /** The same from the generated array, which is in no file. */
  readonly wanted?: string;
}

const options = { memoryLimit: LIMIT } as const;
const generated = (n: number): nd.ChunkedArray => nd.random.random([n, n], { seed: 7 });
const numbers = async (x: nd.ChunkedArray): Promise<number[]> => {
  const [result] = (await nd.compute([x], options)) as [number | nd.NDArray<"float64">];
  return result instanceof nd.NDArray ? [...result.data] : [result];
};

const CASES: Readonly<Record<string, Case>> = {
  total: { name: "random, summed, in no file", run: (_, n) => numbers(generated(n).sum()) },
  columns: { name: "random, summed down the columns, in no file", run: (_, n) => numbers(generated(n).sum({ axis: 0 })) },
  write: { name: "random, to the file", run: async (path, n) => (await generated(n).toNpy(path, options), []) },
  mean: { name: "x.mean()", wanted: "total", run: async (path, n) => (await numbers((await nd.fromNpy(path)).mean())).map((x) => x * n * n) },
  transposed: {
    name: "(x + x.T).sum()", wanted: "total",
    run: async (path) => {
      const x = await nd.fromNpy(path);
      return (await numbers(x.add(x.T).sum())).map((sum) => sum / 2);
    },
  },
  rechunked: {
    name: "x.rechunk(rows → columns).sum(0)", wanted: "columns",
    run: async (path) => numbers((await nd.fromNpy(path, { chunks: [1024, -1] })).rechunk([-1, 1024]).sum({ axis: 0 })),
  },
};

/** Arrays many times the memory limit, from generators and from files: time, the process' peak memory, and whether the result is right. */
export async function outOfCore(gibibytes: number, parent: string = tmpdir()): Promise<void> {
  const n = Math.round(Math.sqrt((gibibytes * 2 ** 30) / 8));
  const folder = await mkdtemp(join(parent, "ndloom-out-of-core-"));
  const path = join(folder, "x.npy");
  const found: Record<string, Found> = {};
  const rows = [[`${n}² float64 (${gibibytes} GiB), ${LIMIT}`, "time", "GB/s", "processor time", "peak of the process", "right"]];
  try {
    for (const [key, { name, wanted }] of Object.entries(CASES)) {
      const { seconds, cpuSeconds, values, peakMegabytes } = (found[key] = await inProcess(key, path, n));
      const right = wanted === undefined ? "" : isClose(values, found[wanted]!.values) ? "yes" : "no";
      rows.push([name, duration(seconds), ((8 * n * n) / seconds / 1e9).toFixed(1), duration(cpuSeconds), `${peakMegabytes.toFixed(0)} MB`, right]);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  console.log(table(rows));
}

const isClose = (a: readonly number[], b: readonly number[]): boolean => a.length === b.length && a.every((x, i) => Math.abs(x - b[i]!) <= 1e-11 * Math.abs(b[i]!));

async function inProcess(key: string, path: string, n: number): Promise<Found> {
  const self = fileURLToPath(import.meta.url);
  const { stdout } = await promisify(execFile)(process.execPath, ["--import", "tsx", self, key, path, String(n)], {
    env: { ...process.env, TSX_TSCONFIG_PATH: "tsconfig.build.json" }, maxBuffer: 2 ** 26,
  });
  return JSON.parse(stdout) as Found;
}

// The process of one case.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [key, path, n] = process.argv.slice(2) as [string, string, string];
  const cpu = process.cpuUsage();
  const start = performance.now();
  const values = await CASES[key]!.run(path, Number(n));
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const peakKilobytes = Number(/VmHWM:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))![1]);
  console.log(JSON.stringify({ seconds, cpuSeconds: (user + system) / 1e6, values, peakMegabytes: (peakKilobytes * 1024) / 1e6 }));
}
