import { createRequire } from "node:module";

/** The instruction sets that the addon was built for and this CPU has. */
export function isas(): string[] {
  const addon = createRequire(import.meta.url)("../../build/Release/ndloom.node") as { isas(): string[] };
  return addon.isas();
}
