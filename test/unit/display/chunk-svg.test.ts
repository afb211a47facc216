import { describe, expect, it } from "vitest";
import { config } from "../../../lib/config/index.js";
import { normalizeChunks } from "../../../lib/core/normalize-chunks.js";
import { UnsupportedError } from "../../../lib/errors/index.js";
import { chunkSvg } from "../../../lib/display/chunk-svg.js";
import { goldens } from "../../support/goldens.js";

describe("the picture of chunks is Dask's, byte for byte", () => {
  for (const { args, expected } of goldens("svg")) {
    it(`shape ${args.shape} in chunks ${args.chunks}`, () => {
      expect(chunkSvg(normalizeChunks("test", args.chunks, args.shape), args.size)).toBe(expected);
    });
  }
});

describe("an array without a picture says so", () => {
  it.each([[[]], [[[0]]], [[[NaN, NaN]]], [[[5], [0]]]])("%j", (chunks) => {
    expect(() => chunkSvg(chunks)).toThrow(UnsupportedError);
  });
});

it("takes its size from the configuration", () => {
  config.with({ "array.svg.size": 60 }, () => expect(chunkSvg([[5], [5]])).toContain('x2="60"'));
});
