export { type Bytes, formatBytes, parseBytes } from "./bytes.js";
export { config, type Config, type ConfigEntry, type ConfigSource } from "./config.js";
export type { ConfigInputs, ConfigValues, Isa, LogLevel, OptionName } from "./options.js";
