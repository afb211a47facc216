import { NativeError } from "../errors/index.js";
import type { EngineOptions, NativeEngine } from "./binding.js";
import { LIBRARIES_HINT, loadAddon } from "./load.js";

export type {
  EngineOptions, EngineStats, NativeEngine, NativeFailure, NativeRun, NativeRunState, RunListener, RunOptions,
} from "./binding.js";

/**
 * Starts an engine with the addon that is installed.
 * @throws {NativeError} `ERR_NATIVE_MISSING` when there is no addon for this machine, `ERR_NATIVE_LOAD` when it or its kernels do not open.
 * @throws {TypeError} `ERR_INVALID_ARG` when an option is not what it must be.
 */
export function createEngine(options: Omit<EngineOptions, "kernelDirectory">): NativeEngine {
  const { addon, directory } = loadAddon();
  try {
    return new addon.Engine({ ...options, kernelDirectory: directory });
  } catch (cause) {
    // The addon knows only arguments; that this one is ours, and not the user's, is known here.
    if (!(cause instanceof Error) || !cause.message.includes(directory)) throw cause;
    throw new NativeError(cause.message, { code: "ERR_NATIVE_LOAD", hint: LIBRARIES_HINT, cause });
  }
}

/** Instruction sets with kernels that this machine can run, the fastest first. */
export function availableIsas(): string[] {
  const { addon, directory } = loadAddon();
  return addon.isas(directory);
}
