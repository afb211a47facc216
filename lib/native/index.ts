import type { EngineOptions, NativeEngine } from "./binding.js";
import { loadAddon } from "./load.js";

export type {
  EngineOptions, EngineStats, NativeEngine, NativeFailure, NativeRun, NativeRunState, RunListener, RunOptions,
} from "./binding.js";

/**
 * Starts an engine with the addon that is installed.
 * @throws {NativeError} when there is no addon for this machine.
 * @throws {TypeError} `ERR_INVALID_ARG` when an option is not what it must be.
 */
export function createEngine(options: Omit<EngineOptions, "kernelDirectory">): NativeEngine {
  const { addon, directory } = loadAddon();
  return new addon.Engine({ ...options, kernelDirectory: directory });
}

/** Instruction sets with kernels that this machine can run, the fastest first. */
export function availableIsas(): string[] {
  const { addon, directory } = loadAddon();
  return addon.isas(directory);
}
