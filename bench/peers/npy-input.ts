import { existsSync } from "node:fs";
import { mkdir, open, rename, rm, statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { hashed } from "../inputs.js";
import type { Workload } from "./protocol.js";

const ELEMENTS = 1 << 23;

const pathOf = (workload: Workload): string => fileURLToPath(new URL(`../../.cache/bench/hashed-${workload.shape!.join("x")}.npy`, import.meta.url));

/** The path of a workload's input as a .npy file (float64, in C order), written where it is not there. */
export async function npyInput(workload: Workload): Promise<string> {
  const path = pathOf(workload);
  if (existsSync(path)) return path;
  const count = workload.shape!.reduce((a, b) => a * b, 1);
  await mkdir(dirname(path), { recursive: true });
  const { bavail, bsize } = await statfs(dirname(path));
  if (bavail * bsize < count * 8 * 1.2) throw new Error(`${path} needs ${((count * 8) / 1e9).toFixed(1)} GB and a little more on its disk`);
  const file = await open(`${path}.new`, "w");
  try {
    const entries = `{'descr': '<f8', 'fortran_order': False, 'shape': (${workload.shape!.join(", ")}), }`;
    await file.appendFile(Buffer.from(`\x93NUMPY\x01\x00\x76\x00${entries.padEnd(117)}\n`, "latin1")); // 128 bytes
    const values = new Float64Array(ELEMENTS);
    for (let start = 0; start < count; start += ELEMENTS) {
      const part = hashed(values.subarray(0, Math.min(ELEMENTS, count - start)), 1, workload.nan, start);
      await file.appendFile(new Uint8Array(part.buffer, 0, part.byteLength));
    }
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
  return path;
}

/** Deletes the file, if there is one. */
export const dropNpyInput = (workload: Workload): Promise<void> => rm(pathOf(workload), { force: true });
