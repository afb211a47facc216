import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { availableParallelism, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { inspect } from "node:util";
import * as nd from "ndloom";
import { Client, ClosedError, OptionError } from "ndloom";
import { afterEach, describe, expect, test } from "vitest";
import { events } from "./http.js";

const open: Client[] = [];
async function create(options: nd.ClientOptions = {}): Promise<Client> {
  const client = await Client.create({ dashboard: false, ...options });
  open.push(client);
  return client;
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((client) => client.shutdown()));
});

/** Work that takes seconds. */
const long = (): nd.ChunkedArray => nd.random.normal(0, 1, { size: [100_000, 100_000], chunks: [2000, 2000] }).sin().sum();
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe("options", () => {
  const cores = availableParallelism();

  test("defaults are those of Dask's local cluster: all cores, memory in proportion", async () => {
    const client = await create();
    expect(client.nWorkers).toBe(Math.min(4, cores));
    expect(client.threadsPerWorker).toBe(Math.max(1, Math.floor(cores / client.nWorkers)));
    expect(client.memoryLimit).toBe(Math.floor(totalmem() * Math.min(1, client.threads / cores)));
    expect(client.dashboardLink).toBe(null);
  });
  test("workers divide the cores, and have a thread each at least", async () => {
    const one = await create({ nWorkers: 1 });
    expect([one.threadsPerWorker, one.threads]).toEqual([cores, cores]);
    const many = await create({ nWorkers: 2 * cores });
    expect([many.threadsPerWorker, many.threads]).toEqual([1, 2 * cores]);
    const few = await create({ nWorkers: 1, threadsPerWorker: 1, memoryLimit: "64 MiB" });
    expect([few.threads, few.memoryLimit]).toEqual([1, 64 * 2 ** 20]);
  });
  test.each<[string, object]>([
    ["nWorkers", { nWorkers: 0 }],
    ["nWorkers", { nWorkers: 1.5 }],
    ["nWorkers", { nWorkers: "4" }],
    ["nWorkers", { nWorkers: 200, threadsPerWorker: 2 }],
    ["threadsPerWorker", { threadsPerWorker: 257 }],
    ["memoryLimit", { memoryLimit: 0 }],
    ["spill", { spill: true }],
    ["spill.directory", { spill: { directory: "" } }],
    ["spill.limit", { spill: { limit: 0 } }],
    ["spill.compression", { spill: { compression: "lz4" } }],
    ["dashboard", { dashboard: 8787 }],
    ["dashboard.port", { dashboard: { port: 70_000 } }],
    ["dashboard.host", { dashboard: { host: "" } }],
    ["dashboard.token", { dashboard: { token: "" } }],
    ["drainOnSigterm", { drainOnSigterm: 5 }],
    ["drainOnSigterm.timeoutMs", { drainOnSigterm: { timeoutMs: -1 } }],
    ["processes", { processes: true }],
  ])("%s is checked: %j", async (option, options) => {
    await expect(Client.create({ dashboard: false, ...options })).rejects.toMatchObject({ constructor: OptionError, option });
  });
  test("a limit that is no number of bytes is refused", async () => {
    await expect(Client.create({ dashboard: false, memoryLimit: "1 gigs" as never })).rejects.toThrow(nd.NdloomError);
  });
});

