import { checkFoldedScans } from "./folded-scans.js";

checkFoldedScans([700, 640]);
