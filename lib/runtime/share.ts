import { itemsize } from "../core/dtype.js";
import type { Expr } from "../expr/expr.js";
import { inputsFirst } from "../optimize/rewrite.js";
import { priorityOf } from "./call.js";
import type { Computed } from "./computed.js";
import { Ending } from "./ending.js";
import type { Engine } from "./engine.js";
import type { ComputeOptions, OwnOptions, Progress } from "./options.js";
import { unhurried } from "./turns.js";
import { Urgency } from "./urgency.js";

/** Results larger than this are not copied: whoever asks for them runs by himself. */
const LARGEST_SHARED = 2 ** 20;

/** A compute in flight, and those who wait for it. */
interface Shared {
  readonly result: Promise<Computed[]>;
  readonly leave: AbortController;
  readonly listeners: Set<(progress: Progress) => void>;
  readonly urgency: Urgency;
  callers: number;
}

type Compute = (exprs: readonly Expr[], options: ComputeOptions, engine: Engine) => Promise<Computed[]>;

const byEngine = new WeakMap<Engine, Map<string, Shared>>();

/**
 * Computes, together with whoever asks for the same at the same time: equal expressions and memory limit, and results small enough to be copied. It
 * runs with the highest priority that a caller has asked for. Each caller has memory, signal, time limit and progress of its own; the compute ends early when the last of them has left.
 */
export async function computeShared(exprs: readonly Expr[], options: ComputeOptions, engine: Engine, compute: Compute): Promise<Computed[]> {
  const bytes = exprs.reduce((n, x) => n + x.size * itemsize(x.dtype), 0);
  if (!(bytes <= LARGEST_SHARED)) return await compute(exprs, options, engine); // nor when it is not known
  const { signal, timeoutMs, onProgress, ...rest } = options;
  const priority = priorityOf(options);
  using ending = new Ending({ ...(signal && { signal }), ...(timeoutMs !== undefined && { timeoutMs }) }, engine);
  ending.check();
  await unhurried(inputsFirst(exprs), ending); // finds the tokens
  const key = JSON.stringify([exprs.map((x) => [x.token, x.shape]), options.memoryLimit, options.optimizeGraph !== false]);
  let inFlight = byEngine.get(engine);
  if (inFlight === undefined) byEngine.set(engine, (inFlight = new Map<string, Shared>()));
  let shared = inFlight.get(key);
  if (shared === undefined) {
    const leave = new AbortController();
    const listeners = new Set<(progress: Progress) => void>();
    const tell = (progress: Progress): void => listeners.forEach((listener) => listener(progress));
    const urgency = new Urgency(priority);
    const own: OwnOptions = {
      ...rest, urgency, signal: leave.signal,
      get onProgress() {
        return listeners.size === 0 ? undefined! : tell; // what nobody hears is not found out
      },
    };
    const result = compute(exprs, own, engine);
    shared = { result, leave, listeners, urgency, callers: 0 };
    inFlight.set(key, shared);
  }
  shared.urgency.raise(priority);
  return await takePart(shared, ending, onProgress, () => inFlight.get(key) === shared && inFlight.delete(key));
}

async function takePart(shared: Shared, ending: Ending, onProgress: ComputeOptions["onProgress"], end: () => void): Promise<Computed[]> {
  const listener = onProgress && ((progress: Progress) => onProgress(progress));
  if (listener !== undefined) shared.listeners.add(listener);
  shared.callers++;
  let leave!: () => void;
  const left = new Promise<never>((_, reject) => {
    leave = () => reject(ending.signal.reason);
    ending.signal.addEventListener("abort", leave, { once: true });
  });
  left.catch(() => undefined);
  try {
    const computed = await Promise.race([shared.result, left]);
    end(); // who asks from now on computes anew
    // The last one has the memory itself.
    return shared.callers === 1 ? computed : computed.map(({ data, shape }) => ({ data: data.slice(), shape: [...shape] }));
  } catch (error) {
    if (shared.callers === 1 || !ending.signal.aborted) end();
    if (shared.callers === 1) {
      shared.leave.abort(error);
      await shared.result.catch(() => undefined); // until nothing of it is left
    }
    throw error;
  } finally {
    shared.callers--;
    if (listener !== undefined) shared.listeners.delete(listener);
    ending.signal.removeEventListener("abort", leave);
  }
}
