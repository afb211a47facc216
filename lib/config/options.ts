import { OptionError } from "../errors/index.js";
import { type Bytes, parseBytes } from "./bytes.js";

/** What an option reads as, by its name. */
export interface ConfigValues {
  "array.chunk-size": number;
  "array.chunk-size-tolerance": number;
  "array.rechunk.threshold": number;
  "array.svg.size": number;
  "split-every": number;
  "temporary-directory": string | null;
  "spill-limit": number | null;
  threads: number | null;
  "memory-limit": number | null;
  isa: Isa | null;
  "native-directory": string | null;
  niceness: number;
  "log-level": LogLevel;
  debug: boolean;
}

/** What an option may be set to, by its name. */
export interface ConfigInputs extends Omit<ConfigValues, "array.chunk-size" | "memory-limit" | "spill-limit"> {
  "array.chunk-size": Bytes;
  "memory-limit": Bytes | null;
  "spill-limit": Bytes | null;
}

/** The instruction sets that kernels are built for. */
export type Isa = "baseline" | "avx2" | "avx512";

/** How much is written to stderr. */
export type LogLevel = "silent" | "error" | "warn" | "info" | "debug";

/** The name of an option. */
export type OptionName = keyof ConfigValues;

/** One option. */
export interface OptionRow<V = unknown> {
  /** What it does, with its unit. */
  readonly doc: string;
  readonly default: V;
  /** Reads a value, which may be text from the environment; undefined when it is none. */
  readonly read: (value: unknown) => V | undefined;
  /** What values it takes, for messages. */
  readonly expected: string;
}

type Reader<V> = Pick<OptionRow<V>, "read" | "expected">;

const numeric = (value: unknown): number =>
  typeof value === "number" ? value : typeof value === "string" && value.trim() !== "" ? Number(value) : NaN;

const real = (min: number, expected: string): Reader<number> => ({
  expected,
  read: (value) => { const n = numeric(value); return Number.isFinite(n) && n >= min ? n : undefined; },
});
const whole = (min: number, max: number): Reader<number> => ({
  expected: max === Infinity ? `a whole number ≥ ${min}` : `a whole number from ${min} to ${max}`,
  read: (value) => { const n = numeric(value); return Number.isInteger(n) && n >= min && n <= max ? n : undefined; },
});
const bytesFrom = (least: 0 | 1): Reader<number> => ({
  expected: `a number of bytes ${least === 0 ? "≥" : ">"} 0 such as "128MiB"`,
  read: (value) => {
    if (typeof value !== "number" && typeof value !== "string") return undefined;
    try {
      const count = parseBytes(value);
      return count >= least ? count : undefined;
    } catch (error) {
      if (error instanceof OptionError) return undefined;
      throw error;
    }
  },
});
const bytes = bytesFrom(1);
const oneOf = <const V extends string>(...values: readonly V[]): Reader<V> => ({
  expected: `one of ${values.map((value) => `"${value}"`).join(", ")}`,
  read: (value) => values.find((one) => one === value),
});
const yesOrNo: Reader<boolean> = {
  expected: "true or false",
  read: (value) => (value === true || value === "true" || value === "1" ? true : value === false || value === "false" || value === "0" ? false : undefined),
};
const text: Reader<string> = {
  expected: "a text that is not empty",
  read: (value) => (typeof value === "string" && value !== "" ? value : undefined),
};
/** Or null, written "auto" in the environment: decided at run time. */
const orAuto = <V>(reader: Reader<V>): Reader<V | null> => ({
  expected: `${reader.expected}, or "auto"`,
  read: (value) => (value === null || value === "auto" ? null : reader.read(value)),
});

const option = <V>(defaultValue: V, reader: Reader<V>, doc: string): OptionRow<V> => ({ doc, default: defaultValue, ...reader });

/** Every option there is, with Dask's names where Dask has them. */
export const OPTIONS: { readonly [N in OptionName]: OptionRow<ConfigValues[N]> } = {
  "array.chunk-size": option(2 ** 27, bytes, 'Bytes of a block where chunks are "auto".'),
  "array.chunk-size-tolerance": option(1.25, real(1, "a number ≥ 1"),
    "How far an existing chunk may exceed the wanted one and still be kept by an automatic rechunk."),
  "array.rechunk.threshold": option(4, real(0, "a number ≥ 0"),
    "How many times larger the graph of a direct rechunk may be before steps between are planned."),
  "array.svg.size": option(120, whole(1, 10_000), "Pixels of the longest side of an array's picture."),
  "split-every": option(4, whole(2, Infinity), "How many blocks a step of a tree reduction folds into one."),
  "temporary-directory": option<string | null>(null, orAuto(text),
    "Where spilled blocks go; by default the system's directory for temporary files."),
  "spill-limit": option<number | null>(null, orAuto(bytesFrom(0)),
    "Bytes that spilled blocks may take on disk, 0 for no spilling; by default as many as there are."),
  threads: option<number | null>(null, orAuto(whole(1, 1024)),
    "Threads that compute; by default as many as the process may use."),
  "memory-limit": option<number | null>(null, orAuto(bytes),
    "Bytes that blocks may take at once; by default a share of the machine's memory."),
  isa: option<Isa | null>(null, orAuto(oneOf("baseline", "avx2", "avx512")),
    "The instruction set of the kernels; by default the best that the processor has."),
  "native-directory": option<string | null>(null, orAuto(text),
    "Where the addon and its kernels lie, an absolute path read at the first use; by default the package's own build, then the platform package."),
  niceness: option(19, whole(0, 19), "How much the computing threads yield to others, the event loop above all; 0 not at all."),
  "log-level": option<LogLevel>("warn", oneOf("silent", "error", "warn", "info", "debug"),
    "How much is written to stderr."),
  debug: option(false, yesOrNo,
    "Checks expressions between the passes of the optimiser, as log-level \"debug\" does too; for finding bugs of the library."),
};

/** The environment variable of an option: `array.chunk-size` is `NDLOOM_ARRAY_CHUNK_SIZE`. */
export const environmentName = (name: OptionName): string => `NDLOOM_${name.replace(/[^a-z0-9]/g, "_").toUpperCase()}`;
