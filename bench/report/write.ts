import { mkdirSync, writeFileSync } from "node:fs";
import { duration, minimum, table } from "../measure.js";
import { agrees, best, READING, WORKLOADS } from "../peers/measure.js";
import { type Answer, type Peer, PEERS, type Workload } from "../peers/protocol.js";
import { curves, ratioBars } from "./plot.js";
import type { Findings } from "./record.js";

const directory = new URL("../../docs/report/", import.meta.url);
const OTHERS = PEERS.filter((peer) => peer !== "ndloom");
const NAMES: Readonly<Record<Peer, string>> = {
  ndloom: "ndloom", dask: "Dask", numpy: "NumPy", numexpr: "numexpr", numba: "Numba by hand", polars: "Polars", jax: "JAX",
};

/** Writes report.md, its pictures and the figures they are made of. */
export function writeReport(record: Findings): void {
  mkdirSync(directory, { recursive: true });
  const ratios = daskRatios(record);
  const sizes = record.results.filter(({ answer }) => answer?.byChunkBytes);
  const put = (name: string, text: string): void => writeFileSync(new URL(name, directory), text);
  if (ratios.length > 0) put("ratios.svg", ratioBars("Dask's time over ndloom's, best configuration of each", ratios, geometricMean(ratios.map(({ value }) => value))));
  if (sizes.length > 0) {
    const drawn = sizes.map(({ peer, answer }) => ({
      name: NAMES[peer], points: Object.entries(answer!.byChunkBytes!).map(([bytes, seconds]) => [Number(bytes), seconds] as const),
    }));
    put("chunks.svg", curves("sqrt(x²+1).sum() over 4 GiB, by size of chunk", drawn, binary, (seconds) => (seconds < 1 ? `${seconds * 1e3} ms` : `${seconds} s`)));
  }
  put("results.json", `${JSON.stringify(record, null, 1)}\n`);
  put("report.md", `${[head(record), compute(record), chunkSizes(record), tasks(record), memory(record), limits(record), troubles(record)].filter(Boolean).join("\n\n")}\n`);
}

function head(record: Findings): string {
  const { cpu, threads, memoryBytes, kernel, node } = record.machine;
  const busy = record.load > threads + 2;
  const versions = PEERS.flatMap((peer) => record.results.find((result) => result.peer === peer && result.answer)?.answer!.version ?? []);
  return `# ndloom beside its peers
Written by \`npm run bench:report\` ([what is measured](../../bench/peers/workloads.json), [every figure](results.json)); how to read it: [performance](../performance.md).

- Machine: ${cpu}, ${threads} threads, ${(memoryBytes / 2 ** 30).toFixed(0)} GiB, ${kernel}, Node ${node}.
- Versions: ${versions.join(", ")}; ndloom at ${record.commit}.
- Measured from ${minute(record.began)} to ${minute(record.ended)}, the load average ${record.load.toFixed(1)} at most. Each time is the least of its repeats; of a peer's configurations the quickest counts.
- Every peer computes from the same inputs, and its result is compared with ndloom's: none differs unless "differs" is said.
- × is a peer's time over ndloom's: above 1 ndloom is quicker.${busy ? `

**Others were at work on this machine meanwhile**: the times say little, and the ratios not much more.` : ""}`;
}

function compute(record: Findings): string {
  const measured = (name: string): boolean => record.results.some(({ workload, answer }) => workload === name && answer);
  const names = Object.keys(WORKLOADS).filter((name) => WORKLOADS[name]!.set === "compute" && measured(name));
  const rows = names.map((name) => {
    const own = best(record.results, name, "ndloom", null);
    const bound = own && limitOf(record, WORKLOADS[name]!, own);
    const share = bound ? `${((bound.seconds / minimum(own.seconds)) * 100).toFixed(0)} %` : "";
    return [`${name} ${WORKLOADS[name]!.title}`, own ? duration(minimum(own.seconds)) : "–", ...OTHERS.map((peer) => beside(record, name, peer, own)),
      bound ? `${duration(bound.seconds)} ${bound.name}` : "", share];
  });
  const ratios = daskRatios(record);
  const mean = geometricMean(ratios.map(({ value }) => value));
  const lowest = ratios.reduce((a, b) => (a.value <= b.value ? a : b), ratios[0] ?? { label: "", value: NaN });
  const summary = ratios.length === 0 ? "" : `
Over the ${ratios.length} workloads that both have, Dask's time is **${mean.toPrecision(3)} times** ndloom's in the geometric mean; the lowest is
${lowest.label} at ${times(lowest.value)}.

![ratios](ratios.svg)
`;
  return `## Computing
${summary}
${table([["workload", "ndloom", ...OTHERS.map((peer) => NAMES[peer]), "limit", "share of it"], ...rows])}

The limit is what this machine allows, measured in the same run by loops written for it ([below](#limits)); the share is the limit's time over ndloom's. Memory
is quicker in some minutes and processes than in others, so "read, beside it" is a plain loop over the same inputs in ndloom's process, between its repeats.`;
}

/** A peer's time, its ratio to ndloom's, and whether the results differ. */
function beside(record: Findings, name: string, peer: Peer, own: Answer | null): string {
  const answer = best(record.results, name, peer, own);
  if (!answer) return "";
  const seconds = minimum(answer.seconds);
  if (!own) return duration(seconds);
  return `${duration(seconds)} (${times(seconds / minimum(own.seconds))})${agrees(name, answer, own) ? "" : " differs"}`;
}

