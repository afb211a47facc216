// Every kind of step: each proposes itself for a pool of values, or declines with undefined.
import * as naive from "../../support/naive/operations.js";
import { convert, count, type Element, type Naive, type NaiveDType } from "../../support/naive/value.js";
import { type Made, memoryCode, type Step } from "./program.js";
import type { Rng } from "./rng.js";

type Propose = (rng: Rng, pool: readonly Made[]) => Step | undefined;

const LARGEST = 3000;
const isNumber = (x: Made): boolean => x.value.dtype !== "bool";
const ndim = (x: Made): number => x.value.shape.length;

/** Picks a value that the condition holds for, later ones more often. */
function choose(rng: Rng, pool: readonly Made[], condition: (x: Made) => boolean = () => true): number | undefined {
  const fitting = pool.map((_, i) => i).filter((i) => condition(pool[i]!) && (i >= pool.length - 6 || rng.chance(0.4)));
  return fitting.length === 0 ? undefined : rng.pick(fitting);
}
const known = (x: Made): boolean => !x.unknown;

function withInput(condition: (x: Made) => boolean, make: (rng: Rng, x: Made, at: number) => Step | undefined): Propose {
  return (rng, pool) => {
    const at = choose(rng, pool, condition);
    return at === undefined ? undefined : make(rng, pool[at]!, at);
  };
}

const cutting = (rng: Rng, shape: readonly number[]): string => `[${shape.map((n) => rng.whole(1, Math.max(1, Math.min(n, 5))))}]`;
const chunksBy = (cut: 0 | 1, chunks: string): string => (cut === 0 ? "-1" : chunks);

/** Memory with small numbers that are exact, or fractions that are not. */
const memory: Propose = (rng) => {
  const long = rng.chance(0.1);
  const shape = long ? rng.pick([[2200], [40, 55], [3, 700], [9, 11, 13]]) : Array.from({ length: rng.whole(0, 4) }, () => (rng.chance(0.04) ? 0 : rng.whole(1, 6)));
  const dtype = rng.pick(["float64", "float64", "float64", "int64", "int64", "bool"] as const);
  const fractions = rng.chance(0.3);
  const data = Array.from({ length: count(shape) }, () =>
    dtype === "bool" ? rng.chance(0.5) : dtype === "int64" ? BigInt(rng.whole(-9, 9)) : fractions ? rng.next() * 4 - 2 : rng.whole(-32, 32) / 4);
  const value: Naive = { dtype, shape, data };
  const chunks = cutting(rng, shape);
  return { inputs: [], exact: true, naive: () => value, code: (_, cut) => memoryCode(value, chunksBy(cut, chunks)) };
};

const range: Propose = (rng) => {
  const shape = rng.pick([[12], [24], [2, 3, 4], [6, 5], [4, 1, 3]]);
  const [n, float, chunks] = [count(shape), rng.chance(0.5), rng.whole(1, 7)];
  const dtype = float ? "float64" : "int64";
  const value: Naive = { dtype, shape, data: Array.from({ length: n }, (_, i) => convert(i, dtype)) };
  return { inputs: [], exact: true, naive: () => value, code: (_, cut) => `nd.arange(${n}, { dtype: "${dtype}", chunks: ${cut === 0 ? -1 : chunks} }).reshape([${shape}])` };
};

const constant: Propose = (rng) => {
  const shape = Array.from({ length: rng.whole(0, 3) }, () => rng.whole(1, 5));
  const [number, chunks] = [rng.whole(-3, 3), cutting(rng, shape)];
  return {
    inputs: [], exact: true, naive: () => ({ dtype: "float64", shape, data: Array(count(shape)).fill(number) }),
    code: (_, cut) => `nd.full([${shape}], ${number}, { dtype: "float64", chunks: ${chunksBy(cut, chunks)} })`,
  };
};

