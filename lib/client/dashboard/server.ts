import { createHash, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, isIP } from "node:net";
import { hostname } from "node:os";
import { StorageError } from "../../errors/index.js";
import type { DashboardOptions } from "../client-options.js";
import { metricsText } from "../metrics.js";
import type { Monitor } from "../monitor.js";
import { feedStream, sendFeed } from "./feed.js";
import { PAGE_SCRIPT, PAGE_STYLE, statusPage } from "./page.js";

/** How many ports after a taken one are tried, and how many viewers are served at once. */
const NEXT_PORTS = 32;
const MOST_VIEWERS = 100;
/** Stands in for our own where only paths are asked for. */
const ORIGIN = "http://dashboard";

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const sha256 = (text: string): Buffer => createHash("sha256").update(text).digest();
const sourceOf = (text: string): string => `'sha256-${sha256(text).toString("base64")}'`;

const HEADERS: Readonly<Record<string, string>> = {
  "cache-control": "no-store",
  "content-security-policy": [
    "default-src 'none'", `script-src ${sourceOf(PAGE_SCRIPT)}`, `style-src ${sourceOf(PAGE_STYLE)}`, "connect-src 'self'", "img-src data:",
    "base-uri 'none'", "form-action 'none'", "frame-ancestors 'self'",
  ].join("; "),
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};
const EVENTS_HEADERS = { ...HEADERS, "content-type": "text/event-stream; charset=utf-8" };

/** A client's pages: `/status`, live by `/events`; `/health` and `/metrics` for machines. Neither it nor its viewers keep the process alive. */
export class Dashboard {
  readonly link: string;
  readonly #endFeeds = new Set<() => void>();

  private constructor(private readonly server: Server, private readonly monitor: Monitor, private readonly options: DashboardOptions, host: string) {
    const { port } = server.address() as AddressInfo;
    this.link = `http://${host.includes(":") ? `[${host}]` : host}:${port}/status`;
    server.on("request", (request, response) => this.#serve(request, response));
    server.on("connection", (socket) => socket.unref());
    server.unref();
  }

  /**
   * Starts a server; takes the next free port, and says so, when the one wanted is taken.
   *
   * @throws {StorageError} `ERR_DASHBOARD` when it cannot listen.
   */
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
        if (next !== port && port !== 0) process.emitWarning(`ndloom: port ${port} is taken, the dashboard is at port ${next}`, { code: "NDLOOM_DASHBOARD_PORT" });
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
      const url = new URL(request.url);
      const path = url.pathname.slice(url.pathname.lastIndexOf("/"));
      const refusal = refuseMethod(request.method);
      const head = request.method === "HEAD";
      if (refusal === undefined && path === "/events" && !monitor.closed) {
        return new Response(head ? null : feedStream(monitor, request.signal), { headers: EVENTS_HEADERS });
      }
      const { status, type, body, headers } = refusal ?? answer(path, url.search, monitor);
      return new Response(head ? null : body, { status, headers: { ...HEADERS, "content-type": type, ...headers } });
    };
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const head = request.method === "HEAD";
    const address = `${ORIGIN}${request.url}`;
    const url = request.url?.startsWith("/") && URL.canParse(address) ? new URL(address) : undefined;
    const refusal = url === undefined ? text(400, "This is no address.") : this.#refuse(request, url);
    if (refusal === undefined && url!.pathname === "/events") {
      response.writeHead(200, EVENTS_HEADERS);
      if (head) response.end();
      else this.#feed(response);
      return;
    }
    const { status, type, body, headers } = refusal ?? answer(url!.pathname, url!.search, this.monitor);
    response.writeHead(status, { ...HEADERS, "content-type": type, ...headers });
    response.end(head ? undefined : body);
  }
  #feed(response: ServerResponse): void {
    const end = sendFeed(this.monitor, response);
    this.#endFeeds.add(end);
    response.on("close", () => this.#endFeeds.delete(end));
  }

  /** Why a request is not answered, if so. */
  #refuse(request: IncomingMessage, url: URL): Answer | undefined {
    const refusal = refuseMethod(request.method);
    if (refusal !== undefined) return refusal;
    if (!this.#isOurName(request.headers.host)) return text(403, "This name is not the dashboard's.");
    const { token } = this.options;
    if (token !== undefined) {
      const given = url.searchParams.get("token") ?? /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1] ?? "";
      // Equally long digests, so that the time tells nothing of where they differ.
      if (!timingSafeEqual(sha256(given), sha256(token))) return text(401, "A token is needed: ?token=... or Authorization: Bearer ...");
    }
    if (url.pathname === "/events" && this.#endFeeds.size >= MOST_VIEWERS) return text(503, "Too many look at it already.");
    return undefined;
  }
  /** A page elsewhere could have its own name resolve to this machine: addresses are fine, names must be ours. */
  #isOurName(header: string | undefined): boolean {
    const name = (header ?? "").replace(/:\d+$/, "").replace(/^\[|\]$/g, "").toLowerCase();
    return isIP(name) !== 0 || name === "localhost" || name === hostname().toLowerCase() || name === this.options.host?.toLowerCase();
  }

  async close(): Promise<void> {
    for (const end of this.#endFeeds) end();
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    await closed;
  }
}

function answer(path: string, search: string, monitor: Monitor): Answer {
  if (monitor.closed && path !== "/health") return text(503, "The client has been shut down.");
  switch (path) {
    case "/":
      return { ...text(302, "See /status."), headers: { location: `status${search}` } };
    case "/status":
      return { status: 200, type: "text/html; charset=utf-8", body: statusPage() };
    case "/health": {
      const health = monitor.health();
      return { status: health.status === "ok" ? 200 : 503, type: "application/json", body: `${JSON.stringify(health)}\n` };
    }
    case "/metrics":
      return { status: 200, type: "text/plain; version=0.0.4; charset=utf-8", body: metricsText(monitor) };
    case "/snapshot":
      return { status: 200, type: "application/json", body: `${JSON.stringify(monitor.snapshot())}\n` };
    default:
      return text(404, "There is /status, /health, /metrics and /snapshot.");
  }
}

const refuseMethod = (method: string | undefined): Answer | undefined =>
  method === "GET" || method === "HEAD" ? undefined : { ...text(405, "Only GET is answered here."), headers: { allow: "GET, HEAD" } };

const text = (status: number, body: string): Answer => ({ status, type: "text/plain; charset=utf-8", body: `${body}\n` });
