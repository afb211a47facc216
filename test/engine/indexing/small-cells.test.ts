import { vi } from "vitest";

vi.mock("../../../lib/plan/sizes.js", () => import("../../support/small-cells.js"));

const { checkIndexing } = await import("./check.js");
checkIndexing("cut into many cells");
