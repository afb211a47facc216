import { checkReductions } from "./check.js";

checkReductions("as users run them", () => true);
