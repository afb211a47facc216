import { vi } from "vitest";

vi.mock("../../../lib/plan/sizes.js", () => import("../../support/small-cells.js"));

const { checkRewrites } = await import("./check.js");
checkRewrites("cut into many cells");
