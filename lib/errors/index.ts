export { NdloomError, isNdloomError, type ErrorDetails } from "./ndloom-error.js";
export {
  AxisError, ChunkError, DTypeError, IndexError, OptionError, ShapeError, UnsupportedError,
} from "./use-errors.js";
export {
  CancelledError, ClosedError, DisposedError, KernelError, MemoryPlanError, NativeError, StorageError, TaskError,
} from "./run-errors.js";
/** @internal */
export { nearest } from "./nearest.js";
