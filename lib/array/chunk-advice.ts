import { config } from "../config/index.js";
import { formatBytes } from "../core/bytes.js";
import type { AnyArray } from "./chunked-array.js";

// A chunking decides nothing about what runs, but its lists are made for each operation (docs/performance.md): so long and so large for each entry.
const ENTRY_NS = 150;
const ENTRY_BYTES = 100;
/** From here on it is worth a word, and from here on a warning. */
const TOLD_MS = 5;
const WARNED_MS = 100;
/** What a block costs that `blocks()` gives, whatever is in it; and from how many on it is worth a word. */
const BLOCK_MS = 0.2;
const MANY_BLOCKS = 10_000;

/** What the chunks of some arrays cost still, in sentences: how much, and what would help. */
export function chunkAdvice(arrays: readonly AnyArray[]): string[] {
  return arrays.flatMap((x) => {
    const entries = listed(x);
    const milliseconds = costOf(entries);
    const auto = "rechunk (\"auto\" gives blocks of 128 MiB) or leave chunks out";
    return [
      ...(milliseconds < TOLD_MS ? [] : [
        `${entries} chunks along the axes of an array of ${x.ndim === 1 ? "1 axis" : `${x.ndim} axes`}: describing an operation on it takes about ${Math.round(milliseconds)} ms and ${formatBytes(entries * ENTRY_BYTES)}; ${auto}`,
      ]),
      ...(x.npartitions < MANY_BLOCKS ? [] : [
        `${x.npartitions} blocks: taking them one by one with blocks() costs about ${((x.npartitions * BLOCK_MS) / 1000).toFixed(1)} s beside computing them; computing the whole costs nothing for them`,
      ]),
    ];
  });
}

let warned = false;
/** Says so once in a process, when arrays are computed whose chunks cost a tenth of a second for each operation; log-level "error" or "silent" keeps it quiet. */
export function warnOfChunks(arrays: readonly AnyArray[]): void {
  if (warned || !arrays.some((x) => costOf(listed(x)) >= WARNED_MS)) return;
  const level = config.get("log-level");
  if (level === "silent" || level === "error") return;
  warned = true;
  process.emitWarning(`compute: ${chunkAdvice(arrays)[0]}`, { code: "NDLOOM_CHUNKS", detail: "This is said once. explain() tells more." });
}

/** Chunks along the axes, added up: what lists hold. Their product, the number of blocks, is never written down. */
const listed = (x: AnyArray): number => x.chunks.reduce((n: number, axis: readonly number[]) => n + axis.length, 0);
const costOf = (entries: number): number => (entries * ENTRY_NS) / 1e6;