describe("computing", () => {
  test("arrays compute on the open client, many at once, and stay after it", async () => {
    const client = await create({ nWorkers: 2 });
    const x = nd.arange(10, { dtype: "float64", chunks: 5 });
    expect(await x.sum().compute()).toBe(45);
    expect(await client.compute([x.min(), x.max()])).toEqual([0, 9]);
    const [kept, total] = await client.persist([x.add(1), x.sum()]);
    await client.shutdown();
    expect((await kept.compute()).toNested()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(await total.compute()).toBe(45);
    await kept[Symbol.asyncDispose]();
    await expect(kept.compute()).rejects.toThrow(nd.DisposedError);
  });
  test("the memory limit is the client's", async () => {
    await create({ memoryLimit: "1 MiB" });
    await expect(nd.random.random([1000, 1000]).compute()).rejects.toMatchObject({ constructor: nd.MemoryPlanError, limitBytes: 2 ** 20 });
  });
  test("the last client that is open is the current one", async () => {
    const first = await create({ nWorkers: 1, threadsPerWorker: 1 });
    const second = await create({ nWorkers: 1, threadsPerWorker: 1 });
    const tasks = (client: Client): number => Number(/^ndloom_tasks_total (\d+)$/m.exec(client.metrics())![1]);
    await nd.ones(10).sum().compute();
    expect([tasks(first), tasks(second) > 0]).toEqual([0, true]);
    await first.compute([nd.ones(10).sum()]);
    expect(tasks(first)).toBeGreaterThan(0);
    const before = tasks(first);
    await second.shutdown();
    await nd.ones(10).sum().compute();
    expect(tasks(first)).toBeGreaterThan(before);
  });
  test("a failed and a cancelled compute are counted", async () => {
    const client = await create();
    await expect(long().compute({ timeoutMs: 50 })).rejects.toMatchObject({ code: "ERR_TIMEOUT" });
    expect(client.metrics()).toContain('ndloom_computes_total{state="cancelled"} 1\n');
    expect(await nd.ones(3).sum().compute()).toBe(3);
    expect(client.metrics()).toContain('ndloom_computes_total{state="done"} 1\n');
  });
});

describe("shutdown", () => {
  test("ends what runs with ClosedError, soon, and refuses what comes after", async () => {
    const client = await create();
    const running = Promise.allSettled([long().compute(), client.compute([long(), long()])]);
    await pause(100);
    expect(client.health()).toMatchObject({ status: "ok" });
    const start = performance.now();
    await client.shutdown();
    for (const end of await running) expect(end).toMatchObject({ status: "rejected", reason: { constructor: ClosedError, code: "ERR_CLOSED" } });
    expect(performance.now() - start).toBeLessThan(2000);
    expect(client.status).toBe("closed");
    expect(client.health()).toEqual({ status: "closing", bytesInMemory: 0, queued: 0 });
    await expect(client.compute([nd.ones(3)])).rejects.toThrow(ClosedError);
    await expect(client.persist([nd.ones(3)])).rejects.toThrow(ClosedError);
    expect(() => client.metrics()).toThrow(ClosedError);
    expect(() => client.handler()).toThrow(ClosedError);
  });
  test("in the same turn as a compute, and amid one that selects by masks", async () => {
    const client = await create();
    const x = nd.random.normal(0, 1, { size: 20_000_000 });
    const selected = client.compute([x.get(x.greater(0)).sum()]).catch((error) => error);
    const plain = client.compute([long()]).catch((error) => error);
    await client.shutdown();
    expect([await selected, await plain].map((error) => error.constructor)).toEqual([ClosedError, ClosedError]);

    for (const ms of [1, 5, 20]) {
      const other = await create();
      const ended = other.compute([x.get(x.greater(0)).sum()]).catch((error) => error);
      await pause(ms);
      await other.shutdown();
      expect([ClosedError, Array]).toContain((await ended).constructor);
    }
  });
  test("draining lets what runs end, and takes nothing new", async () => {
    const client = await create();
    const work = nd.random.normal(0, 1, { size: [20_000, 1000] }).sin().sum();
    const running = [work.compute(), client.compute([work.add(1)])];
    const closing = client.shutdown({ drain: true });
    expect([client.status, client.health().status]).toEqual(["closing", "closing"]);
    await expect(work.add(2).compute()).rejects.toThrow(ClosedError);
    await expect(client.compute([work])).rejects.toThrow(ClosedError);
    await expect(client.persist([work])).rejects.toThrow(ClosedError);
    expect((await Promise.allSettled(running)).map((end) => end.status)).toEqual(["fulfilled", "fulfilled"]);
    await closing;
    expect(client.status).toBe("closed");
  });
  test("draining ends when its time is over, or somebody is in a hurry", async () => {
    for (const hurry of [false, true]) {
      const client = await create();
      const running = long().compute();
      const closing = client.shutdown({ drain: true, timeoutMs: hurry ? 1e12 : 20 });
      if (hurry) void client.shutdown();
      await expect(running).rejects.toThrow(ClosedError);
      await closing;
    }
    const client = await create();
    await client.shutdown({ drain: true });
    expect(() => client.shutdown({ timeoutMs: -1 })).toThrow(OptionError);
  });
  test("on SIGTERM, when asked to; the process then ends by it", async () => {
    const script = `
      import * as nd from "ndloom";
      const client = await nd.Client.create({ dashboard: false, drainOnSigterm: true });
      const sum = nd.random.normal(0, 1, { size: [50000, 1000] }).sin().sum().compute();
      process.kill(process.pid, "SIGTERM");
      while (client.status === "running") await new Promise((resolve) => setTimeout(resolve, 1));
      const late = await nd.ones(3).compute().catch((error) => error.code);
      console.log(Number.isFinite(await sum), late);
      setTimeout(() => console.log("still there"), 60_000);
    `;
    const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], { cwd: join(import.meta.dirname, "../../.."), env: { ...process.env, TSX_TSCONFIG_PATH: "tsconfig.json" }, stdio: ["ignore", "pipe", "inherit"] });
    let out = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
    const [code, signal] = (await once(child, "close")) as [number | null, string | null];
    expect([out, code, signal]).toEqual(["true ERR_CLOSED\n", null, "SIGTERM"]);
  }, 60_000);
  test("more than once, and by leaving a scope", async () => {
    const client = await create();
    const first = client.shutdown();
    expect(client.shutdown()).toBe(first);
    await first;
    let left: Client;
    {
      await using scoped = await Client.create({ dashboard: false });
      left = scoped;
      expect(scoped.status).toBe("running");
    }
    expect(left.status).toBe("closed");
    expect(await nd.ones(3).sum().compute()).toBe(3);
  });
});

