// node_modules, as the lock file says.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root, run } from "./step.mjs";

export async function ensureNodePackages(note) {
  if (matchesLock()) return "up to date";
  note("npm ci");
  await run("npm-ci", "npm", ["ci"], { hint: "npm ci needs the npm registry; check the network and `npm config get registry`." });
  return "done";
}

/** npm keeps what it installed in node_modules/.package-lock.json, in the lock file's own form. */
function matchesLock() {
  const read = (path) => JSON.parse(readFileSync(join(root, path), "utf8")).packages;
  const wanted = read("package-lock.json");
  let present;
  try {
    present = read("node_modules/.package-lock.json");
  } catch {
    return false;
  }
  const installable = Object.entries(wanted).filter(([path]) => path !== "");
  return (
    installable.every(([path, { version, optional }]) => present[path]?.version === version || (optional && !present[path])) &&
    Object.keys(present).every((path) => path in wanted)
  );
}
