import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import * as nd from "ndloom";
import { Client } from "ndloom";
import { afterEach, describe, expect, test, vi } from "vitest";
import { ask, events } from "./http.js";

let client: Client | undefined;
const create = async (dashboard: nd.DashboardOptions = {}): Promise<Client> => (client = await Client.create({ nWorkers: 2, threadsPerWorker: 1, memoryLimit: "1 GiB", dashboard: { port: 0, ...dashboard } }));
const page = (name: string): URL => new URL(name, client!.dashboardLink!);
afterEach(async () => {
  await client?.shutdown();
  client = undefined;
});

describe("pages", () => {
  test("/status is a whole page by itself, which runs only what is in it", async () => {
    await create();
    const response = await fetch(client!.dashboardLink!);
    expect([response.status, response.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
    const html = await response.text();
    expect(html).not.toMatch(/(src|href)="(https?:)?\/\//);
    const policy = response.headers.get("content-security-policy")!;
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    for (const [tag, directive] of [["script", "script-src"], ["style", "style-src"]] as const) {
      const code = new RegExp(`<${tag}>([^]*?)</${tag}>`).exec(html)![1]!;
      const digest = Buffer.from(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(code))).toString("base64");
      expect(policy).toContain(`${directive} 'sha256-${digest}'`);
    }
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
  });
  test("/ leads to /status, and keeps the query", async () => {
    await create({ token: "secret" });
    const response = await fetch(page("/?token=secret"), { redirect: "manual" });
    expect([response.status, response.headers.get("location")]).toEqual([302, "status?token=secret"]);
  });
  test("/health", async () => {
    await create();
    const response = await fetch(page("health"));
    expect([response.status, await response.json()]).toEqual([200, { status: "ok", bytesInMemory: 0, queued: 0 }]);
  });
  test("/metrics is Prometheus' text: each figure described, typed and a number", async () => {
    await create();
    await nd.ones(10, { chunks: 5 }).sum().compute();
    const response = await fetch(page("metrics"));
    expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
    const text = await response.text();
    expect(text.endsWith("\n")).toBe(true);
    const described = new Set<string>();
    for (const line of text.trimEnd().split("\n")) {
      const meta = /^# (HELP|TYPE) (ndloom_\w+) (.+)$/.exec(line);
      if (meta !== null) described.add(`${meta[1]} ${meta[2]}`);
      else {
        const sample = /^(ndloom_\w+)(\{\w+="\w+"\})? (\S+)$/.exec(line);
        expect(sample, line).not.toBe(null);
        expect(Number.isFinite(Number(sample![3])), line).toBe(true);
        expect([described.has(`HELP ${sample![1]}`), described.has(`TYPE ${sample![1]}`)], line).toEqual([true, true]);
      }
    }
    expect(text).toContain('ndloom_computes_total{state="done"} 1\n');
    expect(text).toContain("ndloom_memory_limit_bytes 1073741824\n");
    const busy = [...text.matchAll(/^ndloom_busy_seconds_total\{worker="(\d)"\} (\S+)$/gm)];
    expect(busy.map((sample) => sample[1])).toEqual(["0", "1"]);
    expect(busy.reduce((total, sample) => total + Number(sample[2]), 0)).toBeGreaterThan(0);
  });
  test("others are not found, whatever the path", async () => {
    await create();
    for (const path of ["/nothing", "/../package.json", "/%2e%2e/package.json", "/status/../../etc/passwd", "//", "//status", "/status%00", "http://[", "*"]) {
      const { status, headers } = await ask(client!.dashboardLink!, path);
      expect([path, status >= 400 && status < 500, headers["content-type"]]).toEqual([path, true, "text/plain; charset=utf-8"]);
    }
    expect((await fetch(page("health"))).status).toBe(200);
  });
  test("only GET and HEAD", async () => {
    await create();
    for (const method of ["POST", "PUT", "DELETE", "OPTIONS"]) {
      expect(await ask(client!.dashboardLink!, "/status", { method })).toMatchObject({ status: 405, headers: { allow: "GET, HEAD" } });
    }
    expect(await ask(client!.dashboardLink!, "/status", { method: "HEAD" })).toMatchObject({ status: 200, body: "" });
    expect(await ask(client!.dashboardLink!, "/events", { method: "HEAD" })).toMatchObject({ status: 200, body: "" });
  });
});

describe("who may look", () => {
  test("names that are not ours are refused, since they may be made to point here", async () => {
    await create();
    const link = client!.dashboardLink!;
    for (const host of ["evil.example", "evil.example:8787", "localhost.evil.example", "127.0.0.1.evil.example"]) {
      expect([host, (await ask(link, "/status", { host })).status]).toEqual([host, 403]);
    }
    for (const host of ["localhost", "localhost:8787", "127.0.0.1:1", "[::1]:8787", "LOCALHOST"]) {
      expect([host, (await ask(link, "/status", { host })).status]).toEqual([host, 200]);
    }
  });
  test("a token is asked for, everywhere", async () => {
    await create({ token: "correct horse" });
    for (const path of ["status", "health", "metrics", "events", "snapshot", ""]) {
      expect([path, (await fetch(page(`/${path}`))).status]).toEqual([path, 401]);
      expect((await fetch(page(`/${path}?token=wrong`))).status).toBe(401);
    }
    expect((await fetch(page("health?token=correct%20horse"))).status).toBe(200);
    expect((await fetch(page("health"), { headers: { authorization: "Bearer correct horse" } })).status).toBe(200);
    expect((await fetch(page("health"), { headers: { authorization: "Bearer correct" } })).status).toBe(401);
  });
});

describe("live", () => {
  test("/events tells of a compute: progress, tasks once each, memory", async () => {
    await create();
    const response = await fetch(page("events"));
    expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    const stream = events(response.body!);
    const first = (await stream.next()).value;
    expect(first).toMatchObject({ computes: [], spans: [], memory: { bytes: 0, limitBytes: 2 ** 30, spilledBytes: 0 }, ended: { done: 0, failed: 0, cancelled: 0 } });
    expect(first.workers).toHaveLength(2);

    await nd.random.normal(0, 1, { size: [4000, 4000] }).mean({ axis: 0 }).compute({ label: "means" });
    const tasks = Number(/^ndloom_tasks_total (\d+)$/m.exec(client!.metrics())![1]);
    let seen = 0;
    for (let message = first; seen < tasks; message = (await stream.next()).value) {
      for (const [thread, run, layer, start, length, count] of message.spans) {
        expect([thread >= 0 && thread < 2, run, Number.isInteger(layer), length >= 0]).toEqual([true, 1, true, true]);
        expect(Math.abs(performance.now() - start)).toBeLessThan(20_000);
        seen += count;
      }
      if (seen === tasks) expect(message.computes).toMatchObject([{ id: 1, label: "means", state: "done" }]);
    }
    expect(seen).toBe(tasks);
    await stream.return();
  });
  test("many viewers, at most four messages a second, some while idle; all end with the client", async () => {
    await create();
    const times: number[][] = [];
    const viewers = Array.from({ length: 10 }, async (_, i) => {
      times[i] = [];
      for await (const message of events((await fetch(page("events"))).body!)) {
        expect(message.nowMs).toBeGreaterThan(0);
        times[i]!.push(performance.now());
      }
    });
    await nd.random.normal(0, 1, { size: [30_000, 30_000] }).sum().compute({ timeoutMs: 1200 }).catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 1300));
    await client!.shutdown();
    await Promise.allSettled(viewers);
    for (const at of times) {
      expect(at.length).toBeGreaterThanOrEqual(3);
      expect(at.length).toBeLessThanOrEqual(4 * 2.5 + 3);
    }
  });
  test("more viewers than a hundred are refused", async () => {
    await create();
    const stop = new AbortController();
    const answers = await Promise.all(Array.from({ length: 101 }, () => fetch(page("events"), { signal: stop.signal })));
    expect(answers.filter((x) => x.status === 200)).toHaveLength(100);
    expect(answers.filter((x) => x.status === 503)).toHaveLength(1);
    stop.abort();
    await vi.waitFor(async () => expect((await ask(client!.dashboardLink!, "/events", { method: "HEAD" })).status).toBe(200), 5000);
  });
});

