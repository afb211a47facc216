import { count, type Naive } from "../../support/naive/value.js";
import type { Made, Program, Step } from "./program.js";
import { Rng } from "./rng.js";
import { KINDS, SOURCES } from "./steps.js";

const STEPS = 20;
const LARGEST_NUMBER = 1e6;

/** The program of a seed: a few sources, then steps on what is there. */
export function generate(seed: number): Program {
  const rng = new Rng(seed);
  const steps: Made[] = [];
  while (steps.length < 3) add(steps, rng.pick(SOURCES)(rng, steps));
  for (let tries = 0; steps.length < STEPS && tries < 400; tries++) add(steps, weighted(rng)(rng, steps));
  return { seed, steps };
}

function weighted(rng: Rng): (typeof KINDS)[number][1] {
  let left = rng.next() * KINDS.reduce((sum, [weight]) => sum + weight, 0);
  return KINDS.find(([weight]) => (left -= weight) < 0)?.[1] ?? KINDS[0]![1];
}

function add(steps: Made[], step: Step | undefined): void {
  const made = step && make(step, steps);
  if (made) steps.push(made);
}

/** Computes a step; undefined when its numbers would leave the range where tolerances mean something. */
export function make(step: Step, steps: readonly Made[]): Made | undefined {
  const inputs = step.inputs.map((i) => steps[i]!);
  const value = step.naive(...inputs.map((x) => x.value));
  if (count(value.shape) > 6000 || value.shape.length > 6) return undefined;
  if (value.dtype !== "bool" && !value.data.every((v) => Math.abs(Number(v)) <= LARGEST_NUMBER)) return undefined;
  const unknown = step.selects === true || (inputs.some((x) => x.unknown) && value.shape.length > 0);
  return { ...step, value, unknown, isExact: step.exact && inputs.every((x) => x.isExact) && isDyadic(value) };
}

/** Multiples of 1/256 that add up without rounding, whatever the order. */
const isDyadic = (x: Naive): boolean => x.dtype !== "float64" || x.data.every((v) => Number.isInteger((v as number) * 256));
