import { chmod, lstat, mkdir, readdir, readFile, rename, stat, symlink, truncate, utimes, writeFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { DTYPES } from "../../../lib/core/dtype.js";
import type { File } from "../../../lib/expr/file.js";
import * as nd from "../../../lib/index.js";
import { assertArray, elementsOf } from "../../support/assert-array.js";
import { runScript } from "../../support/child.js";
import { NPY_FIXTURES, npyBytes, npyOf } from "../../support/npy-files.js";
import { counting, savedIn, testFolder } from "./folder.js";

const path = testFolder();
const saved = savedIn(path);
const bytesOf = (x: unknown): Buffer => {
  const { data } = x as nd.NDArray;
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
};
describe("files as NumPy writes them", () => {
  test.each(NPY_FIXTURES.map((f) => [f.name, f] as const))("%s", async (name, { dtype, shape, bytes, elements }) => {
    await writeFile(path(`${name}.npy`), bytes);
    const x = await nd.fromNpy(path(`${name}.npy`), { chunks: 2 });
    expect([x.dtype, x.shape]).toEqual([dtype, shape]);
    const [computed] = await nd.compute([x.reshape([x.size])]);
    expect(bytesOf(computed).equals(elements)).toBe(true);
    await assertArray(x, { dtype, shape, values: elementsOf(computed) });
    await x.toNpy(path(`again-${name}.npy`));
    const again = await readFile(path(`again-${name}.npy`));
    expect(again.subarray(again.length - elements.length).equals(elements)).toBe(true);
    if (/version-1|C$|one/.test(name) && !name.includes(">")) expect(again.equals(bytes)).toBe(true);
  });

  test("a byte of bool that is neither 0 nor 1 is true", async () => {
    await writeFile(path("bools.npy"), npyBytes("{'descr': '|b1', 'fortran_order': False, 'shape': (3,)}", Uint8Array.of(0, 1, 7)));
    const x = await nd.fromNpy(path("bools.npy"));
    await assertArray(x, { dtype: "bool", values: [false, true, true] });
    expect(await x.sum().compute()).toBe(2n);
  });

  test("what follows the elements is left alone", async () => {
    await writeFile(path("tail.npy"), Buffer.concat([npyOf(counting([4])), Buffer.from("more")]));
    await assertArray(await nd.fromNpy(path("tail.npy")), { values: [0, 1, 2, 3] });
  });
});

describe("what programs read of files", () => {
  test("only what it needs: a slice reads a slice", async () => {
    const x = await saved("slices.npy", [100, 100]);
    expect(x.explain().readBytes).toBe(80_000);
    expect(x.get("10:20").explain().readBytes).toBe(8000);
    expect(x.get("::10").explain().readBytes).toBe(8000);
    expect(x.get(":", 5).explain().readBytes).toBe(800);
    expect(x.get(":-1").add(x.get("1:")).explain().readBytes).toBe(80_000);
    expect(x.get([3, 50, 51, 52, 7]).explain().readBytes).toBe(4000);
    expect(x.add(x.T).explain().readBytes).toBe(80_000); // the same box, here
    expect(x.explain().stages.map((s) => s.name)).toContain("read slices.npy");
    expect(x.explain().toString()).toContain("reads 78.12 kiB");
  });

  test("of an array many times the memory limit, a part at a time", async () => {
    const x = await saved("large.npy", [2048, 4096]); // 64 MiB
    const options = { memoryLimit: "40MiB" } as const;
    expect(await x.sum().compute(options)).toBe((8388608 * 8388607) / 2);
    expect(x.sum().explain().peakBytes).toBeLessThan(2 ** 25);
    await x.T.add(1).toNpy(path("turned.npy"), options);
    expect(await (await nd.fromNpy(path("turned.npy"))).get(5, "::1000").compute(options).then((y) => (y as nd.NDArray).toNested())).toEqual([6, 4096006, 8192006]);
  });

  test("reads count as progress", async () => {
    const x = await saved("progress.npy", [100, 100]);
    let last: { done: number; total: number; layers: readonly { name: string; done: number }[] } | undefined;
    await x.sum().compute({ onProgress: (p) => (last = p) });
    expect(last!.done).toBe(last!.total);
    expect(last!.layers.find((layer) => layer.name === "read progress.npy")!.done).toBe(10_000);
  });
});

describe("names and chunks", () => {
  test("the graph is that of an array in memory", async () => {
    const x = await saved("graph.npy", [6, 4]);
    expect(String(x)).toBe("ndloom.array<array, shape=(6, 4), dtype=float64, chunksize=(6, 4)>");
    expect((await nd.fromNpy(path("graph.npy"), { chunks: [2, -1] })).chunks).toEqual([[2, 2, 2], [4]]);
    expect((await nd.fromNpy(path("graph.npy"), { chunks: 4 })).chunks).toEqual([[4, 2], [4]]);
  });

  test("the same file opened twice is the same array; another state of it is not", async () => {
    const x = await saved("twice.npy", [6]);
    const again = await nd.fromNpy(path("twice.npy"));
    expect(again.name).toBe(x.name);
    expect(x.add(again).explain().readBytes).toBe(48);
    await assertArray(x.add(again), { values: [0, 2, 4, 6, 8, 10] });
    await utimes(path("twice.npy"), 1, 1);
    expect((await nd.fromNpy(path("twice.npy"))).name).not.toBe(x.name);
  });

  test("a file: URL, and a path from the working directory", async () => {
    await saved("where.npy", [2]);
    await assertArray(await nd.fromNpy(pathToFileURL(path("where.npy"))), { values: [0, 1] });
    await nd.ones([2]).toNpy(pathToFileURL(path("there.npy")));
    await assertArray(await nd.fromNpy(path("there.npy")), { values: [1, 1] });
  });
});

describe("files that cannot be read", () => {
  test.each<[string, () => Promise<unknown>, RegExp]>([
    ["none there", async () => nd.fromNpy(path("nothing.npy")), /^fromNpy: cannot open .*nothing\.npy: no such file or directory\.$/],
    ["a folder", async () => nd.fromNpy(path("")), /expected a file, got a directory\.$/],
    ["no .npy file", async () => (await writeFile(path("text.npy"), "hello world"), nd.fromNpy(path("text.npy"))), /text\.npy: expected a \.npy file, which starts with \\x93NUMPY, got hello /],
    ["a header cut short", async () => (await writeFile(path("cut.npy"), npyOf(counting([4])).subarray(0, 40)), nd.fromNpy(path("cut.npy"))), /expected a header of \d+ bytes, got the end of the file after 30\.$/],
    ["elements cut short", async () => (await writeFile(path("short.npy"), npyOf(counting([4])).subarray(0, -1)), nd.fromNpy(path("short.npy"))), /expected 32 bytes of elements for shape \(4,\) of float64, got 31\. The file was cut short\.$/],
    ["pickled objects", async () => (await writeFile(path("object.npy"), npyBytes("{'descr': '|O', 'fortran_order': False, 'shape': (1,)}", Buffer.from("gANdcQBLAWEu", "base64"))), nd.fromNpy(path("object.npy"))), /object\.npy: expected elements of .*got pickled Python objects\. Pickles are never opened/],
  ])("%s", async (_, open, message) => {
    const error = await open().catch((e: unknown) => e);
    expect(error).toBeInstanceOf(nd.StorageError);
    expect((error as nd.StorageError).code).toBe("ERR_STORAGE");
    expect((error as nd.StorageError).message).toMatch(message);
    expect((error as nd.StorageError).path).toBeDefined();
  });

  test.each<[string, () => Promise<unknown>, string, RegExp]>([
    ["no path", async () => nd.fromNpy(3 as never), "path", /expected a path or a file: URL, got number/],
    ["an empty path", async () => nd.fromNpy(""), "path", /got ""/],
    ["a URL elsewhere", async () => nd.fromNpy(new URL("http://example.org/x.npy")), "path", /got http:/],
    ["an option that there is not", async () => nd.fromNpy("x", { chunk: 3 } as never), "chunk", /Did you mean chunks\?/],
    ["no array", async () => nd.toNpy("x", [1] as never), "x", /expected a chunked array/],
  ])("%s", async (_, call, option, message) => {
    await expect(call()).rejects.toThrow(expect.objectContaining({ code: "ERR_OPTION", option, message: expect.stringMatching(message) }));
  });

  test("chunks that do not fit", async () => {
    await saved("chunks.npy", [4]);
    await expect(nd.fromNpy(path("chunks.npy"), { chunks: [[3]] })).rejects.toThrow(expect.objectContaining({ code: "ERR_CHUNK_SUM" }));
  });

  test("one that changes between opening and computing", async () => {
    const x = await saved("changing.npy", [1000]);
    await writeFile(path("changing.npy"), npyOf(counting([1001])));
    await expect(x.sum().compute()).rejects.toThrow(expect.objectContaining({ code: "ERR_STORAGE", path: path("changing.npy"), message: expect.stringContaining("has changed since it was opened; open it again") }));
    await truncate(path("changing.npy"), 200);
    await expect(x.sum().compute()).rejects.toThrow(/has changed/);
    await rename(path("changing.npy"), path("elsewhere.npy"));
    await expect(x.sum().compute()).rejects.toThrow(/cannot read .*changing\.npy: no such file or directory/);
  });

  test("one that is cut short while it is read", async () => {
    const x = await saved("shrinking.npy", [1000]);
    (x.expr as File & { source: { check: unknown } }).source.check = async () => undefined; // it was whole a moment ago
    await truncate(path("shrinking.npy"), 4000);
    const error = await x.sum().compute().catch((e: unknown) => e);
    expect(error).toBeInstanceOf(nd.StorageError);
    expect(error).toMatchObject({ code: "ERR_STORAGE", path: path("shrinking.npy"), layer: "read shrinking.npy", message: expect.stringContaining("shrinking.npy") });
    await rename(path("shrinking.npy"), path("gone.npy"));
    await expect(x.add(1).compute()).rejects.toThrow(/No such file or directory/);
  });

  test("one that is replaced by the same elements must be opened again", async () => {
    const x = await saved("replaced.npy", [10]);
    await x.add(1).toNpy(path("replaced.npy"));
    await expect(x.compute()).rejects.toThrow(/has changed/);
    await assertArray(await nd.fromNpy(path("replaced.npy")), { values: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] });
  });
});

