import { OptionError } from "../../errors/index.js";
import type { Expr } from "../../expr/expr.js";
import type { Formula, Term } from "./formula.js";
import type { ParameterDeclaration, RULES } from "./parameters.js";

/** A distribution: what it takes and how it is made of standard numbers. Its function, methods and checks follow from this. */
export interface Distribution {
  readonly parameters: readonly ParameterDeclaration[];
  /** `real`: float64, or float32 when asked for; else the one dtype it has. */
  readonly gives: "real" | "int64";
  /** What parameters must be together, when all are numbers. */
  readonly check?: (operation: string, values: readonly number[]) => void;
  readonly build: (f: Formula, ...parameters: readonly Term[]) => Term;
}

type Rule = keyof typeof RULES;
const p = (name: string, rule: Rule, otherwise?: number): ParameterDeclaration => ({ name, rule, otherwise });
const real = (parameters: readonly ParameterDeclaration[], build: Distribution["build"], check?: Distribution["check"]): Distribution =>
  ({ parameters, gives: "real", build, check });
const whole = (parameters: readonly ParameterDeclaration[], build: Distribution["build"], check?: Distribution["check"]): Distribution =>
  ({ parameters, gives: "int64", build, check });

const locScale = [p("loc", "number", 0), p("scale", "nonNegative", 1)];

/** Two independent gammas make most of the rest: half a chi-square is one. */
const halfChisquare = (f: Formula, df: Term): Expr => f.draw("gamma", f.divide(df, 2));

export const DISTRIBUTIONS = {
  beta: real([p("a", "finitePositive"), p("b", "finitePositive")], (f, a, b) => f.draw("beta", a, b)),
  binomial: whole([p("n", "count"), p("p", "probability")], (f, n, q) => f.draw("binomial", n, q)),
  chisquare: real([p("df", "finitePositive")], (f, df) => f.multiply(2, halfChisquare(f, df))),
  exponential: real([p("scale", "nonNegative", 1)], (f, scale) => f.multiply(scale, f.standard("exponential"))),
  f: real([p("dfnum", "finitePositive"), p("dfden", "finitePositive")], (f, dfnum, dfden) =>
    f.divide(f.multiply(dfden, halfChisquare(f, dfnum)), f.multiply(dfnum, halfChisquare(f, dfden)))),
  gamma: real([p("shape", "finiteNonNegative"), p("scale", "nonNegative", 1)], (f, shape, scale) => f.multiply(scale, f.draw("gamma", shape))),
  geometric: whole([p("p", "positiveProbability")], (f, q) => f.draw("geometric", q)),
  // −log of an exponential number is Gumbel's; the difference of two such is logistic, that of two exponential numbers Laplace's.
  gumbel: real(locScale, (f, loc, scale) => f.subtract(loc, f.multiply(scale, f.apply("log", f.positiveExponential())))),
  hypergeometric: whole([p("ngood", "count"), p("nbad", "count"), p("nsample", "count")],
    (f, good, bad, sample) => f.draw("hypergeometric", good, bad, sample), checkUrn),
  laplace: real(locScale, (f, loc, scale) => f.affine(loc, scale, f.subtract(f.standard("exponential"), f.standard("exponential")))),
  logistic: real(locScale, (f, loc, scale) =>
    f.affine(loc, scale, f.apply("log", f.divide(f.positiveExponential(), f.positiveExponential())))),
  lognormal: real([p("mean", "number", 0), p("sigma", "nonNegative", 1)], (f, mean, sigma) =>
    f.apply("exp", f.affine(mean, sigma, f.standard("normal")))),
  logseries: whole([p("p", "properProbability")], (f, q) => f.draw("logseries", q)),
  negativeBinomial: whole([p("n", "finitePositive"), p("p", "positiveProbability")], (f, n, q) => f.draw("negativeBinomial", n, q)),
  noncentralChisquare: real([p("df", "finitePositive"), p("nonc", "finiteNonNegative")], (f, df, nonc) => f.draw("noncentralChisquare", df, nonc)),
  noncentralF: real([p("dfnum", "finitePositive"), p("dfden", "finitePositive"), p("nonc", "finiteNonNegative")], (f, dfnum, dfden, nonc) =>
    f.divide(f.multiply(dfden, f.draw("noncentralChisquare", dfnum, nonc)), f.multiply(f.multiply(2, dfnum), halfChisquare(f, dfden)))),
  normal: real(locScale, (f, loc, scale) => f.affine(loc, scale, f.standard("normal"))),
  pareto: real([p("a", "positive")], (f, a) => f.apply("expm1", f.divide(f.standard("exponential"), a))),
  poisson: whole([p("lam", "mean", 1)], (f, lam) => f.draw("poisson", lam)),
  power: real([p("a", "positive")], (f, a) => f.apply("power", f.standard("random"), f.divide(1, a))),
  rayleigh: real([p("scale", "nonNegative", 1)], (f, scale) => f.multiply(scale, f.sqrt(f.multiply(2, f.standard("exponential"))))),
  standardGamma: real([p("shape", "finiteNonNegative")], (f, shape) => f.draw("gamma", shape)),
  standardT: real([p("df", "finitePositive")], (f, df) =>
    f.divide(f.standard("normal"), f.sqrt(f.divide(halfChisquare(f, df), f.divide(df, 2))))),
  triangular: real([p("left", "number"), p("mode", "number"), p("right", "number")], triangular, checkTriangle),
  uniform: real([p("low", "number", 0), p("high", "number", 1)], (f, low, high) =>
    f.affine(low, f.subtract(high, low), f.standard("random")), checkRange),
  vonmises: real([p("mu", "number"), p("kappa", "finiteNonNegative")], vonmises),
  wald: real([p("mean", "positive"), p("scale", "positive")], wald),
  weibull: real([p("a", "nonNegative")], (f, a) => (a === 0 ? 0 : f.apply("power", f.standard("exponential"), f.divide(1, a)))),
  zipf: whole([p("a", "aboveOne")], (f, a) => f.draw("zipf", a)),
} as const satisfies Record<string, Distribution>;

