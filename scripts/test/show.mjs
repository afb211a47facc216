// Runs a program whose output the caller sees.
import { spawnSync } from "node:child_process";
import { root } from "../setup/step.mjs";

export const show = (command, args, env = process.env) => spawnSync(command, args, { cwd: root, stdio: "inherit", env });