describe("writing", () => {
  const leftovers = async (): Promise<string[]> => (await readdir(path(""))).filter((name) => name.endsWith(".tmp"));

  test.each(DTYPES)("%s", async (dtype) => {
    const x = nd.arange(24).reshape([2, 3, 4]).astype(dtype);
    await x.toNpy(path(`${dtype}.npy`));
    const y = await nd.fromNpy(path(`${dtype}.npy`));
    await assertArray(y, { dtype, shape: [2, 3, 4], values: elementsOf((await nd.compute([x]))[0]) });
  });

  test.each<[string, nd.ChunkedArray]>([
    ["no axes", nd.full([], 3)],
    ["no elements", nd.zeros([0, 4])],
    ["one of each", nd.ones([1, 1])],
    ["what a mask selects", nd.arange(10).get(nd.greater(nd.arange(10), 6))],
    ["nothing that a mask selects", nd.arange(10).get(nd.greater(nd.arange(10), 60))],
    ["a reshape", nd.arange(12).reshape([3, 4]).T.reshape([2, 6])],
    ["a concatenation", nd.concatenate([nd.arange(3), nd.arange(4).get("::-1"), nd.arange(3)])],
    ["a reshape of a concatenation", nd.concatenate([nd.ones([2, 3]), nd.zeros([2, 3])], { axis: 1 }).reshape([3, 4])],
    ["a concatenation of a concatenation", nd.concatenate([nd.concatenate([nd.ones([2, 2]), nd.zeros([2, 1])], { axis: 1 }), nd.full([1, 3], 7)])],
    ["running sums", nd.arange(20).reshape([4, 5]).cumsum({ axis: 1 })],
    ["a product", nd.matmul(nd.ones([3, 4]), nd.ones([4, 2]))],
    ["a fold", nd.arange(20).reshape([4, 5]).sum({ axis: 0 })],
    ["rows in another order", nd.arange(20).reshape([4, 5]).get([2, 0])],
  ])("%s", async (name, x) => {
    const [computed] = await nd.compute([x]);
    await x.toNpy(path(`${name}.npy`));
    const y = await nd.fromNpy(path(`${name}.npy`));
    expect(y.shape).toEqual(computed instanceof nd.NDArray ? computed.shape : []);
    await assertArray(y, { dtype: x.dtype, values: elementsOf(computed) });
    expect(await leftovers()).toEqual([]);
  });

  test("takes the place of what was there, its mode and its links", async () => {
    await writeFile(path("old.npy"), "old");
    await chmod(path("old.npy"), 0o640);
    await symlink(path("old.npy"), path("link.npy"));
    await nd.ones([3]).toNpy(path("link.npy"));
    expect((await lstat(path("link.npy"))).isSymbolicLink()).toBe(true);
    expect((await stat(path("old.npy"))).mode & 0o777).toBe(0o640);
    await assertArray(await nd.fromNpy(path("old.npy")), { values: [1, 1, 1] });
  });

  test("where there can be no file", async () => {
    await expect(nd.ones([3]).toNpy(path("no/where.npy"))).rejects.toThrow(expect.objectContaining({ code: "ERR_STORAGE", message: expect.stringContaining("no such file or directory") }));
    await mkdir(path("folder.npy"));
    await expect(nd.ones([3]).toNpy(path("folder.npy"))).rejects.toThrow(/expected a file or nothing there/);
    await expect(nd.ones([3]).toNpy("/dev/full")).rejects.toThrow(/expected a file or nothing there/);
    await expect(nd.ones([3]).toNpy("/proc/ndloom.npy")).rejects.toThrow(expect.objectContaining({ code: "ERR_STORAGE" }));
  });

  test("a compute that fails leaves nothing, and what was there", async () => {
    await nd.ones([2]).toNpy(path("kept.npy"));
    const bad = nd.arange(10).get(nd.fromArray(BigInt64Array.of(1n, 50n)).add(0n));
    await expect(bad.toNpy(path("kept.npy"))).rejects.toThrow(/out of bounds/);
    await expect(nd.ones([1000, 1000]).cumsum({ axis: 0 }).toNpy(path("kept.npy"), { memoryLimit: "1kB" })).rejects.toThrow(nd.MemoryPlanError);
    await assertArray(await nd.fromNpy(path("kept.npy")), { values: [1, 1] });
    expect(await leftovers()).toEqual([]);
  });

  test("a compute that is cancelled leaves nothing", async () => {
    const controller = new AbortController();
    const x = nd.random.normal(0, 1, { size: [8192, 8192], seed: 1 });
    const written = x.toNpy(path("cancelled.npy"), { signal: controller.signal, onProgress: ({ done }) => done > 0 && controller.abort() });
    await expect(written).rejects.toThrow(nd.CancelledError);
    expect(await leftovers()).toEqual([]);
    await expect(stat(path("cancelled.npy"))).rejects.toThrow(/ENOENT/);
    await expect(x.toNpy(path("cancelled.npy"), { signal: AbortSignal.abort() })).rejects.toThrow(nd.CancelledError);
  });

  test("two writers of one file: the one or the other", async () => {
    await Promise.all([nd.zeros([500]).toNpy(path("both.npy")), nd.ones([500]).toNpy(path("both.npy"))]);
    expect([0, 500]).toContain(await (await nd.fromNpy(path("both.npy"))).sum().compute());
    expect(await leftovers()).toEqual([]);
  });

  test("a full disk ends the compute, and the process goes on", async () => {
    const { code, stdout, stderr } = await runScript(new URL("programs/file-size-limit.ts", import.meta.url), [path("full.npy")]);
    expect(stderr).toBe("");
    expect(code).toBe(0);
    const [message, after] = stdout.trim().split("\n");
    expect(message).toMatch(/^StorageError ERR_STORAGE write full\.npy compute: .*full\.npy.*File too large/);
    expect(after).toBe("5");
    expect(await leftovers()).toEqual([]);
  });
});
