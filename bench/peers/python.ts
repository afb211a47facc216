import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const directory = fileURLToPath(new URL("../../.cache/peers", import.meta.url));

/** The Python of an environment with the peers of requirements.txt, made where it is missing or out of date. */
export function peerPython(): string {
  const python = join(directory, "bin", "python");
  const stamp = join(directory, "requirements.stamp");
  const requirements = readFileSync(join(here, "requirements.txt"), "utf8");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === requirements) return python;
  console.log("making the peers' Python environment in .cache/peers (once)");
  mkdirSync(directory, { recursive: true });
  run("python3", ["-m", "venv", directory], "on Debian: apt-get install python3-venv");
  run(python, ["-m", "pip", "install", "--quiet", "-r", join(here, "requirements.txt")], "the peers come from PyPI; check the network");
  writeFileSync(stamp, requirements);
  return python;
}

function run(command: string, args: readonly string[], hint: string): void {
  const { status, error } = spawnSync(command, args, { stdio: "inherit" });
  if (status !== 0) throw new Error(`${command} ${args.slice(0, 3).join(" ")} ended with ${error?.message ?? status}; ${hint}`);
}
