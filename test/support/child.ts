import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** How a process ended, and what it wrote. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a script of the tests in a process of its own. */
export function runScript(script: URL, args: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const root = fileURLToPath(new URL("../../", import.meta.url));
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--import", "tsx", fileURLToPath(script), ...args], {
      cwd: root, env: { ...process.env, TSX_TSCONFIG_PATH: "tsconfig.build.json", ...env }, stdio: ["ignore", "pipe", "pipe"],
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.on("error", reject).on("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}
