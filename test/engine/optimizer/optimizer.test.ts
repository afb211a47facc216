import { checkRewrites } from "./check.js";

checkRewrites("what is rewritten has the bits of what is not");