interface Unary {
  readonly name: string;
  readonly f: (x: Element) => Element;
  readonly takes?: (x: Made) => boolean;
  readonly out?: NaiveDType;
  readonly loop?: NaiveDType;
  readonly exact?: boolean;
}
const UNARY: readonly Unary[] = [
  { name: "negative", takes: isNumber, f: (x) => -x },
  { name: "square", takes: isNumber, f: (x) => naive.times(x, x) },
  { name: "absolute", f: (x) => (typeof x === "bigint" ? (x < 0n ? -x : x) : typeof x === "boolean" ? x : Math.abs(x)) },
  { name: "sign", takes: (x) => isNumber(x) && x.isExact, f: (x) => (typeof x === "bigint" ? BigInt(Number(x > 0n) - Number(x < 0n)) : Math.sign(x as number)) },
  { name: "floor", takes: (x) => x.isExact, f: (x) => (typeof x === "number" ? Math.floor(x) : x) },
  { name: "sin", takes: (x) => x.value.dtype !== "bool", f: (x) => Math.sin(x as number), out: "float64", loop: "float64", exact: false },
  { name: "arctan", takes: (x) => x.value.dtype !== "bool", f: (x) => Math.atan(x as number), out: "float64", loop: "float64", exact: false },
  { name: "logicalNot", takes: (x) => x.isExact, f: (x) => !x, out: "bool" },
];
const unary: Propose = (rng, pool) => {
  const { name, f, takes, out, loop, exact = true } = rng.pick(UNARY);
  const at = choose(rng, pool, takes);
  if (at === undefined) return undefined;
  return { inputs: [at], exact, naive: (x) => naive.elementwise([x!], out ?? x!.dtype, f, loop), code: ([x]) => `nd.${name}(${x})` };
};

/** √|x| of exact numbers: near 0 it would magnify what they are off. */
const root = withInput((x) => x.isExact && x.value.dtype !== "bool", (_, __, at) => ({
  inputs: [at], exact: false, naive: (x) => naive.elementwise([x!], "float64", (v) => Math.sqrt(Math.abs(v as number)), "float64"), code: ([x]) => `nd.sqrt(nd.absolute(${x}))`,
}));

interface Binary {
  readonly name: string;
  readonly f: (a: Element, b: Element) => Element;
  readonly out?: "bool" | "float64";
  readonly loop?: NaiveDType;
  readonly takes?: (x: Made) => boolean;
  readonly second?: (x: Made) => boolean;
  readonly exact?: boolean;
}
const exactOnly = (x: Made): boolean => x.isExact;
const farFromZero = (x: Made): boolean => x.isExact && isNumber(x) && x.value.data.every((v) => Math.abs(Number(v)) >= 0.25);
const BINARY: readonly Binary[] = [
  { name: "add", f: naive.plus },
  { name: "multiply", f: naive.times },
  { name: "subtract", f: (a, b) => naive.plus(a, typeof b === "bigint" ? -b : -(b as number)), takes: isNumber },
  { name: "maximum", f: (a, b) => (a > b ? a : b) },
  { name: "minimum", f: (a, b) => (a < b ? a : b) },
  { name: "less", f: (a, b) => a < b, out: "bool", takes: exactOnly, second: exactOnly },
  { name: "greaterEqual", f: (a, b) => a >= b, out: "bool", takes: exactOnly, second: exactOnly },
  { name: "equal", f: (a, b) => a === b, out: "bool", takes: exactOnly, second: exactOnly },
  { name: "logicalAnd", f: (a, b) => Boolean(a) && Boolean(b), out: "bool", takes: exactOnly, second: exactOnly },
  { name: "divide", f: (a, b) => (a as number) / (b as number), out: "float64", loop: "float64", second: farFromZero, exact: false },
  { name: "floorDivide", f: naive.floorDivide, takes: (x) => x.isExact && isNumber(x), second: farFromZero },
  { name: "remainder", f: naive.remainder, takes: (x) => x.isExact && isNumber(x), second: farFromZero },
];
const fits = (...shapes: readonly (readonly number[])[]): boolean => {
  try {
    return count(naive.broadcastShape(...shapes)) <= LARGEST;
  } catch {
    return false;
  }
};
const binary: Propose = (rng, pool) => {
  const { name, f, out, loop, takes = () => true, second = takes, exact = true } = rng.pick(BINARY);
  const a = choose(rng, pool, (x) => known(x) && takes(x));
  if (a === undefined) return undefined;
  const b = choose(rng, pool, (x) => known(x) && second(x) && fits(x.value.shape, pool[a]!.value.shape));
  if (b === undefined) return undefined;
  return {
    inputs: [a, b], exact, code: ([x, y]) => `nd.${name}(${x}, ${y})`,
    naive: (x, y) => {
      const own = [x!.dtype, y!.dtype].includes("float64") ? "float64" : [x!.dtype, y!.dtype].includes("int64") ? "int64" : "bool";
      return naive.elementwise([x!, y!], out ?? own, f, loop);
    },
  };
};

