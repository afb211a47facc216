import { tmpdir } from "node:os";
import { config } from "../config/index.js";

/** Where an engine's computes may write blocks that they have no room for, and how much. */
export interface Spill {
  readonly directory: string;
  readonly limitBytes: number;
}

export const spillDirectory = (): string => config.get("temporary-directory") ?? tmpdir();

/** What the configuration says of spilling; undefined: nothing is spilled. */
export function configuredSpill(): Spill | undefined {
  const limitBytes = config.get("spill-limit") ?? Number.MAX_SAFE_INTEGER;
  return limitBytes === 0 ? undefined : { directory: spillDirectory(), limitBytes };
}
