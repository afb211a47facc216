import { checkIndexing } from "./check.js";

checkIndexing("as users run it");
