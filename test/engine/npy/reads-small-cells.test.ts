import { vi } from "vitest";

vi.mock("../../../lib/plan/sizes.js", () => import("../../support/small-cells.js"));

const { checkReads } = await import("./reads.js");
checkReads("cut into many cells");
