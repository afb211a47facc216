import { vi } from "vitest";

vi.mock("../../../lib/plan/sizes.js", () => import("../../support/small-cells.js"));

const { checkOverlap } = await import("./check.js");
checkOverlap("cut into many cells");
