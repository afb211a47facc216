import { vi } from "vitest";

vi.mock("../../../lib/plan/sizes.js", () => import("../../support/small-cells.js"));

const { checkFoldedScans } = await import("./folded-scans.js");
checkFoldedScans([9, 10, 11]);
