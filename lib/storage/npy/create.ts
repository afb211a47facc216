import { randomBytes } from "node:crypto";
import { chmod, type FileHandle, open, realpath, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type DType, itemsize } from "../../core/dtype.js";
import { sizeOf } from "../../core/shape.js";
import { StorageError } from "../../errors/index.js";
import { nextMemoryId } from "../../expr/buffer.js";
import type { FileSource } from "../../expr/file.js";
import { because } from "../failure.js";
import { formatHeader } from "./header.js";

/** A .npy file in the making: under a temporary name beside its place until `finish`. */
export interface NewNpyFile {
  readonly source: FileSource;
  readonly byteOffset: number;
  /** Gives the file its name, in the place of one that had it. */
  finish(): Promise<void>;
  /** Removes it. */
  abandon(): Promise<void>;
}

/**
 * Creates a .npy file and writes its header; the elements are up to whoever asked.
 *
 * @throws {StorageError} `ERR_STORAGE` when there can be no file of that name there.
 */
export async function createNpy(operation: string, path: string, dtype: DType, shape: readonly number[]): Promise<NewNpyFile> {
  const failed = (what: string, cause: unknown): StorageError => new StorageError(`${operation}: cannot ${what} ${path}: ${because(cause)}`, { path, cause });
  const replaced = await existing(path).catch((cause: unknown) => {
    throw failed("write", cause);
  });
  if (replaced !== undefined && !replaced.isFile) throw new StorageError(`${operation}: ${path}: expected a file or nothing there, got something else`, { path });
  // A link goes on pointing to where it did.
  const target = replaced?.path ?? path;
  const temporary = join(dirname(target), `.ndloom-${process.pid}-${randomBytes(8).toString("hex")}.tmp`);
  const header = formatHeader(dtype, shape);
  let handle: FileHandle;
  try {
    handle = await open(temporary, "wx");
  } catch (cause) {
    throw failed("create a file beside", cause);
  }
  const abandon = (): Promise<void> => rm(temporary, { force: true });
  try {
    await handle.writeFile(header);
  } catch (cause) {
    await abandon();
    throw failed("write", cause);
  } finally {
    await handle.close();
  }
  const id = nextMemoryId();
  const byteLength = header.length + sizeOf(shape) * itemsize(dtype);
  const source: FileSource = { id, path: temporary, name: path, token: `new file ${id}`, byteLength, writable: true, check: async () => undefined };
  const finish = async (): Promise<void> => {
    try {
      if (replaced !== undefined) await chmod(temporary, replaced.mode);
      await rename(temporary, target);
    } catch (cause) {
      throw failed("write", cause);
    }
  };
  return { source, byteOffset: header.length, finish, abandon };
}

async function existing(path: string): Promise<{ path: string; mode: number; isFile: boolean } | undefined> {
  try {
    const state = await stat(path);
    return { path: await realpath(path), mode: state.mode & 0o7777, isFile: state.isFile() };
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw cause;
  }
}
