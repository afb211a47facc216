/** Work that pauses now and then, so that whoever drives it can let others have the thread. Its pauses are short of a millisecond apart. */
export type Steps<T = void> = Generator<undefined, T, undefined>;

/** How long a step may take, whatever it does: code that V8 has not compiled yet takes ten times longer. */
const STEP_MS = 0.25;

let begunMs = 0; // of the thread: one step runs at a time

/** Notes that a step begins. */
export function beginStep(): void {
  begunMs = performance.now();
}

/** Tells that a step has taken so long that it should end where it can. */
export const overdue = (): boolean => performance.now() - begunMs > STEP_MS;

/** Does all of it at once. */
export function drain<T>(work: Steps<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}
