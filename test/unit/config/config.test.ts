import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { config, type OptionName } from "../../../lib/config/index.js";
import { environmentName, OPTIONS } from "../../../lib/config/options.js";
import { OptionError } from "../../../lib/errors/index.js";

beforeEach(() => config.refresh());
afterEach(() => {
  vi.unstubAllEnvs();
  config.refresh();
  config.set(Object.fromEntries(Object.keys(OPTIONS).map((name) => [name, undefined])));
});

describe("config", () => {
  test("defaults are Dask's", () => {
    expect(config.get("array.chunk-size")).toBe(134_217_728);
    expect(config.get("array.chunk-size-tolerance")).toBe(1.25);
    expect(config.get("array.rechunk.threshold")).toBe(4);
    expect(config.get("split-every")).toBe(4);
    expect(config.get("array.svg.size")).toBe(120);
  });

  test("with wins over set, set over the environment, the environment over the default", () => {
    vi.stubEnv("NDLOOM_SPLIT_EVERY", "8");
    expect(config.get("split-every")).toBe(8);
    config.set({ "split-every": 16 });
    expect(config.get("split-every")).toBe(16);
    config.with({ "split-every": 32 }, () => expect(config.get("split-every")).toBe(32));
    config.set({ "split-every": undefined });
    expect(config.get("split-every")).toBe(8);
  });

  test("scopes follow what is awaited, nest, and end", async () => {
    const seen = (await Promise.all([2, 3].map((k) => config.with({ "split-every": k }, async () => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      return config.with({ threads: k }, async () => [config.get("split-every"), config.get("threads")]);
    })))).flat();
    expect(seen).toEqual([2, 2, 3, 3]);
    expect(config.get("split-every")).toBe(4);
  });

  test("sizes are read", () => {
    config.set({ "array.chunk-size": "64MiB", "memory-limit": "1.5 GiB" });
    expect([config.get("array.chunk-size"), config.get("memory-limit")]).toEqual([2 ** 26, 1.5 * 2 ** 30]);
  });

  test("underscores stand for dashes, as in Dask", () => {
    expect(config.get("array.chunk_size" as OptionName)).toBe(2 ** 27);
  });

  test("auto in the environment is null", () => {
    vi.stubEnv("NDLOOM_THREADS", "auto");
    vi.stubEnv("NDLOOM_ISA", "avx2");
    expect([config.get("threads"), config.get("isa")]).toEqual([null, "avx2"]);
  });

  test.each<[string, () => unknown, string]>([
    ["an unknown name", () => config.get("array.chunksize" as OptionName), 'config.get: expected the name of an option, got "array.chunksize". Did you mean "array.chunk-size"?'],
    ["a bad value", () => config.set({ "split-every": 1.5 }), 'config.set: "split-every": expected a whole number ≥ 2, got 1.5.'],
    ["a bad size", () => config.set({ "array.chunk-size": "12 parsecs" as never }), 'config.set: "array.chunk-size": expected a number of bytes > 0 such as "128MiB", got "12 parsecs".'],
    ["a bad choice", () => config.with({ isa: "sse" as never }, () => 0), 'config.with: "isa": expected one of "baseline", "avx2", "avx512", or "auto", got "sse".'],
  ])("says what is wrong: %s", (_, run, message) => {
    expect(run).toThrow(OptionError);
    expect(run).toThrow(message);
  });

  test("nothing is set when one value is bad", () => {
    expect(() => config.set({ "split-every": 9, "array.svg.size": -1 })).toThrow(OptionError);
    expect(config.get("split-every")).toBe(4);
  });

  test("a bad variable is named when its option is read", () => {
    vi.stubEnv("NDLOOM_LOG_LEVEL", "loud");
    expect(config.get("split-every")).toBe(4);
    expect(() => config.get("log-level")).toThrow("NDLOOM_LOG_LEVEL: expected one of");
  });

  test("a variable that is no option is told once", () => {
    vi.stubEnv("NDLOOM_SPLITEVERY", "8");
    const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    config.get("threads");
    config.get("isa");
    expect(warn.mock.calls.map(([text]) => text)).toEqual(["NDLOOM_SPLITEVERY is no option of ndloom. Did you mean NDLOOM_SPLIT_EVERY?"]);
    warn.mockRestore();
  });

  test("describe tells every option and where its value comes from", () => {
    const rows = config.with({ threads: 2 }, () => config.describe());
    expect(rows.map((row) => row.name)).toEqual(Object.keys(OPTIONS));
    expect(rows.find((row) => row.name === "threads")).toMatchObject({ value: 2, source: "with", default: null, environment: "NDLOOM_THREADS" });
    expect(rows.every((row) => row.doc.endsWith("."))).toBe(true);
  });

  test("every default is a value that the option takes", () => {
    for (const [name, row] of Object.entries(OPTIONS)) expect(row.read(row.default), name).toEqual(row.default);
  });

  test("variables are named after options", () => {
    expect(environmentName("array.chunk-size")).toBe("NDLOOM_ARRAY_CHUNK_SIZE");
  });
});