describe("what it shows", () => {
  test("Dask's panel, as text and HTML", async () => {
    const client = await create({ nWorkers: 2, threadsPerWorker: 1, memoryLimit: "1 GiB" });
    const info = client.schedulerInfo();
    expect(info).toMatchObject({ type: "threads", status: "running", dashboardLink: null, totalThreads: 2, totalMemory: 2 ** 30 });
    expect(info.workers).toEqual([0, 1].map((name) => ({ name, threads: 1, memoryLimit: 2 ** 29 })));
    const text = inspect(client);
    for (const line of ["Workers            2", "Total threads      2", "Total memory       1.00 GiB", "Status             running", "Using processes    False", "Worker 1           1 thread, 512.00 MiB"]) {
      expect(text).toContain(`  ${line}`);
    }
    const html = client.toHTML();
    expect(html).toContain('<th scope="row">Total memory</th><td>1.00 GiB</td>');
    expect(html).toContain('<th scope="row">Worker 0</th><td>1 thread, 512.00 MiB</td>');
    expect(String(client)).toBe("<Client: no dashboard, 2 workers, 2 threads, 1.00 GiB, running>");
  });
});

test("a script that forgets to shut down ends, though somebody looks at its dashboard", async () => {
  const directory = await mkdtemp(join(tmpdir(), "ndloom-client-"));
  try {
    const script = join(directory, "forgets.mts");
    const library = pathToFileURL(join(import.meta.dirname, "../../../lib/index.ts"));
    await writeFile(script, `import * as nd from "${library}";
const client = await nd.Client.create({ dashboard: { port: 0 } });
console.log(client.dashboardLink);
setTimeout(async () => console.log(await nd.ones(10, { chunks: 5 }).sum().compute()), 500);
`);
    const child = spawn(process.execPath, ["--import", "tsx", script], { stdio: ["ignore", "pipe", "inherit"] });
    child.stdout.setEncoding("utf8");
    const [link] = (await once(child.stdout, "data")) as [string];
    const viewer = events((await fetch(new URL("events", link.trim()))).body!);
    expect((await viewer.next()).value.computes).toEqual([]);
    const seen = (async () => {
      for await (const _ of viewer);
    })().catch(() => "cut off");
    const [result] = (await once(child.stdout, "data")) as [string];
    expect(result).toBe("10\n");
    expect(await once(child, "exit")).toEqual([0, null]);
    expect(await seen).toBe("cut off");
  } finally {
    await rm(directory, { recursive: true });
  }
});
