import { type FileHandle, open, stat } from "node:fs/promises";
import { itemsize } from "../../core/dtype.js";
import { formatShape, sizeOf } from "../../core/shape.js";
import { tokenOf } from "../../core/token.js";
import { StorageError } from "../../errors/index.js";
import { nextMemoryId } from "../../expr/buffer.js";
import type { FileSource } from "../../expr/file.js";
import { because } from "../failure.js";
import { findHeader, HeaderFault, LONGEST_PREFIX, type NpyHeader, parseHeader } from "./header.js";

/** A .npy file that was opened: what its header says, and where its elements begin. */
export interface NpyFile {
  readonly header: NpyHeader;
  readonly source: FileSource;
  readonly byteOffset: number;
}

/**
 * Reads the header of a .npy file; its elements are left where they are.
 *
 * @throws {StorageError} `ERR_STORAGE` when there is no such file, its header is not sound, or it is shorter than its header says.
 */
export async function openNpy(operation: string, path: string): Promise<NpyFile> {
  const fail = (message: string, hint?: string): never => {
    throw new StorageError(`${operation}: ${path}: ${message}`, { path, ...(hint === undefined ? {} : { hint }) });
  };
  let handle: FileHandle;
  try {
    handle = await open(path, "r");
  } catch (cause) {
    throw new StorageError(`${operation}: cannot open ${path}: ${because(cause)}`, { path, cause });
  }
  try {
    const state = await handle.stat({ bigint: true });
    if (!state.isFile()) fail(`expected a file, got ${state.isDirectory() ? "a directory" : "something else"}`);
    const place = findHeader(await readBytes(handle, 0, LONGEST_PREFIX));
    if (place instanceof HeaderFault) return fail(place.message, place.hint);
    const text = await readBytes(handle, place.start, place.length);
    if (text.length < place.length) fail(`expected a header of ${place.length} bytes, got the end of the file after ${text.length}`);
    const header = parseHeader(text.toString(place.encoding));
    if (header instanceof HeaderFault) return fail(header.message, header.hint);
    const byteOffset = place.start + place.length;
    const needed = sizeOf(header.shape) * itemsize(header.dtype);
    const held = Number(state.size) - byteOffset;
    if (held < needed) fail(`expected ${needed} bytes of elements for shape ${formatShape(header.shape)} of ${header.dtype}, got ${held}`, "The file was cut short");
    return { header, source: new OpenedFile(path, Number(state.size), fingerprint(state)), byteOffset };
  } catch (cause) {
    if (cause instanceof StorageError) throw cause;
    throw new StorageError(`${operation}: cannot read ${path}: ${because(cause)}`, { path, cause });
  } finally {
    await handle.close();
  }
}

async function readBytes(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}

interface State {
  readonly dev: bigint;
  readonly ino: bigint;
  readonly size: bigint;
  readonly mtimeNs: bigint;
}

/** What tells a file from the one that takes its place, and from itself before it was written again. */
const fingerprint = ({ dev, ino, size, mtimeNs }: State): string => `${dev} ${ino} ${size} ${mtimeNs}`;

class OpenedFile implements FileSource {
  readonly id = nextMemoryId();
  readonly writable = false;
  readonly name: string;
  readonly token: string;

  constructor(readonly path: string, readonly byteLength: number, readonly state: string) {
    this.name = path;
    this.token = tokenOf(["file", path, state]);
  }
  async check(): Promise<void> {
    const { path } = this;
    let now: string;
    try {
      now = fingerprint(await stat(path, { bigint: true }));
    } catch (cause) {
      throw new StorageError(`compute: cannot read ${path}: ${because(cause)}`, { path, cause });
    }
    if (now !== this.state) throw new StorageError(`compute: ${path} has changed since it was opened`, { path, hint: "open it again" });
  }
}
