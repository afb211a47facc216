import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { cpus, loadavg, release, totalmem } from "node:os";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import type { Limit } from "../kernels/kernels.js";
import type { Result } from "../peers/measure.js";

/** What has been measured so far; written after every step, so that a run may stop and go on. */
export interface Findings {
  readonly machine: Machine;
  /** Of the checkout that was measured last. */
  commit: string;
  /** When the first and the last figure was measured. */
  began: string;
  ended: string;
  /** The highest load average seen: much above the number of threads, others were at work on the machine. */
  load: number;
  limits: Limit[];
  results: Result[];
}

export interface Machine {
  readonly cpu: string;
  readonly threads: number;
  readonly memoryBytes: number;
  readonly kernel: string;
  readonly node: string;
}

const path = fileURLToPath(new URL("../../.cache/bench/report.json", import.meta.url));

/** The record of earlier runs on this machine, or a new one. */
export function openRecord(threads: number, fresh: boolean): Findings {
  const machine: Machine = { cpu: cpus()[0]!.model, threads, memoryBytes: totalmem(), kernel: `Linux ${release()}`, node: process.versions.node };
  const now = new Date().toISOString();
  const empty: Findings = { machine, commit: "", began: now, ended: now, load: 0, limits: [], results: [] };
  if (fresh) return empty;
  try {
    const old = JSON.parse(readFileSync(path, "utf8")) as Findings;
    return JSON.stringify(old.machine) === JSON.stringify(machine) ? { ...empty, ...old } : empty;
  } catch {
    return empty;
  }
}

/** The commit of this checkout, with "-dirty" when it has been changed since. */
export function currentCommit(): string {
  return execFileSync("git", ["describe", "--always", "--dirty", "--exclude", "*"], { encoding: "utf8" }).trim();
}

export function save(record: Findings): void {
  record.ended = new Date().toISOString();
  record.load = Math.max(record.load, loadavg()[0]!);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, JSON.stringify(record, null, 1));
  renameSync(`${path}.new`, path);
}

/** Takes a limit into the record; of two measurements the better one is what the machine allows. */
export function keepBetter(limits: readonly Limit[], measured: readonly Limit[]): Limit[] {
  return measured.map((limit) => {
    const before = limits.find(({ name }) => name === limit.name);
    if (!before) return limit;
    return (limit.unit === "s" ? before.value < limit.value : before.value > limit.value) ? before : limit;
  });
}
