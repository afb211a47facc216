import { vi } from "vitest";

vi.mock("../../../lib/plan/sizes.js", () => import("../../support/small-cells.js"));

const { checkFilePrograms } = await import("./programs.js");
checkFilePrograms("cut into many cells");
