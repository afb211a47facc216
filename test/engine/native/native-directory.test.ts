import { expect, test } from "vitest";
import { config } from "../../../lib/config/index.js";
import { NativeError } from "../../../lib/errors/index.js";
import { loadAddon } from "../../../lib/native/load.js";

test("native-directory is the only place where the addon is looked for", () => {
  const load = (): unknown => config.with({ "native-directory": "/nowhere" }, loadAddon);
  expect(load).toThrow(NativeError);
  expect(load).toThrow(expect.objectContaining({
    code: "ERR_NATIVE_MISSING", message: expect.stringMatching(/\/nowhere\/ndloom\.node.*NDLOOM_NATIVE_DIRECTORY/s),
  }));
  expect(loadAddon().directory).toMatch(/Release$/);
});