const scalar = withInput(isNumber, (rng, x, at) => {
  const n = rng.whole(-4, 4);
  const c: Naive = { dtype: x.value.dtype, shape: [], data: [convert(n, x.value.dtype)] };
  const [name, f] = rng.pick([["add", naive.plus], ["multiply", naive.times]] as const);
  return { inputs: [at], exact: true, naive: (v) => naive.elementwise([v!, c], v!.dtype, f), code: ([v]) => `nd.${name}(${v}, ${n})` };
});

const where: Propose = (rng, pool) => {
  const c = choose(rng, pool, (x) => known(x) && x.isExact);
  if (c === undefined) return undefined;
  const a = choose(rng, pool, (x) => known(x) && fits(x.value.shape, pool[c]!.value.shape));
  if (a === undefined) return undefined;
  const b = choose(rng, pool, (x) => known(x) && fits(x.value.shape, pool[c]!.value.shape, pool[a]!.value.shape));
  return b === undefined ? undefined : { inputs: [c, a, b], exact: true, naive: (m, x, y) => naive.where(m!, x!, y!), code: ([m, x, y]) => `nd.where(${m}, ${x}, ${y})` };
};

const slice = withInput((x) => known(x) && ndim(x) > 0, (rng, x, at) => {
  const texts: string[] = [];
  const parts: naive.Part[] = [];
  for (const n of x.value.shape) {
    const kind = rng.next();
    if (kind < 0.2 && n > 0) {
      const i = rng.whole(-n, n - 1);
      texts.push(String(i));
      parts.push({ at: (i + n) % n });
    } else if (kind < 0.3) {
      texts.push("null", '":"');
      parts.push("new", { start: 0, step: 1, length: n });
    } else if (kind < 0.5) {
      texts.push('":"');
      parts.push({ start: 0, step: 1, length: n });
    } else {
      const backwards = rng.chance(0.45);
      const step = rng.whole(1, 3) * (backwards ? -1 : 1);
      const start = rng.whole(0, Math.max(0, n - 1));
      const length = n === 0 ? 0 : rng.chance(0.05) ? 0 : rng.whole(1, backwards ? Math.floor(start / -step) + 1 : Math.floor((n - 1 - start) / step) + 1);
      const stop = start + step * (length - 1) + Math.sign(step);
      texts.push(length === 0 ? `"${start}:${start}:${step}"` : `"${start}:${stop < 0 ? "" : stop}:${step}"`);
      parts.push({ start, step, length });
    }
  }
  return { inputs: [at], exact: true, naive: (v) => naive.getitem(v!, parts), code: ([v]) => `${v}.get(${texts.join(", ")})` };
});

const transpose = withInput((x) => known(x) && ndim(x) > 1, (rng, x, at) => {
  const axes = rng.shuffled(x.value.shape.map((_, i) => i));
  return { inputs: [at], exact: true, naive: (v) => naive.transpose(v!, axes), code: ([v]) => `nd.transpose(${v}, { axes: [${axes}] })` };
});

const reshape = withInput(known, (rng, x, at) => {
  let left = naive.size(x.value);
  if (left === 0) return undefined;
  const shape: number[] = [];
  while (left > 1 && shape.length < 3) {
    const divisors = Array.from({ length: left }, (_, i) => i + 1).filter((d) => left % d === 0);
    const d = rng.pick(divisors);
    shape.push(d);
    left /= d;
  }
  shape.push(left);
  return { inputs: [at], exact: true, naive: (v) => naive.reshape(v!, shape), code: ([v]) => `nd.reshape(${v}, [${shape}])` };
});

