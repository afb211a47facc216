import { native } from "../ufuncs/native.js";

// Distributions with arrays as parameters: the generators' algorithms as element-wise operations. The first input is a uniform number, whose
// bits are the key of the element's own stream; the others are the parameters, in the generator's order.
const draw = (name: string, parameters: number): ReturnType<typeof native> => native(`random_${name}`, 1 + parameters, "DOUBLE");

export const ARRAY_DRAWS = {
  beta: draw("beta", 2),
  binomial: draw("binomial", 2),
  gamma: draw("gamma", 1),
  geometric: draw("geometric", 1),
  logseries: draw("logseries", 1),
  negativeBinomial: draw("negative_binomial", 2),
  noncentralChisquare: draw("noncentral_chisquare", 2),
  poisson: draw("poisson", 1),
  vonmises: draw("vonmises", 1),
  zipf: draw("zipf", 1),
} as const;