function chunkSizes(record: Findings): string {
  const name = Object.keys(WORKLOADS).find((one) => WORKLOADS[one]!.chunkBytes);
  const measured = record.results.filter((result) => result.workload === name && result.answer?.byChunkBytes);
  if (name === undefined || measured.length === 0) return "";
  const rows = WORKLOADS[name]!.chunkBytes!.map((bytes) => [
    binary(bytes), ...measured.map(({ answer }) => answer!.byChunkBytes![bytes]).map((seconds) => (seconds === undefined ? "no room" : duration(seconds))),
  ]);
  const spreads = measured.map(({ peer, answer }) => {
    const seconds = Object.values(answer!.byChunkBytes!);
    return `${NAMES[peer]}'s slowest takes ${times(Math.max(...seconds) / Math.min(...seconds))} its quickest`;
  });
  return `## Any size of chunk
${WORKLOADS[name]!.title}: described, planned and run, the same memory each time. ${spreads.join("; ")}.

![time by size of chunk](chunks.svg)

${table([["chunks of", ...measured.map(({ peer }) => NAMES[peer])], ...rows])}`;
}

function tasks(record: Findings): string {
  return peaks(record, "tasks", "## Many chunks\nDescribed, planned and run in one process; the peak is that of the whole process.");
}

function memory(record: Findings): string {
  return peaks(record, "memory", "## Larger than memory\nThe peak is that of the process and of those it started, the runtime itself (Node or Python) included.");
}

function peaks(record: Findings, set: Workload["set"], text: string): string {
  const shown = record.results.filter(({ workload, answer }) => WORKLOADS[workload]!.set === set && answer);
  if (shown.length === 0) return "";
  const rows = Object.keys(WORKLOADS).flatMap((name) => {
    const own = best(record.results, name, "ndloom", null);
    return shown.filter(({ workload }) => workload === name)
      .sort((a, b) => PEERS.indexOf(a.peer) - PEERS.indexOf(b.peer))
      .map(({ peer, config, answer }) => {
        const seconds = minimum(answer!.seconds);
        const ratio = peer === "ndloom" || !own ? "" : ` (${times(seconds / minimum(own.seconds))})${agrees(name, answer!, own) ? "" : " differs"}`;
        return [`${name} ${WORKLOADS[name]!.title}`, NAMES[peer], Object.values(config).join(", "), `${duration(seconds)}${ratio}`, `${(answer!.peakBytes / 1e6).toFixed(0)} MB`];
      });
  });
  return `${text}\n\n${table([["workload", "", "", "time", "peak memory"], ...rows])}`;
}

function limits(record: Findings): string {
  if (record.limits.length === 0) return "";
  const rows = record.limits.map(({ name, value, unit }) => [name, unit === "s" ? duration(value) : `${value.toPrecision(3)} ${unit}`]);
  return `## Limits\nThe best of two measurements, before and after the others ([limits.cc](../../bench/kernels/limits.cc)).\n\n${table([["limit", ""], ...rows])}`;
}

function troubles(record: Findings): string {
  const lines = record.results.filter(({ answer }) => !answer).map(({ workload, peer, config, trouble }) => `- ${workload}, ${NAMES[peer]} ${JSON.stringify(config)}: ${trouble}`);
  return lines.length === 0 ? "" : `## What did not run\n${lines.join("\n")}`;
}

/** The time that the machine would take at its limit. */
function limitOf(record: Findings, workload: Workload, own: Answer): { seconds: number; name: string } | undefined {
  const [name, amount] = Object.entries(workload.limit ?? {})[0] ?? [];
  if (name === undefined || amount === undefined || record.limits.length === 0) return undefined;
  const limit = record.limits.find((one) => one.name === name);
  if (!limit) throw new Error(`workloads.json names the limit "${name}", which bench/kernels/limits.cc does not measure`);
  if (name === READING && own.readSeconds?.length) return { seconds: amount * minimum(own.readSeconds), name: "read, beside it" };
  if (limit.unit === "s") return { seconds: limit.value * amount, name: limit.name.startsWith("W") ? "by hand" : limit.name };
  return { seconds: amount / (limit.value * 1e9), name: limit.name.replace(", all threads", "").replace(" on all threads", "") };
}

function daskRatios(record: Findings): { label: string; value: number }[] {
  return Object.keys(WORKLOADS).filter((name) => WORKLOADS[name]!.set === "compute").flatMap((label) => {
    const own = best(record.results, label, "ndloom", null);
    const dask = best(record.results, label, "dask", own);
    return own && dask ? [{ label, value: minimum(dask.seconds) / minimum(own.seconds) }] : [];
  });
}

const geometricMean = (values: readonly number[]): number => Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
const times = (ratio: number): string => `${ratio < 10 ? ratio.toFixed(1) : ratio.toFixed(0)}×`;
const minute = (iso: string): string => iso.slice(0, 16).replace("T", " ");

/** A number of bytes that is a power of two. */
function binary(bytes: number): string {
  const [scale, unit] = bytes >= 2 ** 30 ? [2 ** 30, "GiB"] : bytes >= 2 ** 20 ? [2 ** 20, "MiB"] : [2 ** 10, "KiB"];
  return `${bytes / scale} ${unit}`;
}