const flip = withInput((x) => known(x) && ndim(x) > 0, (rng, x, at) => {
  const axis = rng.whole(0, ndim(x) - 1);
  return { inputs: [at], exact: true, naive: (v) => naive.flip(v!, axis), code: ([v]) => `nd.flip(${v}, { axis: ${axis} })` };
});

const roll = withInput((x) => known(x) && ndim(x) > 0, (rng, x, at) => {
  const [axis, shift] = [rng.whole(0, ndim(x) - 1), rng.whole(-7, 7)];
  return { inputs: [at], exact: true, naive: (v) => naive.roll(v!, shift, axis), code: ([v]) => `nd.roll(${v}, ${shift}, { axis: ${axis} })` };
});

const broadcast = withInput(known, (rng, x, at) => {
  const shape = [...(rng.chance(0.5) ? [rng.whole(1, 3)] : []), ...x.value.shape.map((n) => (n === 1 ? rng.whole(1, 4) : n))];
  if (count(shape) > LARGEST) return undefined;
  return { inputs: [at], exact: true, naive: (v) => naive.broadcastTo(v!, shape), code: ([v]) => `nd.broadcastTo(${v}, [${shape}])` };
});

const rechunk = withInput((x) => known(x) && ndim(x) > 0, (rng, x, at) => {
  const chunks = cutting(rng, x.value.shape);
  return { inputs: [at], exact: true, naive: (v) => v!, code: ([v], cut) => (cut === 0 ? `${v}` : `${v}.rechunk(${chunks})`) };
});

const concatenate: Propose = (rng, pool) => {
  const a = choose(rng, pool, (x) => known(x) && ndim(x) > 0 && naive.size(x.value) <= 800);
  if (a === undefined) return undefined;
  const axis = rng.whole(0, ndim(pool[a]!) - 1);
  const fitting = (x: Made): boolean => known(x) && ndim(x) === ndim(pool[a]!) && x.value.shape.every((n, i) => i === axis || n === pool[a]!.value.shape[i]) && naive.size(x.value) <= 800;
  const inputs = [a, ...Array.from({ length: rng.whole(1, 2) }, () => choose(rng, pool, fitting) ?? a)];
  return { inputs, exact: true, naive: (...v) => naive.concatenate(v, axis), code: (v) => `nd.concatenate([${v.join(", ")}], { axis: ${axis} })` };
};

const stack: Propose = (rng, pool) => {
  const a = choose(rng, pool, (x) => known(x) && ndim(x) < 4 && naive.size(x.value) <= 800);
  if (a === undefined) return undefined;
  const axis = rng.whole(0, ndim(pool[a]!));
  const b = choose(rng, pool, (x) => known(x) && String(x.value.shape) === String(pool[a]!.value.shape)) ?? a;
  return { inputs: [a, b], exact: true, naive: (...v) => naive.stack(v, axis), code: (v) => `nd.stack([${v.join(", ")}], { axis: ${axis} })` };
};

const take = withInput((x) => known(x) && ndim(x) > 0 && x.value.shape.every((n) => n > 0), (rng, x, at) => {
  const axis = rng.whole(0, ndim(x) - 1);
  const n = x.value.shape[axis]!;
  const list = Array.from({ length: rng.whole(1, 6) }, () => rng.whole(-n, n - 1));
  if ((naive.size(x.value) / n) * list.length > LARGEST) return undefined;
  return { inputs: [at], exact: true, naive: (v) => naive.take(v!, list, axis), code: ([v]) => `nd.take(${v}, [${list}], { axis: ${axis} })` };
});

const repeat = withInput((x) => known(x) && ndim(x) > 0 && naive.size(x.value) < 600, (rng, x, at) => {
  const [axis, times] = [rng.whole(0, ndim(x) - 1), rng.whole(1, 3)];
  return { inputs: [at], exact: true, naive: (v) => naive.repeat(v!, times, axis), code: ([v]) => `nd.repeat(${v}, ${times}, { axis: ${axis} })` };
});

