import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const alias = { ndloom: fileURLToPath(new URL("./lib/index.ts", import.meta.url)) };
const project = (name: string, timeoutMs = 20_000) => ({
  resolve: { alias },
  test: { name, include: [`test/${name}/**/*.test.ts`], testTimeout: timeoutMs, hookTimeout: timeoutMs },
});

export default defineConfig({
  test: {
    projects: [
      project("unit"),
      project("engine", 60_000),
      project("architecture"),
      project("docs", 60_000),
      {
        resolve: { alias },
        test: {
          name: "types",
          include: [],
          typecheck: { enabled: true, only: true, include: ["test/types/**/*.test-d.ts"], tsconfig: "tsconfig.json" },
        },
      },
    ],
  },
});