/** Those without parameters, whose first argument is the size. */
export const STANDARD = {
  standardCauchy: (f) => f.divide(f.standard("normal"), f.standard("normal")),
  standardExponential: (f) => f.standard("exponential"),
  standardNormal: (f) => f.standard("normal"),
} as const satisfies Record<string, (f: Formula) => Term>;

/** By inversion on either side of the mode. */
function triangular(f: Formula, left: Term, mode: Term, right: Term): Term {
  const u = f.standard("random");
  const [base, rising, falling] = [f.subtract(right, left), f.subtract(mode, left), f.subtract(right, mode)];
  const up = f.add(left, f.sqrt(f.multiply(u, f.multiply(rising, base))));
  const down = f.subtract(right, f.sqrt(f.multiply(f.subtract(1, u), f.multiply(falling, base))));
  const value = f.where(f.compare("less_equal", u, f.divide(rising, base)), up, down);
  if ([left, mode, right].every((x) => typeof x === "number")) return value;
  const ordered = f.where(f.compare("less_equal", left, mode), f.subtract(right, mode), -1);
  return f.where(f.compare("greater_equal", ordered, 0), value, NaN);
}

/** Around 0, turned to mu and wrapped into (−π, π]. */
function vonmises(f: Formula, mu: Term, kappa: Term): Term {
  const angle = f.draw("vonmises", kappa);
  if (mu === 0) return angle;
  const turned = f.add(mu, angle);
  return f.subtract(turned, f.multiply(2 * Math.PI, f.apply("ceil", f.subtract(f.divide(turned, 2 * Math.PI), 0.5))));
}

/** Michael, Schucany & Haas, "Generating random variates using transformations with multiple roots", 1976. */
function wald(f: Formula, mean: Term, scale: Term): Term {
  const y = f.multiply(mean, f.apply("square", f.standard("normal")));
  const root = f.sqrt(f.add(f.multiply(f.multiply(4, scale), y), f.apply("square", y)));
  const smaller = f.add(mean, f.multiply(f.divide(mean, f.multiply(2, scale)), f.subtract(y, root)));
  const first = f.compare("less_equal", f.multiply(f.standard("random"), f.add(mean, smaller)), mean);
  return f.where(first, smaller, f.divide(f.multiply(mean, mean), smaller));
}

function checkRange(operation: string, [low, high]: readonly number[]): void {
  const span = high - low;
  if (span >= 0 && span < Infinity) return;
  throw new OptionError(`${operation}: expected low ≤ high, both finite and not too far apart, got ${low} and ${high}`, { option: "high", received: high });
}

function checkTriangle(operation: string, [left, mode, right]: readonly number[]): void {
  if (left <= mode && mode <= right && left < right && right - left < Infinity) return;
  throw new OptionError(`${operation}: expected left ≤ mode ≤ right and left < right, got ${left}, ${mode} and ${right}`, { option: "mode", received: mode });
}

/** Beyond 10⁹ the logarithms of factorials lose the digits that decide. NumPy has the same limit. */
function checkUrn(operation: string, [good, bad, sample]: readonly number[]): void {
  if (good >= 1e9 || bad >= 1e9) {
    throw new OptionError(`${operation}: expected ngood and nbad below 10^9, got ${good} and ${bad}`, { option: "ngood", received: good });
  }
  if (sample > good + bad) {
    throw new OptionError(`${operation}: expected nsample ≤ ngood + nbad = ${good + bad}, got ${sample}`, { option: "nsample", received: sample });
  }
}
