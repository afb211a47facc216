import { commonDivisor } from "../core/common-divisor.js";
import type { Walk } from "./walk.js";

/** Places on an axis: low, low + step... */
export interface Run {
  readonly low: number;
  /** At least 1. */
  readonly step: number;
  readonly count: number;
}

/** A part of an array: a run on each axis. */
export type Part = readonly Run[];

export const wholeRun = (count: number): Run => ({ low: 0, step: 1, count });
export const isWholeRun = (run: Run, n: number): boolean => run.count === n;
export const partSize = (part: Part): number => part.reduce((n, run) => n * run.count, 1);

/** The least part that holds all that some walks touch. */
export function partOf(walks: readonly Walk[], ndim: number): Part {
  const [first, ...others] = walks.map((walk) => touched(walk, ndim)) as [Part, ...Part[]];
  return others.reduce((all, part) => all.map((run, axis) => joined(run, part[axis]!)), first);
}

function touched({ shape, axes, start }: Walk, ndim: number): Part {
  const runs = start.slice(0, ndim).map((low) => ({ low, step: 1, count: 1 }));
  axes.forEach(({ axis, step }, i) => {
    const count = shape[i]!;
    if (axis < 0 || count === 1) return;
    runs[axis] = { low: start[axis]! + Math.min(0, step * (count - 1)), step: Math.abs(step), count };
  });
  return runs;
}

function joined(a: Run, b: Run): Run {
  const low = Math.min(a.low, b.low);
  const last = Math.max(a.low + a.step * (a.count - 1), b.low + b.step * (b.count - 1));
  const step = commonDivisor(commonDivisor(a.count > 1 ? a.step : 0, b.count > 1 ? b.step : 0), Math.abs(a.low - b.low)) || 1;
  return { low, step, count: (last - low) / step + 1 };
}

/** The walk that shows a part. */
export const walkOver = (part: Part): Walk =>
  ({ shape: part.map((run) => run.count), axes: part.map((run, axis) => ({ axis, step: run.step })), start: part.map((run) => run.low) });

/** A walk over an array that stays in a part of it, in coordinates of the part. */
export const within = (part: Part, { shape, axes, start }: Walk): Walk => ({
  shape,
  axes: axes.map(({ axis, step }, i) => (axis < 0 ? { axis, step } : { axis, step: shape[i] === 1 ? 1 : step / part[axis]!.step })),
  start: start.map((at, axis) => (at - part[axis]!.low) / part[axis]!.step),
});