/** x where another is true: its length is not known before it runs. */
const select: Propose = (rng, pool) => {
  const m = choose(rng, pool, (x) => known(x) && x.value.dtype === "bool" && ndim(x) > 0);
  if (m === undefined) return undefined;
  const x = choose(rng, pool, (v) => known(v) && String(v.value.shape) === String(pool[m]!.value.shape));
  return x === undefined ? undefined : { inputs: [x, m], exact: true, selects: true, naive: (v, mask) => naive.select(v!, mask!), code: ([v, mask]) => `${v}.get(${mask})` };
};

const sumType = (x: Naive): NaiveDType => (x.dtype === "float64" ? "float64" : "int64");
interface Fold {
  readonly name: string;
  readonly out: (x: Naive) => NaiveDType;
  readonly fold: (elements: Element[], x: Naive) => Element;
  readonly takes?: (x: Made) => boolean;
  readonly exact?: boolean;
  readonly oneAxis?: boolean;
  readonly needsElements?: boolean;
}
const extreme = (better: (a: Element, b: Element) => boolean) => (elements: Element[]): Element => elements.reduce((a, b) => (better(b, a) ? b : a));
const place = (better: (a: Element, b: Element) => boolean) => (elements: Element[]): Element => {
  let best = 0;
  elements.forEach((e, i) => better(e, elements[best]!) && (best = i));
  return BigInt(best);
};
const FOLDS: readonly Fold[] = [
  { name: "sum", out: sumType, fold: (e, x) => naive.addUp(e, sumType(x)) },
  { name: "prod", out: sumType, fold: (e, x) => naive.multiplyUp(e, sumType(x)) },
  { name: "mean", out: () => "float64", fold: (e) => (naive.addUp(e, "float64") as number) / e.length, exact: false, needsElements: true },
  {
    name: "var", out: () => "float64", exact: false, needsElements: true, fold: (e) => {
      const mean = (naive.addUp(e, "float64") as number) / e.length;
      return e.reduce<number>((sum, v) => sum + (Number(v) - mean) ** 2, 0) / e.length;
    },
  },
  { name: "min", out: (x) => x.dtype, fold: extreme((a, b) => a < b), needsElements: true },
  { name: "max", out: (x) => x.dtype, fold: extreme((a, b) => a > b), needsElements: true },
  { name: "any", out: () => "bool", fold: (e) => e.some(Boolean), takes: exactOnly },
  { name: "all", out: () => "bool", fold: (e) => e.every(Boolean), takes: exactOnly },
  { name: "countNonzero", out: () => "int64", fold: (e) => BigInt(e.filter(Boolean).length), takes: exactOnly },
  { name: "argmin", out: () => "int64", fold: place((a, b) => a < b), takes: exactOnly, oneAxis: true, needsElements: true },
  { name: "argmax", out: () => "int64", fold: place((a, b) => a > b), takes: exactOnly, oneAxis: true, needsElements: true },
];
const reduce: Propose = (rng, pool) => {
  const { name, out, fold, takes, exact = true, oneAxis = false, needsElements = false } = rng.pick(FOLDS);
  const at = choose(rng, pool, (x) => (takes?.(x) ?? true) && (!needsElements || x.value.shape.every((n) => n > 0)) && !(x.unknown && (needsElements || oneAxis)));
  if (at === undefined) return undefined;
  const axes = pool[at]!.value.shape.map((_, i) => i);
  const whole = axes.length === 0 || rng.chance(0.25);
  const some = whole ? axes : rng.shuffled(axes).slice(0, oneAxis ? 1 : rng.whole(1, axes.length));
  const keepdims = rng.chance(0.3);
  const option = whole ? "" : `axis: ${some.length === 1 ? some[0] : `[${some}]`}, `;
  return {
    inputs: [at], exact, naive: (v) => naive.reduce(v!, some, keepdims, out(v!), (e) => fold(e, v!)), code: ([v]) => `nd.${name}(${v}, { ${option}keepdims: ${keepdims} })`,
  };
};

