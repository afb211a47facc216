import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { freemem } from "node:os";
import { fileURLToPath } from "node:url";
import { readingAddon } from "../kernels/kernels.js";
import { minimum } from "../measure.js";
import { npyInput } from "./npy-input.js";
import { type Answer, type Config, type Peer, PEERS, type Request, type Workload } from "./protocol.js";

/** Every workload by its name. */
export const WORKLOADS = JSON.parse(readFileSync(new URL("workloads.json", import.meta.url), "utf8")) as Readonly<Record<string, Workload>>;

/** The limit of what only reads. */
export const READING = "read, all threads";

/** How one peer did at one workload in one configuration. */
export interface Result {
  readonly workload: string;
  readonly peer: Peer;
  readonly config: Config;
  readonly answer: Answer | null;
  /** Why there is no answer. */
  readonly trouble: string;
}

export interface MeasureOptions {
  readonly repeats: number;
  readonly budgetSeconds: number;
  readonly threads: number;
  readonly timeoutSeconds: number;
  readonly python: string;
}

/** Those of `known` that were asked for, all when none was. */
export function choose<T extends string>(wanted: string | undefined, known: readonly T[], what: string): T[] {
  if (wanted === undefined) return [...known];
  return wanted.split(",").map((name) => {
    const found = known.find((one) => one === name);
    if (found === undefined) throw new Error(`no ${what} ${name}; there are ${known.join(", ")}`);
    return found;
  });
}

export const choosePeers = (wanted: string | undefined): Peer[] => choose(wanted, PEERS, "peer");

/** The configurations in which a peer runs a workload. */
export function configurations(workload: Workload, peer: Peer): readonly Config[] {
  return workload[peer] ?? (peer === "ndloom" ? [{}] : []);
}

/** Runs a peer in a process of its own; what goes wrong there is told in the result. */
export async function measure(name: string, peer: Peer, config: Config, options: MeasureOptions): Promise<Result> {
  const workload = WORKLOADS[name]!;
  const failed = (trouble: string): Result => ({ workload: name, peer, config, answer: null, trouble: trouble.replace(/\/(?:[\w.@+-]+\/)+/g, "…/") });
  const needed = bytesNeeded(workload, peer);
  if (needed > freemem()) return failed(`not run: needs ${(needed / 1e9).toFixed(1)} GB of memory`);
  const request: Request = {
    workload: name,
    config,
    repeats: workload.repeats ?? options.repeats,
    budgetSeconds: options.budgetSeconds,
    threads: options.threads,
    ...(workload.file && { file: await npyInput(workload) }),
    ...(peer === "ndloom" && READING in (workload.limit ?? {}) && { reading: readingAddon() }),
  };
  const [command, ...args] = peer === "ndloom" ? ourCommand() : [options.python, fileURLToPath(new URL(`${peer}_peer.py`, import.meta.url))];
  // glibc gives freed blocks back to the system at once unless told not to; Dask then pays for every temporary again
  const kept = { MALLOC_ARENA_MAX: "1", MALLOC_MMAP_THRESHOLD_: "33554432", MALLOC_TRIM_THRESHOLD_: "17179869184", MALLOC_TOP_PAD_: "67108864" };
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: "1", ...(config["keepMemory"] ? kept : {}) };
  const timeout = Math.max(options.timeoutSeconds, workload.timeoutSeconds ?? 0);
  const { output, status } = await finished(command!, [...args, JSON.stringify(request)], env, timeout);
  try {
    if (status === 0) return { workload: name, peer, config, answer: JSON.parse(output.trimEnd().split("\n").at(-1)!) as Answer, trouble: "" };
  } catch {
    // said below, with what it printed
  }
  const lines = output.trim().split("\n");
  return failed(`ended with ${status}: ${(lines.findLast((line) => /error/i.test(line)) ?? lines.at(-1)!).slice(0, 300)}`);
}

/** Whether two answers to a workload are the same, as far as they can be. */
export function agrees(workload: string, a: Answer, b: Answer): boolean {
  return Math.abs(a.checksum - b.checksum) <= WORKLOADS[workload]!.tolerance * Math.max(Math.abs(a.checksum), Math.abs(b.checksum));
}

/** The quickest answer of a peer among its configurations; one with ndloom's result goes before one without. */
export function best(results: readonly Result[], workload: string, peer: Peer, own: Answer | null): Answer | null {
  const answers = results.flatMap((result) => (result.workload === workload && result.peer === peer && result.answer ? [result.answer] : []));
  const right = answers.filter((answer) => own === null || agrees(workload, answer, own));
  const candidates = right.length > 0 ? right : answers;
  return candidates.reduce<Answer | null>((a, b) => (a && minimum(a.seconds) <= minimum(b.seconds) ? a : b), null);
}

/** The inputs, and what a peer stores beside them. */
function bytesNeeded(workload: Workload, peer: Peer): number {
  const one = workload.dtype ? workload.shape!.reduce((a, b) => a * b, workload.dtype === "float32" ? 4 : 8) : 0;
  if (workload.file) return 4e9;
  const inputs = one * (workload.inputs ?? 1);
  const stored = peer === "ndloom" || peer === "numba" ? 1e9 : Math.max(inputs, 2e9);
  return inputs + (workload.extraBytes?.[peer] ?? stored);
}

function ourCommand(): string[] {
  const tsx = createRequire(import.meta.url).resolve("tsx/cli");
  const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
  return [process.execPath, tsx, "--tsconfig", file("../../tsconfig.build.json"), file("ndloom-peer.ts")];
}

/** Runs a command in a group of processes of its own, so that a scheduler's workers end with it, whatever ends it. */
function finished(
  command: string, args: readonly string[], env: NodeJS.ProcessEnv, timeoutSeconds: number,
): Promise<{ output: string; status: number | string }> {
  return new Promise((done, fail) => {
    const child = spawn(command, args, { env, stdio: ["ignore", "pipe", "pipe"], detached: true });
    let late = false;
    const end = (): void => {
      try {
        process.kill(-child.pid!, "SIGKILL");
      } catch {
        // it has ended already
      }
    };
    const stopped = (signal: NodeJS.Signals): void => {
      end();
      process.exit(signal === "SIGINT" ? 130 : 143);
    };
    const timer = setTimeout(() => {
      late = true;
      end();
    }, timeoutSeconds * 1000);
    process.on("SIGINT", stopped).on("SIGTERM", stopped);
    let [out, err] = ["", ""];
    child.stdout.on("data", (data) => (out += data));
    child.stderr.on("data", (data) => (err += data));
    child.on("error", fail);
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      process.off("SIGINT", stopped).off("SIGTERM", stopped);
      if (child.pid !== undefined) end();
      done({ output: code === 0 ? out : err || out, status: late ? `a timeout after ${timeoutSeconds} s` : (code ?? signal!) });
    });
  });
}
