// Prints hashes of random numbers and of what is made of them, as JSON; the instruction set comes from NDLOOM_ISA.
import type { NDArray } from "../../../lib/array/nd-array.js";
import { currentEngine } from "../../../lib/runtime/engine.js";
import { hashOf } from "../../support/hash.js";
import { draws } from "./draws.js";

const hashes: Record<string, string> = {};
for (const [name, array] of Object.entries(draws({ size: [211, 61] }))) hashes[name] = hashOf(((await array.compute()) as NDArray).data);
const x = draws({ size: [1500, 70] })["normal"]!;
for (const [name, array] of Object.entries({ mean: x.mean({ axis: 0 }), sum: x.sum({ axis: 1 }), var: x.var({ axis: 0 }), cumsum: x.cumsum({ axis: 0 }) })) {
  hashes[name] = hashOf(((await array.compute()) as NDArray).data);
}
process.stdout.write(JSON.stringify({ isa: currentEngine().native.isa, hashes }));
