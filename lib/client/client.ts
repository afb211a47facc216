import { randomUUID } from "node:crypto";
import { inspect } from "node:util";
import { type AnyArray, keptArray } from "../array/chunked-array.js";
import { exprsOf, resultsOf, type Results } from "../array/compute.js";
import { keep } from "../array/persist.js";
import { formatBytes } from "../config/index.js";
import { ClosedError } from "../errors/index.js";
import { Engine, pushEngine, removeEngine } from "../runtime/engine.js";
import { computeExprs, type ComputeOptions } from "../runtime/compute.js";
import { checkShutdown, type ClientOptions, type ClientPlan, planClient, type ShutdownOptions } from "./client-options.js";
import { Dashboard } from "./dashboard/server.js";
import { metricsText } from "./metrics.js";
import { type Health, Monitor } from "./monitor.js";
import { drainOnSigterm } from "./sigterm.js";
import { panelHtml, panelText, type SchedulerInfo } from "./panel.js";

/** Arrays whose elements are there; each is to be disposed of. */
export type Persisted<T extends readonly AnyArray[]> = { -readonly [K in keyof T]: T[K] & AsyncDisposable };

/** What a timer can wait at most. */
const LONGEST_MS = 2 ** 31 - 1;

const jupyterDisplay: unique symbol = Symbol.for("Jupyter.display");

/**
 * Threads and memory of one's own, with a dashboard: what Dask calls a client with its local cluster. While it is open, arrays compute on
 * it. Its workers are groups of threads in this process; nothing is copied between them.
 *
 * @example
 * ```ts
 * import * as nd from "ndloom";
 * const client = await nd.Client.create({ nWorkers: 2, dashboard: false });
 * console.log(await nd.ones(10, { chunks: 5 }).sum().compute()); // 10
 * await client.shutdown();
 * ```
 * @see dask.distributed.Client
 */
export class Client implements AsyncDisposable {
  readonly nWorkers: number;
  readonly threadsPerWorker: number;
  /** Bytes of blocks that may be held, over all workers. */
  readonly memoryLimit: number;
  readonly #id = `Client-${randomUUID()}`;
  readonly #started = new Date();
  readonly #engine: Engine;
  readonly #monitor: Monitor;
  #dashboard: Dashboard | undefined;
  readonly #hurry = new AbortController();
  #closing: Promise<void> | undefined;
  #closed = false;
  #ignoreSigterm = (): void => undefined;

  private constructor(plan: ClientPlan) {
    this.nWorkers = plan.nWorkers;
    this.threadsPerWorker = plan.threadsPerWorker;
    this.memoryLimit = plan.memoryLimitBytes;
    this.#engine = new Engine({ threads: this.threads, memoryLimitBytes: plan.memoryLimitBytes, spill: plan.spill ?? false, trace: true });
    this.#monitor = new Monitor(this.#engine, plan);
  }

