import { formatBytes } from "../core/bytes.js";
import type { Steps } from "../core/steps.js";
import { KernelError, MemoryPlanError, NativeError, StorageError, TaskError } from "../errors/index.js";
import type { NativeFailure, NativeRun } from "../native/index.js";
import { encode } from "../plan/encode.js";
import { fit } from "../plan/fit.js";
import type { Plan } from "../plan/plan.js";
import type { Call } from "./call.js";
import { unhurried } from "./turns.js";

/** Runs a plan to its end; its kept slots then wait in the engine. Nothing of it stays when it fails. */
export async function run(lowered: Plan, call: Call): Promise<void> {
  call.check();
  const { engine, state, signal } = call;
  const plan = await unhurried(fit(lowered, call.limitBytes, engine.spill !== undefined), call);
  admit(plan, call);
  await Promise.all(plan.files.map((file) => file.check()));
  call.check();
  engine.import(plan);
  if (state.state === "running") state.id = engine.nextRun();
  Object.assign(state, { layers: plan.layers, done: plan.layers.map(() => 0), state: "running" });
  try {
    await new Promise<void>((resolve, reject) => {
      const native = engine.native.createRun(
        { id: state.id, limitBytes: call.limitBytes, priority: call.priority, layers: plan.layers.length },
        (event, done, failure) => {
          state.done = [...done];
          report(call);
          if (event === "done") resolve();
          else if (event === "failed") reject(failureOf(failure!, plan));
          else if (event === "cancelled") reject(signal.reason ?? new NativeError("compute: cancelled by the engine"));
        },
      );
      const cancel = (): void => native.cancel();
      if (signal.aborted) cancel();
      signal.addEventListener("abort", cancel, { once: true });
      unhurried(submit(plan, native), call).catch((error) => {
        native.cancel();
        reject(error);
      });
    });
  } finally {
    engine.unimport(plan);
  }
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
    bytesSpilled: 0,
    elapsedMs: performance.now() - state.startedMs,
  });
}

function admit(plan: Plan, call: Call): void {
  if (plan.peakBytes <= call.limitBytes) return;
  throw new MemoryPlanError(
    `compute: this needs at least ${formatBytes(plan.peakBytes)} at once (most for the layer ${plan.peakLayer}) but the limit is ${formatBytes(call.limitBytes)}. Nothing was started`,
    {
      neededBytes: plan.peakBytes, limitBytes: call.limitBytes, layer: plan.peakLayer,
      hint: "Options: raise memoryLimit; reduce before you compute; take the result in pieces with blocks()",
    },
  );
}

function failureOf(failure: NativeFailure, plan: Plan): Error {
  const layer = plan.layers[failure.layer]?.name ?? "";
  switch (failure.code) {
    case "ERR_MEMORY":
      return new MemoryPlanError(`compute: out of memory in the layer ${layer}: ${failure.message}`, { neededBytes: plan.peakBytes, limitBytes: plan.peakBytes, layer, hint: "Raise memoryLimit" });
    case "ERR_STORAGE":
    case "ERR_SPILL_LIMIT":
      return new StorageError(`compute: ${failure.message} (layer ${layer})`, { code: failure.code, layer, path: plan.files.find((file) => failure.message.includes(file.path))?.path });
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