const scan = withInput((x) => known(x) && ndim(x) > 0 && x.value.dtype !== "bool", (rng, x, at) => {
  const axis = rng.whole(0, ndim(x) - 1);
  const product = rng.chance(0.2);
  return {
    inputs: [at], exact: true, naive: (v) => naive.scan(v!, axis, sumType(v!), product ? naive.times : naive.plus), code: ([v]) => `nd.${product ? "cumprod" : "cumsum"}(${v}, { axis: ${axis} })`,
  };
});

const matmul = withInput((x) => known(x) && ndim(x) === 2 && x.value.dtype !== "bool" && x.value.shape[0]! <= 45, (_, __, at) => ({
  inputs: [at], exact: true, naive: (v) => naive.matmul(v!, naive.transpose(v!, [1, 0])), code: ([v]) => `nd.matmul(${v}, ${v}.T)`,
}));

const astype = withInput((x) => x.isExact, (rng, _, at) => {
  const dtype = rng.pick(["float64", "int64", "bool"] as const);
  return { inputs: [at], exact: true, naive: (v) => naive.elementwise([v!], dtype, (e) => convert(e, dtype)), code: ([v]) => `nd.astype(${v}, "${dtype}")` };
});

const product = (rng: Rng, pool: readonly Made[], fitting: (a: Made, b: Made) => boolean): [number, number] | undefined => {
  const a = choose(rng, pool, (x) => known(x) && isNumber(x) && naive.size(x.value) <= 300);
  if (a === undefined) return undefined;
  const b = choose(rng, pool, (x) => known(x) && isNumber(x) && naive.size(x.value) <= 300 && fitting(pool[a]!, x));
  return b === undefined ? undefined : [a, b];
};

/** [m, k] × [k, n] of two values, the second turned when that is how it fits. */
const matmulOfTwo: Propose = (rng, pool) => {
  const inputs = product(rng, pool, (a, b) => ndim(a) === 2 && ndim(b) === 2 && b.value.shape.includes(a.value.shape[1]!));
  if (inputs === undefined) return undefined;
  const straight = pool[inputs[1]]!.value.shape[0] === pool[inputs[0]]!.value.shape[1];
  return {
    inputs, exact: true, naive: (x, y) => naive.matmul(x!, straight ? y! : naive.transpose(y!, [1, 0])), code: ([x, y]) => `nd.matmul(${x}, ${y}${straight ? "" : ".T"})`,
  };
};

const outer: Propose = (rng, pool) => {
  const inputs = product(rng, pool, (a, b) => naive.size(a.value) * naive.size(b.value) <= LARGEST);
  if (inputs === undefined) return undefined;
  return {
    inputs, exact: true, code: ([x, y]) => `nd.outer(${x}, ${y})`,
    naive: (x, y) => naive.matmul(naive.reshape(x!, [naive.size(x!), 1]), naive.reshape(y!, [1, naive.size(y!)])),
  };
};

const pad = withInput((x) => known(x) && ndim(x) > 0 && naive.size(x.value) < 500, (rng, x, at) => {
  const widths = x.value.shape.map(() => [rng.whole(0, 2), rng.whole(0, 2)] as const);
  const fill = isNumber(x) ? rng.whole(-3, 3) : 1;
  return {
    inputs: [at], exact: true, naive: (v) => naive.pad(v!, widths, convert(fill, v!.dtype)),
    code: ([v]) => `nd.pad(${v}, [${widths.map((w) => `[${w}]`)}], { mode: "constant", constantValues: ${fill} })`,
  };
});

const diff = withInput((x) => known(x) && ndim(x) > 0 && isNumber(x), (rng, x, at) => {
  const axis = rng.whole(0, ndim(x) - 1);
  if (x.value.shape[axis]! < 2) return undefined;
  return { inputs: [at], exact: true, naive: (v) => naive.diff(v!, axis), code: ([v]) => `nd.diff(${v}, { axis: ${axis} })` };
});

