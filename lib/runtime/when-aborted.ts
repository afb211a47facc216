interface Listeners {
  readonly calls: Set<() => void>;
  readonly listener: () => void;
}

const bySignal = new WeakMap<AbortSignal, Listeners>();

/**
 * Calls back when a signal aborts; at once when it has. Returns what ends that. A signal that thousands of computes share has one listener: more
 * than ten would be reported as a leak.
 */
export function whenAborted(signal: AbortSignal, call: () => void): () => void {
  if (signal.aborted) {
    call();
    return () => undefined;
  }
  let found = bySignal.get(signal);
  if (found === undefined) {
    const calls = new Set<() => void>();
    found = { calls, listener: () => [...calls].forEach((each) => each()) };
    bySignal.set(signal, found);
  }
  const { calls, listener } = found;
  if (calls.size === 0) signal.addEventListener("abort", listener, { once: true });
  const own = (): void => call(); // the same function may listen twice
  calls.add(own);
  return () => {
    if (calls.delete(own) && calls.size === 0) signal.removeEventListener("abort", listener);
  };
}
