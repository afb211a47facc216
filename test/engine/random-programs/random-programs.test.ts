import { checkPrograms } from "./check.js";

checkPrograms("as users run them");
