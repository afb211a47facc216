/** What ends by itself when the process is asked to end. */
export interface Draining {
  /** Lets what runs end. */
  drain(): Promise<void>;
  /** Ends it now. */
  stop(): Promise<void>;
}

const open = new Set<Draining>();
let asked = false;

/**
 * The first SIGTERM drains all that is registered, a second one ends it. Then the process ends as it would have without us, unless the application
 * listens to SIGTERM itself.
 */
async function onSigterm(): Promise<void> {
  const again = asked;
  asked = true;
  await Promise.allSettled([...open].map((each) => (again ? each.stop() : each.drain())));
  if (again) return; // the first one is about to go on
  process.off("SIGTERM", listener);
  asked = false;
  if (process.listenerCount("SIGTERM") === 0) process.kill(process.pid, "SIGTERM");
}
const listener = (): void => void onSigterm();

/** Registers something; returns what takes it back. */
export function drainOnSigterm(each: Draining): () => void {
  if (open.size === 0) process.on("SIGTERM", listener);
  open.add(each);
  return () => {
    if (open.delete(each) && open.size === 0 && !asked) process.off("SIGTERM", listener);
  };
}
