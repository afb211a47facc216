/** Work that pauses now and then, so that whoever drives it can let others have the thread. Its pauses are short of a millisecond apart. */
export type Steps<T = void> = Generator<undefined, T, undefined>;

/** Does all of it at once. */
export function drain<T>(work: Steps<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}
