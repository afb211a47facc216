import { checkReads } from "./reads.js";

checkReads("what programs read of files");
