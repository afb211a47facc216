// npm run test:asan, test:tsan: builds all native code with sanitizers into a directory of its own, runs the native tests and the engine's
// with it, and ends as npm test does. Every report of a sanitizer that our code has to do with, from whatever process, is a failure.
//   node scripts/sanitize.mjs asan|tsan [vitest arguments]
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { root, run, step } from "./setup/step.mjs";
import { nativeTests } from "./test/native-tests.mjs";
import { conclude } from "./test/outcome.mjs";
import { show } from "./test/show.mjs";
import { vitest } from "./test/vitest.mjs";

const SANITIZERS = {
  asan: { flags: "address,undefined", libraries: ["libasan.so", "libubsan.so"] },
  tsan: { flags: "thread", libraries: ["libtsan.so"] },
};
const OURS = /ndloom\.node|ndloom_kernels|\bndl::|\bnative\/(addon|core|kernels|runtime)\/|\btest\/native\//;
const [name, ...vitestArguments] = process.argv.slice(2);
const sanitizer = SANITIZERS[name];
if (sanitizer === undefined) throw new Error(`expected ${Object.keys(SANITIZERS).join(" or ")}, got ${name}`);
const build = `build-${name}`;
const results = join(root, ".cache", name);
const reports = join(results, "reports");

if (show(process.execPath, [join(root, "scripts/setup.mjs")]).status !== 0) {
  conclude({ passed: 0, failed: 1 });
} else {
  await step(`native, ${name}`, buildSanitized);
  rmSync(results, { recursive: true, force: true });
  mkdirSync(reports, { recursive: true });
  const engine = ["--config", "test/sanitizers/vitest.config.ts", ...vitestArguments];
  const instrumented = { SANITIZER_PRELOAD: preloaded(), NDLOOM_NATIVE_DIRECTORY: join(root, build, "Release") };
  conclude(
    nativeTests(build, results, environment({ native: true })),
    vitest(engine, results, { ...environment({ native: false }), ...instrumented }),
    reported(),
  );
}

async function buildSanitized(note) {
  const release = join(root, "build", "Release");
  const best = createRequire(import.meta.url)(join(release, "ndloom.node")).isas(release)[0];
  const isas = [...new Set(["baseline", best])].join(";"); // instrumented kernels are slow to compile
  note("compiling (the first time takes long)");
  const cmakeJs = (command, ...options) => run(`${name}-${command}`, process.execPath, [
    join(root, "node_modules/cmake-js/bin/cmake-js"), command, "--generator", "Ninja", "--config", "Release", "--out", build, ...options,
  ]);
  await cmakeJs("configure", "--CDNDLOOM_TESTS=ON", `--CDNDLOOM_SANITIZE=${sanitizer.flags}`, `--CDNDLOOM_ISAS=${isas}`);
  await cmakeJs("build");
  return `done, kernels for ${isas.replace(";", " and ")}`;
}

/** Node itself is not instrumented: the sanitizer has to be there before it. libstdc++ as well, or ASan finds no exceptions to intercept. */
function preloaded() {
  const find = (library) => realpathSync(execFileSync("g++", [`-print-file-name=${library}`], { encoding: "utf8" }).trim());
  return [...sanitizer.libraries, "libstdc++.so"].map(find).join(":");
}

function environment({ native }) {
  const log = `log_path=${join(reports, "report")}`;
  // V8 keeps what it has until the process ends, so leaks are looked for in the native tests only. It also handles SIGSEGV of its own.
  const asan = [log, `detect_leaks=${native ? 1 : 0}`, "allow_user_segv_handler=1", "detect_stack_use_after_return=0", "strict_string_checks=1"];
  const ubsan = [log, "print_stacktrace=1", "halt_on_error=1"];
  const tsan = [log, `suppressions=${join(root, "test/sanitizers/tsan.supp")}`, "second_deadlock_stack=1", "history_size=4",
    // a race inside Node, which its code gives no way to see is none, must not change how a process ends; reports are counted below
    `exitcode=${native ? 66 : 0}`];
  return {
    ...process.env,
    ASAN_OPTIONS: asan.join(":"), UBSAN_OPTIONS: ubsan.join(":"), TSAN_OPTIONS: tsan.join(":"),
    CTEST_PARALLEL_LEVEL: String(availableParallelism()),
  };
}

/** Shows what was reported and is ours, which may come from a process that nobody looked at. */
function reported() {
  let [ours, others] = [0, 0];
  for (const file of readdirSync(reports).sort()) {
    for (const report of readFileSync(join(reports, file), "utf8").split(/^={18}\n/m).filter((text) => /^(WARNING|.*ERROR): |runtime error: /m.test(text))) {
      const own = OURS.test(report);
      if (own) console.log(`\n${file}:\n${report}`);
      if (own) ours++;
      else others++;
    }
  }
  if (ours + others > 0) console.log(`${ours} reports with code of ours, ${others} of others alone; all are in ${reports}`);
  return { passed: 0, failed: ours };
}
