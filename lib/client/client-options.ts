import { availableParallelism, totalmem } from "node:os";
import { config, type Bytes, parseBytes } from "../config/index.js";
import { OptionError } from "../errors/index.js";
import { configuredSpill, type Spill, spillDirectory } from "../runtime/spill.js";

/** How a client is set up. */
export interface ClientOptions {
  /** Groups of threads, as the dashboard shows them; as many as there are cores, four at most, when not given. */
  nWorkers?: number;
  /** Threads of each; cores divided by workers, at least 1, when not given. */
  threadsPerWorker?: number;
  /** Bytes of blocks that the client may hold, over all workers; a share of the machine's memory when not given. */
  memoryLimit?: Bytes;
  /** Where blocks go that a compute has no room for while it does not need them; `false`: a compute that does not fit is refused. */
  spill?: false | SpillOptions;
  /** A server with pages about the work, for as long as the process lives: `false` none, or where and with which token. */
  dashboard?: boolean | DashboardOptions;
  /**
   * On SIGTERM, take no more computes, let those in flight end (within `timeoutMs`), and shut down; the process then ends unless the application
   * listens to SIGTERM itself. A second SIGTERM shuts down at once. Not when not given.
   */
  drainOnSigterm?: boolean | { timeoutMs?: number };
}

/** How a client is shut down. */
export interface ShutdownOptions {
  /** Lets the computes in flight end; new ones are refused. */
  drain?: boolean;
  /** How long they are waited for; until they end when not given. */
  timeoutMs?: number;
}

export interface SpillOptions {
  /** A directory of a local disk; the `temporary-directory` of the configuration, or the system's, when not given. Nothing stays there. */
  directory?: string;
  /** Bytes that may be there at once, over all computes; no limit when not given. */
  limit?: Bytes;
}

export interface DashboardOptions {
  /** 8787 when not given; when that is taken the next free one, with a warning that says so; 0 any. */
  port?: number;
  /** The address it listens on; `127.0.0.1`, this machine only, when not given. Elsewhere a token is wise: there is no encryption. */
  host?: string;
  /** Asked of every request, as `?token=` or `Authorization: Bearer`; `dashboardLink` does not tell it. */
  token?: string;
}

/** The options with everything decided. */
export interface ClientPlan {
  readonly nWorkers: number;
  readonly threadsPerWorker: number;
  readonly memoryLimitBytes: number;
  readonly spill: Spill | undefined;
  readonly dashboard: DashboardOptions | undefined;
  readonly drainOnSigterm: ShutdownOptions | undefined;
}

const MOST_THREADS = 256;

/** Checks a client's options and fills in what Dask's local cluster would: threads for all cores, memory in proportion. */
export function planClient(options: ClientOptions): ClientPlan {
  const known = new Set(["nWorkers", "threadsPerWorker", "memoryLimit", "spill", "dashboard", "drainOnSigterm"]);
  for (const name of Object.keys(options)) {
    if (!known.has(name)) throw new OptionError(`Client.create: there is no option "${name}"`, { option: name, received: (options as Record<string, unknown>)[name], hint: `use one of ${[...known].join(", ")}` });
  }
  const cores = availableParallelism();
  const nWorkers = whole("nWorkers", options.nWorkers) ?? Math.min(4, cores);
  const threadsPerWorker = whole("threadsPerWorker", options.threadsPerWorker) ?? Math.max(1, Math.floor(cores / nWorkers));
  const threads = nWorkers * threadsPerWorker;
  if (threads > MOST_THREADS) {
    throw new OptionError(`Client.create: expected at most ${MOST_THREADS} threads, got ${nWorkers} workers of ${threadsPerWorker}`, { option: "nWorkers", received: nWorkers });
  }
  const limit = options.memoryLimit === undefined ? config.get("memory-limit") ?? Math.floor(totalmem() * Math.min(1, threads / cores)) : parseBytes(options.memoryLimit, "Client.create");
  if (!(limit > 0)) throw new OptionError(`Client.create: expected a memoryLimit > 0, got ${String(options.memoryLimit)}`, { option: "memoryLimit", received: options.memoryLimit });
  return { nWorkers, threadsPerWorker, memoryLimitBytes: limit, spill: planSpill(options.spill), dashboard: planDashboard(options.dashboard ?? true), drainOnSigterm: planDrain(options.drainOnSigterm ?? false) };
}

function planSpill(given: false | SpillOptions | undefined): Spill | undefined {
  if (given === undefined) return configuredSpill();
  if (given === false) return undefined;
  if (typeof given !== "object" || given === null) throw new OptionError(`Client.create: expected spill to be false or an object, got ${String(given)}`, { option: "spill", received: given });
  const { directory, limit, ...others } = given;
  const [other] = Object.keys(others);
  if (other !== undefined) throw new OptionError(`Client.create: there is no option "spill.${other}"`, { option: `spill.${other}`, hint: "use directory and limit" });
  if (directory !== undefined && (typeof directory !== "string" || directory === "")) throw new OptionError("Client.create: expected a text that is not empty as spill.directory", { option: "spill.directory", received: directory });
  const limitBytes = limit === undefined ? Number.MAX_SAFE_INTEGER : parseBytes(limit, "Client.create");
  if (!(limitBytes > 0)) throw new OptionError(`Client.create: expected a spill.limit > 0, got ${String(limit)}`, { option: "spill.limit", received: limit, hint: "spill: false turns spilling off" });
  return { directory: directory ?? spillDirectory(), limitBytes };
}

function planDashboard(given: boolean | DashboardOptions): DashboardOptions | undefined {
  if (given === false) return undefined;
  const options = given === true ? {} : given;
  if (typeof options !== "object" || options === null) throw new OptionError(`Client.create: expected dashboard to be a boolean or an object, got ${String(given)}`, { option: "dashboard", received: given });
  const { port = 8787, host = "127.0.0.1", token } = options;
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new OptionError(`Client.create: expected a dashboard port from 0 to 65535, got ${String(port)}`, { option: "dashboard.port", received: port });
  if (typeof host !== "string" || host === "") throw new OptionError(`Client.create: expected a host name as dashboard.host, got ${String(host)}`, { option: "dashboard.host", received: host });
  if (token !== undefined && (typeof token !== "string" || token === "")) throw new OptionError("Client.create: expected a text that is not empty as dashboard.token", { option: "dashboard.token" });
  return token === undefined ? { port, host } : { port, host, token };
}

function planDrain(given: boolean | { timeoutMs?: number }): ShutdownOptions | undefined {
  if (given === false) return undefined;
  if (given !== true && (typeof given !== "object" || given === null)) throw new OptionError(`Client.create: expected drainOnSigterm to be a boolean or an object, got ${String(given)}`, { option: "drainOnSigterm", received: given });
  return checkShutdown("Client.create", "drainOnSigterm.timeoutMs", { drain: true, ...(given === true ? {} : given) });
}

/** @throws {OptionError} when the time is none. */
export function checkShutdown(operation: string, option: string, options: ShutdownOptions): ShutdownOptions {
  const { timeoutMs } = options;
  if (timeoutMs !== undefined && !(typeof timeoutMs === "number" && timeoutMs >= 0)) throw new OptionError(`${operation}: expected ${option} ≥ 0, got ${String(timeoutMs)}`, { option, received: timeoutMs });
  return options;
}

function whole(option: string, value: unknown): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= MOST_THREADS) return value;
  throw new OptionError(`Client.create: expected a whole number from 1 to ${MOST_THREADS} as ${option}, got ${String(value)}`, { option, received: value });
}