const triangle = withInput((x) => known(x) && ndim(x) >= 2 && x.value.dtype !== "bool", (rng, _, at) => {
  const [lower, k] = [rng.chance(0.5), rng.whole(-2, 2)];
  return { inputs: [at], exact: true, naive: (v) => naive.triangle(v!, lower, k), code: ([v]) => `nd.${lower ? "tril" : "triu"}(${v}, { k: ${k} })` };
});

const sorted = (e: readonly Element[]): Element[] => [...e].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));

const topk = withInput((x) => known(x) && x.isExact && ndim(x) > 0 && isNumber(x) && x.value.shape.every((n) => n > 0), (rng, x, at) => {
  const axis = rng.whole(0, ndim(x) - 1);
  const k = rng.whole(1, 4) * (rng.chance(0.5) ? 1 : -1);
  return {
    inputs: [at], exact: true, code: ([v]) => `nd.topk(${v}, ${k}, { axis: ${axis} })`,
    naive: (v) => naive.alongAxis(v!, axis, v!.dtype, (e) => (k > 0 ? sorted(e).reverse() : sorted(e)).slice(0, Math.abs(k))),
  };
});

const median = withInput((x) => known(x) && ndim(x) > 0 && isNumber(x) && x.value.shape.every((n) => n > 0), (rng, x, at) => {
  const axis = rng.whole(0, ndim(x) - 1);
  return {
    inputs: [at], exact: false, code: ([v]) => `nd.median(${v}, { axis: ${axis} })`,
    naive: (v) => naive.reduce(v!, [axis], false, "float64", (e) => {
      const order = sorted(e).map(Number);
      return (order[Math.floor((order.length - 1) / 2)]! + order[Math.ceil((order.length - 1) / 2)]!) / 2;
    }),
  };
});

const points = withInput((x) => known(x) && ndim(x) >= 2 && x.value.shape.every((n) => n > 0), (rng, x, at) => {
  const n = rng.whole(1, 5);
  const lists = x.value.shape.slice(0, 2).map((length) => Array.from({ length: n }, () => rng.whole(-length, length - 1)));
  const rest = x.value.shape.slice(2).map(() => ', ":"').join("");
  return { inputs: [at], exact: true, naive: (v) => naive.points(v!, lists), code: ([v]) => `${v}.vindex([${lists[0]}], [${lists[1]}]${rest})` };
});

/** Rows or a column of it replaced by a number. */
const withNumber = withInput((x) => known(x) && ndim(x) > 0 && isNumber(x) && x.value.shape.every((n) => n > 0), (rng, x, at) => {
  const axis = rng.whole(0, ndim(x) - 1);
  const n = x.value.shape[axis]!;
  const [from, step, number] = [rng.whole(0, n - 1), rng.whole(1, 3), rng.whole(-9, 9)];
  const index = [...Array<string>(axis).fill('":"'), `"${from}::${step}"`].join(", ");
  return {
    inputs: [at], exact: true, code: ([v]) => `${v}.with([${index}], ${number})`,
    naive: (v) => naive.replaceAt(v!, axis, (i) => i >= from && (i - from) % step === 0, convert(number, v!.dtype)),
  };
});

/** Proposals with their weights. */
export const KINDS: readonly (readonly [number, Propose])[] = [
  [1.5, memory], [0.7, range], [0.3, constant], [2, unary], [0.6, root], [4, binary], [1, scalar], [1.2, where], [2.5, slice], [1.2, transpose], [1.2, reshape],
  [0.7, flip], [0.7, roll], [0.7, broadcast], [1, rechunk], [1, concatenate], [0.7, stack], [0.8, take], [0.5, repeat], [0.7, select], [2.5, reduce], [0.8, scan],
  [0.7, matmul], [0.5, astype],
  [0.6, matmulOfTwo], [0.4, outer], [0.5, pad], [0.5, diff], [0.4, triangle], [0.5, topk], [0.4, median], [0.5, points], [0.4, withNumber],
];
export const SOURCES: readonly Propose[] = [memory, range];
