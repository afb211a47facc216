import { createHash } from "node:crypto";

/** A short hash of an array's bytes. */
export function hashOf(data: ArrayBufferView): string {
  return createHash("sha256").update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength)).digest("hex").slice(0, 24);
}
