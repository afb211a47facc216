import { AsyncLocalStorage } from "node:async_hooks";
import { nearest, OptionError } from "../errors/index.js";
import { type ConfigInputs, type ConfigValues, environmentName, OPTIONS, type OptionName } from "./options.js";

type Values = ReadonlyMap<OptionName, unknown>;

/** Where an option's value comes from. */
export type ConfigSource = "default" | "environment" | "set" | "with";

/** One option as {@link Config.describe} tells it. */
export interface ConfigEntry {
  readonly name: OptionName;
  readonly value: unknown;
  readonly source: ConfigSource;
  readonly default: unknown;
  /** The environment variable that sets it. */
  readonly environment: string;
  readonly doc: string;
}

/**
 * The library's options. A value is looked for in the scopes of `with`, then in what was `set`, then in the environment
 * (`NDLOOM_…`), then in the defaults.
 */
export interface Config {
  /**
   * Reads an option. Sizes come as numbers of bytes; `null` is a value decided at run time.
   *
   * @throws {OptionError} `ERR_OPTION` when there is no such option, or its environment variable has a bad value.
   * @example
   * ```ts
   * import * as nd from "ndloom";
   * console.log(nd.config.get("split-every")); // 4
   * ```
   * @see dask.config.get
   */
  get<N extends OptionName>(name: N): ConfigValues[N];
  /**
   * Sets options for the whole process; `undefined` takes a set value back. For some calls only, use `with`.
   *
   * @throws {OptionError} `ERR_OPTION` when there is no such option or the value is bad; then nothing is set.
   * @example
   * ```ts
   * import * as nd from "ndloom";
   * nd.config.set({ "array.chunk-size": "64MiB" });
   * console.log(nd.config.get("array.chunk-size")); // 67108864
   * nd.config.set({ "array.chunk-size": undefined });
   * ```
   * @see dask.config.set
   */
  set(values: Partial<ConfigInputs>): void;
  /**
   * Runs `body`, and whatever it awaits, with some options set; others do not see them.
   *
   * @throws {OptionError} `ERR_OPTION` when there is no such option or the value is bad.
   * @example
   * ```ts
   * import * as nd from "ndloom";
   * console.log(nd.config.with({ "split-every": 8 }, () => nd.config.get("split-every"))); // 8
   * ```
   * @see dask.config.set, used as a context manager
   */
  with<T>(values: Partial<ConfigInputs>, body: () => T): T;
  /** Every option with its value and where that comes from. */
  describe(): ConfigEntry[];
  /** Reads the environment again, at the next `get`. */
  refresh(): void;
}

const scopes = new AsyncLocalStorage<Values>();
const assigned = new Map<OptionName, unknown>();
let environment: Map<OptionName, unknown> | undefined;

/** The library's options. */
export const config: Config = {
  get(name) {
    return lookUp(resolve(name)).value as ConfigValues[typeof name];
  },
  set(values) {
    for (const [name, value] of check(values, "config.set")) {
      if (value === undefined) assigned.delete(name);
      else assigned.set(name, value);
    }
  },
  with(values, body) {
    const scope = new Map(scopes.getStore());
    for (const [name, value] of check(values, "config.with")) if (value !== undefined) scope.set(name, value);
    return scopes.run(scope, body);
  },
  describe() {
    return (Object.keys(OPTIONS) as OptionName[]).map((name) => ({
      name, ...lookUp(name), default: OPTIONS[name].default, environment: environmentName(name), doc: OPTIONS[name].doc,
    }));
  },
  refresh() {
    environment = undefined;
  },
};

function lookUp(name: OptionName): { value: unknown; source: ConfigSource } {
  const scope = scopes.getStore();
  if (scope?.has(name)) return { value: scope.get(name), source: "with" };
  if (assigned.has(name)) return { value: assigned.get(name), source: "set" };
  const fromEnvironment = environmentValue(name);
  if (fromEnvironment !== undefined) return { value: fromEnvironment, source: "environment" };
  return { value: OPTIONS[name].default, source: "default" };
}

/** Dask takes `_` for `-` in names, and so do we. */
function resolve(name: string, operation = "config.get"): OptionName {
  const canonical = String(name).replaceAll("_", "-");
  if (Object.hasOwn(OPTIONS, canonical)) return canonical as OptionName;
  const near = nearest(canonical, Object.keys(OPTIONS));
  throw new OptionError(`${operation}: expected the name of an option, got "${name}"`, {
    option: String(name), hint: near ? `Did you mean "${near}"?` : `use one of ${Object.keys(OPTIONS).join(", ")}`,
  });
}

function check(values: object, operation: string): [OptionName, unknown][] {
  return Object.entries(values).map(([key, value]) => {
    const name = resolve(key, operation);
    return [name, value === undefined ? undefined : read(name, value, `${operation}: "${name}"`)];
  });
}

function read(name: OptionName, value: unknown, label: string): unknown {
  const row = OPTIONS[name];
  const result = row.read(value);
  if (result !== undefined) return result;
  const shown = typeof value === "string" ? JSON.stringify(value) : String(value);
  throw new OptionError(`${label}: expected ${row.expected}, got ${shown}`, { option: name, received: value });
}

// Each variable is read when its option is first asked for, so that a bad one is an error where it matters and not at import.
function environmentValue(name: OptionName): unknown {
  if (environment === undefined) {
    environment = new Map();
    warnOfUnknownVariables();
  }
  if (!environment.has(name)) {
    const variable = environmentName(name);
    const text = process.env[variable];
    environment.set(name, text === undefined || text === "" ? undefined : read(name, text, variable));
  }
  return environment.get(name);
}

function warnOfUnknownVariables(): void {
  const known = (Object.keys(OPTIONS) as OptionName[]).map(environmentName);
  for (const variable of Object.keys(process.env)) {
    if (!variable.startsWith("NDLOOM_") || known.includes(variable)) continue;
    const near = nearest(variable, known);
    process.emitWarning(`${variable} is no option of ndloom.${near ? ` Did you mean ${near}?` : ""}`, { code: "NDLOOM_ENVIRONMENT" });
  }
}
