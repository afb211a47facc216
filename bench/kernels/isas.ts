import { createRequire } from "node:module";
import type { Addon } from "../../lib/native/binding.js";

/** The instruction sets that have a library in `directory` and that this CPU can run. */
export function isas(directory: string): string[] {
  const addon = createRequire(import.meta.url)(`${directory}/ndloom.node`) as Addon;
  return addon.isas(directory);
}
