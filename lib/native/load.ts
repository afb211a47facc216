import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { config } from "../config/index.js";
import { NativeError } from "../errors/index.js";
import type { Addon } from "./binding.js";

/** The addon, and the directory that it and its kernel libraries lie in. */
export interface LoadedAddon {
  readonly addon: Addon;
  readonly directory: string;
}

const require = createRequire(import.meta.url);
const FILE = "ndloom.node";

/** The ways out when the addon, or a kernel library beside it, does not open. */
export const LIBRARIES_HINT = "it needs libraries of the system (on Debian: apt-get install libtbb12 libsleef3 libopenblas0-pthread); if they are there, "
  + "it may be built for another system: run `npm run setup` in a clone";

let loaded: LoadedAddon | undefined;

/**
 * Finds and opens the addon: in `native-directory` where that is set, else the package's own build, then the platform package
 * `@ndloom/<platform>-<arch>`.
 * @throws {NativeError} `ERR_NATIVE_MISSING` when there is none, `ERR_NATIVE_LOAD` when it does not open.
 */
export function loadAddon(): LoadedAddon {
  return (loaded ??= open(find()));
}

function find(): string {
  const chosen = config.get("native-directory");
  if (chosen !== null) {
    const path = join(chosen, FILE);
    if (existsSync(path)) return path;
    throw missing([path], 'it is looked for there alone, because the option "native-directory" (NDLOOM_NATIVE_DIRECTORY) is set');
  }
  const tried: string[] = [];
  const root = packageRoot(dirname(fileURLToPath(import.meta.url)));
  if (root !== undefined) {
    const built = join(root, "build", "Release", FILE);
    if (existsSync(built)) return built;
    tried.push(built);
  }
  const platformPackage = `@ndloom/${process.platform}-${process.arch}`;
  try {
    return require.resolve(`${platformPackage}/${FILE}`);
  } catch {
    tried.push(platformPackage);
  }
  throw missing(tried, "in a clone run `npm run setup`, which builds it; elsewhere install a package that was packed on such a system");
}

function missing(tried: readonly string[], hint: string): NativeError {
  return new NativeError(`no native addon for ${process.platform}-${process.arch}, Node ${process.versions.node}; tried ${tried.join(" and ")}`, {
    code: "ERR_NATIVE_MISSING", hint,
  });
}

/** The directory of this package: the nearest one above that has a package.json. */
function packageRoot(directory: string): string | undefined {
  if (existsSync(join(directory, "package.json"))) return directory;
  const parent = dirname(directory);
  return parent === directory ? undefined : packageRoot(parent);
}

function open(path: string): LoadedAddon {
  try {
    return { addon: require(path) as Addon, directory: dirname(path) };
  } catch (cause) {
    throw new NativeError(`cannot open ${path}: ${cause instanceof Error ? cause.message : String(cause)}`, {
      code: "ERR_NATIVE_LOAD", hint: LIBRARIES_HINT, cause,
    });
  }
}
