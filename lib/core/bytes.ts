// Sizes are read by options too, and config stands below core.
export { type Bytes, formatBytes, parseBytes } from "../config/bytes.js";
