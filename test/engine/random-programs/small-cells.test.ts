import { vi } from "vitest";

vi.mock("../../../lib/plan/sizes.js", () => import("../../support/small-cells.js"));

const { checkPrograms } = await import("./check.js");
checkPrograms("cut into many cells");
