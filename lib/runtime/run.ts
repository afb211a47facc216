import type { Steps } from "../core/steps.js";
import { KernelError, NativeError, StorageError, TaskError } from "../errors/index.js";
import type { NativeFailure, NativeRun } from "../native/index.js";
import { encode } from "../plan/encode.js";
import { fit } from "../plan/fit.js";
import type { Plan } from "../plan/plan.js";
import type { Call } from "./call.js";
import { largestOf, outOfMemory, refuseTooLarge } from "./too-large.js";
import { unhurried } from "./turns.js";

/** A sample of a long row did not tell where its quantiles lie (lib/plan/quantile-stage.ts). */
export class SampleMissed extends Error {}

/** Tasks' worth of memory for each thread beyond what a plan needs. */
const AHEAD = 4;
/** And for the scratch of kernels. */
const SCRATCH_BYTES = 8 * 2 ** 20;

/** Runs a plan to its end, when there is room for it, and takes what it has left in the engine. Nothing of it stays when it fails. */
export async function run<T>(lowered: Plan, call: Call, take: () => T): Promise<T> {
  call.check();
  if (lowered.tasks.length === 0) return take();
  const { engine } = call;
  const plan = await unhurried(fit(lowered, call.limitBytes, engine.spill !== undefined), call);
  refuseTooLarge(plan, call);
  await Promise.all(plan.files.map((file) => file.check()));
  call.check();
  engine.import(plan);
  try {
    return await inItsTurn(plan, call, take);
  } finally {
    engine.unimport(plan);
  }
}

/** Waits for memory and runs. What the plan's own bound leaves out, kernels' scratch, is small but for a few: those get more and run again. */
async function inItsTurn<T>(plan: Plan, call: Call, take: () => T): Promise<T> {
  const { engine, state, limitBytes } = call;
  for (let neededBytes = plan.peakBytes; ; neededBytes = Math.min(limitBytes, 2 * neededBytes)) {
    if (state.state !== "planning") state.id = engine.nextRun();
    Object.assign(state, { layers: plan.layers, done: plan.layers.map(() => 0), state: "queued" });
    // Blocks are read ahead of a plan that spills with all that it may have.
    const wantedBytes = plan.spillBytes > 0 ? limitBytes : Math.min(limitBytes, neededBytes + AHEAD * engine.threads * plan.taskBytes + SCRATCH_BYTES);
    using grant = await engine.admission.enter({ neededBytes, wantedBytes, largest: () => largestOf(plan) }, call);
    state.state = "running";
    const failure = await runWithin(grant.bytes, plan, call);
    if (failure === undefined) return take();
    if (failure.code !== "ERR_MEMORY" || grant.bytes >= limitBytes) throw failureOf(failure, plan);
  }
}

/** Hands a plan to the engine and waits for its end, or why it failed. */
function runWithin(limitBytes: number, plan: Plan, call: Call): Promise<NativeFailure | undefined> {
  const { engine, state, signal, urgency } = call;
  return new Promise((resolve, reject) => {
    let fault: unknown;
    const native = engine.native.createRun(
      { id: state.id, limitBytes, priority: urgency.priority, layers: plan.layers.length, spill: engine.spill ?? null },
      (event, done, failure) => {
        state.done = [...done];
        report(call);
        if (event === "running") return;
        signal.removeEventListener("abort", cancel);
        ignore();
        if (event === "cancelled") reject(fault ?? signal.reason ?? new NativeError("compute: cancelled by the engine"));
        else resolve(failure ?? undefined);
      },
    );
    const cancel = (): void => native.cancel();
    const ignore = urgency.onRaise(() => native.setPriority(urgency.priority));
    signal.addEventListener("abort", cancel, { once: true });
    unhurried(submit(plan, native), call).catch((error: unknown) => {
      fault = error;
      cancel();
    });
  });
}

/** Hands the plan over batch by batch; a run that has ended takes no more. */
function* submit(plan: Plan, native: NativeRun): Steps {
  for (const batch of encode(plan)) {
    native.submit(batch);
    yield;
  }
  native.seal();
}

function report({ options: { onProgress }, state, engine }: Call): void {
  if (onProgress === undefined) return;
  const layers = state.layers.map((layer, i) => ({ name: layer.name, done: state.done[i]!, total: layer.weight }));
  onProgress({
    done: layers.reduce((n, layer) => n + layer.done, 0),
    total: layers.reduce((n, layer) => n + layer.total, 0),
    layers,
    bytesInMemory: engine.stats().bytesInUse,
    bytesSpilled: engine.stats().bytesSpilled,
    elapsedMs: performance.now() - state.startedMs,
  });
}

function failureOf(failure: NativeFailure, plan: Plan): Error {
  const layer = plan.layers[failure.layer]?.name ?? "";
  switch (failure.code) {
    case "ERR_MEMORY":
      return outOfMemory(failure, plan);
    case "ERR_STORAGE":
    case "ERR_SPILL_LIMIT": {
      const file = plan.files.find(({ path }) => failure.message.includes(path));
      const message = file === undefined ? failure.message : failure.message.replaceAll(file.path, file.name);
      return new StorageError(`compute: ${message} (layer ${layer})`, { code: failure.code, layer, path: file?.name });
    }
    case "ERR_SAMPLE":
      return new SampleMissed(failure.message);
    case "ERR_PLAN_INVALID":
      return new NativeError(`compute: the engine refused the plan: ${failure.message}`, { code: failure.code, hint: "This is a bug of ndloom; please report it" });
    default: {
      const complaint = failure.code === "ERR_INDEX" ? plan.layers[failure.layer]?.complaint : undefined;
      if (complaint !== undefined) return new KernelError(complaint);
      const cause = new KernelError(`compute: ${failure.message} (layer ${layer})`);
      return failure.message.includes("out of bounds") ? cause : new TaskError(`compute: layer ${layer} failed: ${failure.message}`, { key: `${layer} ${failure.task}`, block: [], layer, cause });
    }
  }
}