describe("where it listens", () => {
  test("at the next free port when the one wanted is taken, and it says so", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => other.once("listening", resolve));
    const { port } = other.address() as AddressInfo;
    const warnings: Error[] = [];
    const listen = (warning: Error): number => warnings.push(warning);
    process.on("warning", listen);
    try {
      await create({ port });
      const at = Number(page("/").port);
      expect(at).toBeGreaterThan(port);
      expect((await fetch(page("health"))).status).toBe(200);
      await vi.waitFor(() => expect(warnings.map((w) => w.message)).toEqual([`ndloom: port ${port} is taken, the dashboard is at port ${at}`]));
    } finally {
      process.off("warning", listen);
      await new Promise((resolve) => other.close(resolve));
    }
  });
  test("an address that is not this machine's is refused, and nothing stays open", async () => {
    await expect(create({ host: "203.0.113.1" })).rejects.toMatchObject({ constructor: nd.StorageError, code: "ERR_DASHBOARD" });
    expect(await nd.ones(3).sum().compute()).toBe(3);
  });
  test("it is gone after shutdown", async () => {
    await create();
    const link = client!.dashboardLink!;
    await client!.shutdown();
    await expect(fetch(link)).rejects.toThrow();
  });
});

describe("handler", () => {
  test("gives the pages to a server of one's own, below any path, live too", async () => {
    client = await Client.create({ dashboard: false });
    const handler = client.handler();
    const get = (path: string, init?: RequestInit): Promise<Response> => handler(new Request(`https://example.org/admin/ndloom/${path}`, init));
    expect((await get("status")).status).toBe(200);
    expect((await get("")).headers.get("location")).toBe("status");
    expect(await (await get("health")).json()).toMatchObject({ status: "ok" });
    expect(await (await get("metrics")).text()).toContain("ndloom_threads");
    expect((await get("nothing")).status).toBe(404);
    expect((await get("status", { method: "POST" })).status).toBe(405);

    const stop = new AbortController();
    const aborted = events((await get("events", { signal: stop.signal })).body!);
    expect((await aborted.next()).value).toMatchObject({ computes: [] });
    stop.abort();
    expect((await aborted.next()).done).toBe(true);

    const left = events((await get("events")).body!);
    await left.next();
    await left.return();

    const open = events((await get("events")).body!);
    await nd.ones(1000, { chunks: 10 }).sum().compute();
    let tasks = 0;
    while (tasks === 0) tasks = (await open.next()).value.spans.length;
    await client.shutdown();
    expect((await open.next()).done).toBe(true);
    expect([(await get("health")).status, (await get("metrics")).status, (await get("events")).status]).toEqual([503, 503, 503]);
  });
});
