import { vi } from "vitest";

vi.mock("../../../lib/plan/sizes.js", () => import("../../support/small-cells.js"));

const { checkReductions } = await import("./check.js");
checkReductions("cut into many cells", (kind) => ["finite", "ties", "holes", "infinite"].includes(kind));
