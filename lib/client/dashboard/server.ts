import { createHash, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { StorageError } from "../../errors/index.js";
import type { DashboardOptions } from "../client-options.js";
import type { Monitor } from "../monitor.js";
import { statusPage } from "./page.js";
import { EventStream } from "./stream.js";

/** How many ports after a taken one are tried. */
const NEXT_PORTS = 32;

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const HEADERS: Readonly<Record<string, string>> = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

/** A client's pages: `/status`, live by `/events`; `/health` and `/metrics` for machines. It keeps no process alive. */
export class Dashboard {
  readonly link: string;
  readonly #streams = new Set<EventStream>();

  private constructor(private readonly server: Server, private readonly monitor: Monitor, private readonly options: DashboardOptions, host: string) {
    const { port } = server.address() as AddressInfo;
    this.link = `http://${host.includes(":") ? `[${host}]` : host}:${port}/status`;
    server.on("request", (request, response) => this.#serve(request, response));
    server.unref();
  }

  /** Starts a server; takes the next free port when the one wanted is taken. @throws {StorageError} when it cannot listen. */
  static async listen(monitor: Monitor, options: DashboardOptions): Promise<Dashboard> {
    const { port = 8787, host = "127.0.0.1" } = options;
    for (let next = port; ; next++) {
      const server = createServer({ requestTimeout: 10_000 });
      try {
        await new Promise<void>((resolve, reject) => {
          server.once("error", reject);
          server.listen(next, host, () => {
            server.off("error", reject);
            resolve();
          });
        });
        return new Dashboard(server, monitor, options, host);
      } catch (error) {
        const taken = (error as NodeJS.ErrnoException).code === "EADDRINUSE";
        if (taken && port !== 0 && next < Math.min(65535, port + NEXT_PORTS)) continue;
        throw new StorageError(`Client.create: the dashboard cannot listen on ${host}, port ${next}`, { code: "ERR_DASHBOARD", cause: error, hint: "choose another dashboard.port or host, or dashboard: false" });
      }
    }
  }

  /** The pages without a server: a handler to mount in one's own, which is to see to who may ask. `/events` is a stream there too. */
  static handler(monitor: Monitor): (request: Request) => Promise<Response> {
    return async (request) => {
      const { pathname } = new URL(request.url);
      if (request.method !== "GET" && request.method !== "HEAD") return new Response("Only GET is answered here.\n", { status: 405, headers: { allow: "GET, HEAD" } });
      const page = pathname.slice(pathname.lastIndexOf("/"));
      if (page === "/events") return new Response(EventStream.readable(monitor, request.signal), { headers: { ...HEADERS, "content-type": "text/event-stream" } });
      const { status, type, body, headers } = answer(page, monitor);
      return new Response(request.method === "HEAD" ? null : body, { status, headers: { ...HEADERS, "content-type": type, ...headers } });
    };
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? "/", "http://dashboard");
    const refusal = this.#refuse(request, url);
    if (refusal === undefined && url.pathname === "/events") {
      response.writeHead(200, { ...HEADERS, "content-type": "text/event-stream" });
      const stream = new EventStream(this.monitor, response);
      this.#streams.add(stream);
      response.on("close", () => this.#streams.delete(stream));
      return;
    }
    const { status, type, body, headers } = refusal ?? answer(url.pathname, this.monitor);
    response.writeHead(status, { ...HEADERS, "content-type": type, ...headers });
    response.end(request.method === "HEAD" ? undefined : body);
  }

  /** Why a request is not answered, if so. */
  #refuse(request: IncomingMessage, url: URL): Answer | undefined {
    if (request.method !== "GET" && request.method !== "HEAD") return { ...text(405, "Only GET is answered here."), headers: { allow: "GET, HEAD" } };
    // A page elsewhere could have its name resolve to this machine: the name that was asked for must be ours.
    if (!this.#isOurName(request.headers.host)) return text(403, "This name is not the dashboard's.");
    const { token } = this.options;
    if (token === undefined) return undefined;
    const given = url.searchParams.get("token") ?? /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1] ?? "";
    return sameSecret(given, token) ? undefined : text(401, "A token is needed: ?token=... or Authorization: Bearer.");
  }
  #isOurName(header: string | undefined): boolean {
    const name = (header ?? "").replace(/:\d+$/, "").replace(/^\[|\]$/g, "").toLowerCase();
    const { host = "127.0.0.1" } = this.options;
    // Listening on every address, or on a name, is for others to see: then any name may be ours.
    const local = ["127.0.0.1", "localhost", "::1"];
    return !local.includes(host) || local.includes(name);
  }

  async close(): Promise<void> {
    for (const stream of this.#streams) stream.end();
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    await closed;
  }
}

function answer(path: string, monitor: Monitor): Answer {
  switch (path) {
    case "/":
      return { ...text(302, "See /status."), headers: { location: "status" } };
    case "/status":
      return { status: 200, type: "text/html; charset=utf-8", body: statusPage() };
    case "/health": {
      const health = monitor.health();
      return { status: health.status === "ok" ? 200 : 503, type: "application/json", body: `${JSON.stringify(health)}\n` };
    }
    case "/metrics":
      return { status: 200, type: "text/plain; version=0.0.4; charset=utf-8", body: monitor.metrics() };
    case "/snapshot":
      return { status: 200, type: "application/json", body: JSON.stringify(monitor.snapshot()) };
    default:
      return text(404, "There is /status, /health, /metrics and /snapshot.");
  }
}

const text = (status: number, body: string): Answer => ({ status, type: "text/plain; charset=utf-8", body: `${body}\n` });

/** Compares in a time that tells nothing of where they differ. */
function sameSecret(a: string, b: string): boolean {
  const digest = (s: string): Buffer => createHash("sha256").update(s).digest();
  return timingSafeEqual(digest(a), digest(b));
}
