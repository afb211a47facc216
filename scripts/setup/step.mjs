// One step of the set-up: prints one line with what it did and how long that took.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync } from "node:fs";
import { delimiter, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

/** Something the user can act on; printed without a stack. */
export class SetupError extends Error {}

/** Runs `body`, which returns what it did; `body` may call `note` to say what takes long. */
export async function step(name, body) {
  const start = performance.now();
  const label = name.padEnd(18);
  let open = false;
  const note = (text) => {
    process.stdout.write(`${label}${text} ... `);
    open = true;
  };
  try {
    const did = await body(note);
    process.stdout.write(`${open ? "" : label}${did} (${((performance.now() - start) / 1000).toFixed(1)} s)\n`);
  } catch (error) {
    process.stdout.write(open ? "failed\n" : `${label}failed\n`);
    throw error;
  }
}

/** Runs a program with its output in `.cache/setup/<log>.log`; a failure carries the end of that log. */
export async function run(log, command, args, { env = process.env, hint = "" } = {}) {
  const path = join(root, ".cache", "setup", `${log}.log`);
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(path, "w");
  const code = await new Promise((done, fail) => {
    const child = spawn(command, args, { cwd: root, env, stdio: ["inherit", file, file] });
    child.on("error", fail);
    child.on("close", (status, signal) => done(status ?? `signal ${signal}`));
  }).finally(() => closeSync(file));
  if (code !== 0) {
    const tail = readFileSync(path, "utf8").trimEnd().split("\n").slice(-40).join("\n");
    const shown = [command, ...args].join(" ").replaceAll(`${root}/`, "");
    throw new SetupError(`\`${shown}\` ended with ${code}:\n${tail}\n(all of it: ${relative(root, path)})${hint && `\n${hint}`}`);
  }
}

/** The path of a program on PATH, or null. */
export function findProgram(name) {
  const directories = (process.env.PATH ?? "").split(delimiter).filter((directory) => directory !== "");
  return directories.map((directory) => join(directory, name)).find((path) => existsSync(path)) ?? null;
}

/** A hash of the contents and names of files; directories are walked. */
export function fingerprint(paths, ...extra) {
  const hash = createHash("sha256");
  const add = (path) => {
    let entries;
    try {
      entries = readdirSync(join(root, path), { withFileTypes: true });
    } catch (error) {
      if (error.code === "ENOTDIR") hash.update(`${path}\0`).update(readFileSync(join(root, path))).update("\0");
      else if (error.code !== "ENOENT") throw error;
      return;
    }
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) add(`${path}/${entry.name}`);
  };
  paths.forEach(add);
  extra.forEach((text) => hash.update(`${text}\0`));
  return hash.digest("hex");
}
