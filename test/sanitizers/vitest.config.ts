// The engine's tests under a sanitizer (scripts/sanitize.mjs): one file at a time, and nothing is too late. Only the processes that run tests
// get the sanitizer's library, Vitest itself does not.
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const root = fileURLToPath(new URL("../..", import.meta.url));

export default defineConfig({
  root,
  resolve: { alias: { ndloom: `${root}/lib/index.ts` } },
  test: {
    name: "engine",
    include: ["test/engine/**/*.test.ts"],
    pool: "forks",
    fileParallelism: false,
    testTimeout: 1_200_000,
    hookTimeout: 1_200_000,
    env: { LD_PRELOAD: process.env["SANITIZER_PRELOAD"] ?? "" },
  },
});
