import { beginStep, type Steps } from "../core/steps.js";

/** How long computes may hold the thread, all of them together, before the event loop has its turn. */
const TURN_MS = 1.5;

// Of the thread: the computes of all engines share its time.
const waiting: (() => void)[] = [];
let startedMs: number | undefined; // when the first piece of work of this turn began
let scheduled = false;

function schedule(): void {
  if (scheduled) return;
  scheduled = true;
  setImmediate(() => {
    scheduled = false;
    startedMs = undefined;
    waiting.shift()?.(); // one at a time: each may use the whole turn
    if (waiting.length > 0) schedule();
  });
}

/** Tells whether the thread has been held for so long that others should have it. */
function spent(): boolean {
  const now = performance.now();
  if (startedMs !== undefined) return now - startedMs > TURN_MS;
  startedMs = now;
  schedule();
  return false;
}

/** Resolves in a coming turn of the event loop, first come, first served. */
const turn = (): Promise<void> => new Promise((resolve) => {
  waiting.push(resolve);
  schedule();
});

/** Does a call's work in steps, leaving the thread to others in between; throws when the call has been cancelled meanwhile. */
export async function unhurried<T>(work: Steps<T>, call: { check(): void }): Promise<T> {
  for (;;) {
    if (spent()) {
      await turn();
      call.check();
      spent();
    }
    beginStep();
    const step = work.next();
    if (step.done) return step.value;
  }
}
