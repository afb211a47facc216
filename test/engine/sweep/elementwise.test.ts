import { checkElementwise } from "./check.js";

checkElementwise("as users run it");
