import { describe, expect, test } from "vitest";
import { formatBytes, parseBytes } from "../../../lib/config/bytes.js";
import { OptionError } from "../../../lib/errors/index.js";
import { errorOf, goldens, titleOf } from "../../support/goldens.js";

const titled = (section: string) => goldens(section).map((golden) => ({ golden, title: titleOf(golden) }));

describe("parseBytes", () => {
  test.each(titled("parse_bytes"))("$title", ({ golden }) => {
    if (errorOf(golden)) expect(() => parseBytes(golden.args[0])).toThrow(OptionError);
    else expect(parseBytes(golden.args[0])).toBe(golden.expected);
  });
  test.each(["", "MB5", "1 2x", "0x10", "NaN", "Infinity", "--1"])("%j is refused", (text) => {
    expect(() => parseBytes(text)).toThrow(OptionError);
  });
});

describe("formatBytes", () => {
  test.each(titled("format_bytes"))("$title", ({ golden }) => expect(formatBytes(golden.args[0])).toBe(golden.expected));
  test.each([[16000, "15.62 kiB"], [16016, "15.64 kiB"], [1024 * 1.125, "1.12 kiB"], [1024 * 1.375, "1.38 kiB"]])(
    "%d breaks its tie to even", (bytes, text) => expect(formatBytes(bytes)).toBe(text));
});