  /**
   * Starts a client, and its dashboard unless told not to.
   *
   * @throws {OptionError} when an option is not what it must be.
   */
  static async create(options: ClientOptions = {}): Promise<Client> {
    const plan = planClient(options);
    const client = new Client(plan);
    try {
      if (plan.dashboard !== undefined) client.#dashboard = await Dashboard.listen(client.#monitor, plan.dashboard);
    } catch (error) {
      await client.shutdown();
      throw error;
    }
    pushEngine(client.#engine);
    const { drainOnSigterm: drain } = plan;
    if (drain !== undefined) client.#ignoreSigterm = drainOnSigterm({ drain: () => client.shutdown(drain), stop: () => client.shutdown() });
    return client;
  }

  /** Threads over all workers. */
  get threads(): number {
    return this.nWorkers * this.threadsPerWorker;
  }
  /** Where the status page is; null without a dashboard. */
  get dashboardLink(): string | null {
    return this.#dashboard?.link ?? null;
  }
  /** "closing": it takes no more computes and waits for those in flight. */
  get status(): "running" | "closing" | "closed" {
    return this.#closed ? "closed" : this.#closing === undefined ? "running" : "closing";
  }

  /** Computes arrays on this client, whichever is the current one. See ChunkedArray.compute. */
  async compute<const T extends readonly AnyArray[]>(arrays: T, options: ComputeOptions = {}): Promise<Results<T>> {
    this.#check();
    return resultsOf(arrays, await computeExprs(exprsOf(arrays), options, this.#engine));
  }

  /**
   * Computes arrays on this client and keeps their elements, as ChunkedArray.persist does; what they have in common is computed once.
   * What is kept can be read after the client has been shut down.
   *
   * @see dask.distributed.Client.persist
   */
  async persist<const T extends readonly AnyArray[]>(arrays: T, options: ComputeOptions = {}): Promise<Persisted<T>> {
    this.#check();
    return (await keep(arrays, options, this.#engine)).map((kept) => keptArray(kept)) as Persisted<T>;
  }

  /** What is running and what is held. */
  health(): Health {
    return this.#monitor.health();
  }
  /** The figures of `/metrics`, in Prometheus' text format. */
  metrics(): string {
    this.#check();
    return metricsText(this.#monitor);
  }
  /** The dashboard's pages as a handler of `fetch`-style requests, to mount in a server of one's own. */
  handler(): (request: Request) => Promise<Response> {
    this.#check();
    return Dashboard.handler(this.#monitor);
  }

  /**
   * Ends what is running, closes the dashboard and gives threads and memory back. With `drain`, what is running may end first: new computes are refused
   * with a {@link ClosedError}, and so are further blocks of `blocks()`. Calling it again does nothing, or ends the draining.
   *
   * @example
   * ```ts
   * import * as nd from "ndloom";
   * const client = await nd.Client.create({ dashboard: false });
   * const sum = nd.ones(10, { chunks: 5 }).sum().compute();
   * await client.shutdown({ drain: true, timeoutMs: 10_000 });
   * console.log(await sum); // 10
   * ```
   */
  shutdown(options: ShutdownOptions = {}): Promise<void> {
    const { drain = false, timeoutMs } = checkShutdown("shutdown", "timeoutMs", options);
    if (!drain) this.#hurry.abort();
    return (this.#closing ??= this.#close(timeoutMs));
  }
  async #close(timeoutMs: number | undefined): Promise<void> {
    const idle = this.#engine.drain(); // as long as it drains it is the current one: what comes is refused, not sent elsewhere
    const hurry = this.#hurry.signal;
    if (!hurry.aborted) {
      const timer = timeoutMs === undefined || timeoutMs === Infinity ? undefined : setTimeout(() => this.#hurry.abort(), Math.min(timeoutMs, LONGEST_MS));
      await Promise.race([idle, new Promise<void>((resolve) => hurry.addEventListener("abort", () => resolve(), { once: true }))]);
      clearTimeout(timer);
    }
    this.#closed = true;
    this.#ignoreSigterm();
    removeEngine(this.#engine);
    this.#monitor.close();
    this.#engine.close();
    await this.#dashboard?.close();
  }
  [Symbol.asyncDispose](): Promise<void> {
    return this.shutdown();
  }

  #check(): void {
    if (this.#closing !== undefined) throw new ClosedError("Client: it has been shut down", { hint: "create a new one with Client.create()" });
  }

  /**
   * What the client's panel tells: threads and memory, over all and by worker.
   *
   * @see dask.distributed.Client.scheduler_info
   */
  schedulerInfo(): SchedulerInfo {
    const workers = Array.from({ length: this.nWorkers }, (_, name) => ({ name, threads: this.threadsPerWorker, memoryLimit: Math.floor(this.memoryLimit / this.nWorkers) }));
    return {
      id: this.#id, type: "threads", status: this.status, dashboardLink: this.dashboardLink, started: this.#started,
      totalThreads: this.threads, totalMemory: this.memoryLimit, workers,
    };
  }
  /** Dask's panel of a client as HTML; it takes the page's colours. */
  toHTML(): string {
    return panelHtml(this.schedulerInfo());
  }
  /** One line: dashboard, workers, threads, memory, status. */
  toString(): string {
    return `<Client: ${this.dashboardLink ?? "no dashboard"}, ${this.nWorkers} workers, ${this.threads} threads, ${formatBytes(this.memoryLimit)}, ${this.status}>`;
  }
  [inspect.custom](): string {
    return panelText(this.schedulerInfo());
  }
  /** What notebooks ask a value for. @internal */
  [jupyterDisplay](): Record<string, string> {
    return { "text/html": this.toHTML(), "text/plain": panelText(this.schedulerInfo()) };
  }
}
