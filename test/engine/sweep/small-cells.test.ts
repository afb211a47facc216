import { vi } from "vitest";

vi.mock("../../../lib/plan/sizes.js", () => import("../../support/small-cells.js"));

const { checkElementwise } = await import("./check.js");
checkElementwise("cut into many cells");
