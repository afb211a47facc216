import type { Steps } from "../core/steps.js";
import type { Emitter } from "./emit.js";
import type { Stored } from "./stored.js";

/** A loop nest, or a family of kernel calls, that fills one or more stored arrays. */
export interface Stage {
  /** What explain() and progress call it. */
  readonly name: string;
  /** Chooses cells and compiles programs. Stages that it reads from are prepared already. */
  prepare(emitter: Emitter): Steps;
  /** Emits the tasks that fill a block of one of its arrays; called once for each. It pauses when the emitter says so. */
  emitBlock(stored: Stored, block: readonly number[], emitter: Emitter): Steps;
}

/** What a stage is called that does something with what it computes itself. */
export const nameOf = (text: string, what: string): string => (text === "" ? what : `${text} → ${what}`);
