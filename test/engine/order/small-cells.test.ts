import { vi } from "vitest";

vi.mock("../../../lib/plan/sizes.js", () => import("../../support/small-cells.js"));

const { checkHistograms } = await import("./histograms.js");
const { checkRanks } = await import("./ranks.js");
checkHistograms("cut into many cells");
checkRanks("cut into many pieces", [17, 100, 1001]);
