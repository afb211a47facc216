import { checkFilePrograms } from "./programs.js";

checkFilePrograms("as users run them");
