// The compiler and the C++ libraries, as Debian and Ubuntu package them.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { findProgram, run, SetupError } from "./step.mjs";

// package → how to tell that it is there where dpkg does not know: a program, or a pkg-config module
const PACKAGES = {
  "g++": { program: "g++" },
  cmake: { program: "cmake" },
  "ninja-build": { program: "ninja" },
  ccache: { program: "ccache", optional: true },
  "pkg-config": { program: "pkg-config" },
  "libxtensor-dev": { module: "xtensor" },
  "libxsimd-dev": { module: "xsimd" },
  "libtbb-dev": { module: "tbb" },
  "libopenblas-pthread-dev": { module: "openblas" },
  "libsleef-dev": { module: "sleef" },
  "libxxhash-dev": { module: "libxxhash" },
  "libgtest-dev": { module: "gtest" },
};

export async function ensureSystemPackages(note) {
  const debian = isDebianLike();
  const missing = debian ? missingDebianPackages() : missingByProbe();
  const needed = missing.filter((name) => !PACKAGES[name].optional);
  if (missing.length === 0) return "up to date";
  const command = `apt-get update && apt-get install -y --no-install-recommends ${missing.join(" ")}`;
  if (!debian) {
    if (needed.length === 0) return `up to date, though ${missing.join(", ")} would help`;
    throw new SetupError(
      `ndloom compiles its engine, and these are missing: ${missing.join(", ")} (names as on Debian).\n` +
        "Install what your system calls them, then run this again. On Debian or Ubuntu: sudo sh -c '" + command + "'",
    );
  }
  const prefix = rootPrefix();
  if (prefix === null) {
    if (needed.length === 0) return `up to date, though ${missing.join(", ")} would help`;
    throw new SetupError(
      `missing Debian packages: ${missing.join(", ")}.\nInstalling them needs root, and neither root nor sudo is available here. Run as root:\n  ${command}\nthen run this again.`,
    );
  }
  note(`installing ${missing.join(", ")}`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const apt = (log, args) => {
    const [program, ...rest] = [...prefix, "apt-get", ...args];
    return run(log, program, rest, { env, hint: `To do it by hand: ${command}` });
  };
  await apt("apt-update", ["update"]);
  await apt("apt-install", ["install", "-y", "--no-install-recommends", ...missing]);
  return "done";
}

function isDebianLike() {
  try {
    const release = readFileSync("/etc/os-release", "utf8");
    return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(release) && findProgram("dpkg-query") !== null;
  } catch {
    return false;
  }
}

function missingDebianPackages() {
  const names = Object.keys(PACKAGES);
  // ${binary:Package} would carry the architecture; a virtual or renamed package (pkg-config → pkgconf) counts if provided.
  const query = spawnSync("dpkg-query", ["-W", "-f", "${Package} ${db:Status-Status} ${Provides}\n"], {
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  if (query.status !== 0) throw new SetupError(`dpkg-query failed: ${query.stderr}`);
  const installed = new Set();
  for (const line of query.stdout.split("\n")) {
    const [name, status, ...provides] = line.split(" ");
    if (status !== "installed") continue;
    installed.add(name);
    for (const provided of provides.join(" ").split(", ")) installed.add(provided.split(/[ :(]/)[0]);
  }
  return names.filter((name) => !installed.has(name));
}

function missingByProbe() {
  const hasPkgConfig = findProgram("pkg-config") !== null;
  return Object.entries(PACKAGES)
    .filter(([, { program, module }]) =>
      program !== undefined
        ? findProgram(program) === null
        : !hasPkgConfig || spawnSync("pkg-config", ["--exists", module]).status !== 0,
    )
    .map(([name]) => name);
}

/** How to become root: nothing, sudo, or null when there is no way. */
function rootPrefix() {
  if (process.getuid?.() === 0) return [];
  if (findProgram("sudo") === null) return null;
  const silent = spawnSync("sudo", ["-n", "true"], { stdio: "ignore" }).status === 0;
  if (silent) return ["sudo", "-n"];
  return process.stdin.isTTY ? ["sudo"] : null;
}
