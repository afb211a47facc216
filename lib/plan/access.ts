import type { View } from "../expr/view.js";

/** How one axis of an array is walked by a stage's domain: coordinate = start + step * x[domain]; domain -1 stands still. */
export interface AxisAccess {
  readonly domain: number;
  readonly start: number;
  readonly step: number;
}

/** How an array is walked by a stage's domain, axis by axis. */
export type Access = readonly AxisAccess[];

/** Axis i of the array is axis i of the domain. */
export const identityAccess = (ndim: number): Access => Array.from({ length: ndim }, (_, i) => ({ domain: i, start: 0, step: 1 }));

export const isIdentityAccess = (access: Access): boolean =>
  access.every((a, i) => a.domain === i && a.start === 0 && a.step === 1);

/** The walk over a view's input, given the walk over the view. */
export function throughView(view: View, access: Access): Access {
  const walked = new Array<number>(view.start.length).fill(-1);
  view.axes.forEach((a, out) => {
    if (a.axis >= 0) walked[a.axis] = out;
  });
  return view.start.map((start, axis) => {
    const out = walked[axis]!;
    if (out < 0) return { domain: -1, start, step: 0 };
    const { domain, start: outer, step } = access[out]!;
    const inner = view.axes[out]!.step;
    return { domain, start: start + inner * outer, step: inner * step };
  });
}

export const accessKey = (access: Access): string => access.map((a) => `${a.domain},${a.start},${a.step}`).join(";");

/** The affine form of `sum of strides * coordinates`: its value at the domain's origin, and its step along each domain axis. */
export function affine(access: Access, strides: readonly number[], domainNdim: number): { first: number; steps: number[] } {
  const steps = new Array<number>(domainNdim).fill(0);
  let first = 0;
  access.forEach((a, axis) => {
    first += a.start * strides[axis]!;
    if (a.domain >= 0) steps[a.domain]! += a.step * strides[axis]!;
  });
  return { first, steps };
}
