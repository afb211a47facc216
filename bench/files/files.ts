import { spawnSync } from "node:child_process";
import { mkdtempSync, openSync, closeSync, writeSync, readSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createEngine, type NativeEngine } from "../../lib/native/index.js";
import { hashed } from "../inputs.js";
import { duration, median, minimum, table } from "../measure.js";
import { WordsOfPlan } from "./words-of-plan.js";

const BLOCK = 16 * 2 ** 20;
const ITEMS = BLOCK / 8;
const HEADER = 128;
const MEMORY = 2 ** 30;
/** Blocks of memory that is summed: more than caches hold. */
const MEMORY_BLOCKS = 32;

/**
 * Reading a file that is in the page cache, and putting blocks aside, beside what the system's own tools take. The cases take turns, so that other work
 * on the machine meets them all.
 * @param directory where the files lie; the temporary one when it is not given.
 */
export async function files(gibibytes: number, directory = tmpdir()): Promise<void> {
  const place = mkdtempSync(join(directory, "ndloom-bench-"));
  const blocks = (gibibytes * 2 ** 30) / BLOCK;
  const x = join(place, "x.npy");
  const engine = createEngine({ threads: 2, memoryLimitBytes: MEMORY, niceness: 0, trace: false });
  try {
    write(x, blocks);
    engine.importFile(1, x, { write: false });
    engine.importBuffer(2, hashed(new Float64Array(MEMORY_BLOCKS * ITEMS), 1));
    const cases: [string, () => unknown, number][] = [
      ["one thread copies from the page cache (read)", () => readAll(x), blocks],
      ["cat, to a pipe's end that forgets", () => system(`cat ${x} | cat > /dev/null`), blocks],
      ["two threads sum as much memory", () => run(engine, sumsOfMemory(blocks)), blocks],
      ["read in 16 MiB boxes", () => run(engine, reads(blocks, false)), blocks],
      ["read and summed by two threads", () => run(engine, reads(blocks, true)), blocks],
      ["read in boxes of 2048 rows of 8 KiB, of 16 KiB each", () => run(engine, halves(blocks)), blocks],
      ["dd writes around the page cache", () => system(`dd if=/dev/zero of=${join(place, "dd")} bs=4M count=${blocks} oflag=direct conv=notrunc status=none`), blocks / 4],
      ["spilled", () => run(engine, spills(blocks / 4, false), place), blocks / 4],
      ["dd reads around the page cache", () => system(`dd if=${join(place, "dd")} of=/dev/null bs=4M iflag=direct status=none`), blocks / 4],
      ["spilled and read back", () => run(engine, spills(blocks / 4, true), place), blocks / 2],
    ];
    const seconds = cases.map(() => [] as number[]);
    for (let round = 0; round < 5; round++) {
      for (const [i, [, work]] of cases.entries()) {
        const began = performance.now();
        await work();
        seconds[i]!.push((performance.now() - began) / 1000);
      }
    }
    console.log(table([["files and spilling", "min", "median", "GB/s"], ...cases.map(([name, , moved], i) =>
      [name, duration(minimum(seconds[i]!)), duration(median(seconds[i]!)), ((moved * BLOCK) / minimum(seconds[i]!) / 1e9).toFixed(1)])]));
  } finally {
    engine.close();
    rmSync(place, { recursive: true });
  }
}

function write(path: string, blocks: number): void {
  const file = openSync(path, "w");
  const block = hashed(new Float64Array(ITEMS), 3);
  writeSync(file, new Uint8Array(HEADER));
  for (let i = 0; i < blocks; i++) writeSync(file, block);
  closeSync(file);
}

function readAll(path: string): void {
  const file = openSync(path, "r");
  const block = new Uint8Array(BLOCK);
  while (readSync(file, block) > 0);
  closeSync(file);
}

function system(command: string): void {
  const { status, stderr } = spawnSync("sh", ["-c", command]);
  if (status !== 0) throw new Error(`${command}: ${stderr}`);
}

/** Slots: 1000 + block; 10000 + block holds its sum. */
function reads(blocks: number, summed: boolean): ArrayBuffer {
  const plan = new WordsOfPlan();
  for (let i = 0; i < blocks; i++) {
    plan.slot(1000 + i, BLOCK, 1, summed ? 1 : 0).read(1, 1000 + i, [ITEMS], HEADER + i * BLOCK, [8]);
    if (summed) plan.sum(1000 + i, ITEMS, 10_000 + i);
  }
  return plan.finish();
}

/** The left and the right half of pieces of 2048 rows: rows of 8 KiB, 8 KiB apart. */
function halves(blocks: number): ArrayBuffer {
  const plan = new WordsOfPlan();
  for (let i = 0; i < blocks; i++) plan.slot(1000 + i, BLOCK, 1, 0).read(1, 1000 + i, [2048, 1024], HEADER + (i >> 1) * 2 * BLOCK + (i & 1) * 8192, [16384, 8]);
  return plan.finish();
}

function sumsOfMemory(blocks: number): ArrayBuffer {
  const plan = new WordsOfPlan();
  for (let i = 0; i < blocks; i++) plan.sum(2, ITEMS, 10_000 + i, (i % MEMORY_BLOCKS) * ITEMS);
  return plan.finish();
}

function spills(blocks: number, back: boolean): ArrayBuffer {
  const plan = new WordsOfPlan();
  for (let i = 0; i < blocks; i++) plan.slot(1000 + i, BLOCK, 1, 1).copy(2, ITEMS, 1000 + i).slot(2000 + i, 16, 1, back ? 1 : 0).out(1000 + i, i * BLOCK, 2000 + i);
  if (back) for (let i = 0; i < blocks; i++) plan.slot(3000 + i, BLOCK, 1, 0).in(2000 + i, i * BLOCK, 3000 + i);
  return plan.finish();
}

function run(engine: NativeEngine, batch: ArrayBuffer, directory?: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const spill = directory === undefined ? null : { directory, limitBytes: 2 ** 40 };
    const run = engine.createRun({ id: 1, limitBytes: MEMORY, priority: 0, layers: 1, spill }, (state, _, failure) => {
      if (state === "done") resolve();
      else if (state !== "running") reject(new Error(failure?.message ?? state));
    });
    run.submit(batch);
    run.seal();
  });
}
