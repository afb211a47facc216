/** Euler's number. @see numpy.e */
export const e = Math.E;
/** The Euler–Mascheroni constant. @see numpy.euler_gamma */
export const eulerGamma = 0.5772156649015329;
/** Infinity. @see numpy.inf */
export const inf = Infinity;
/** Not a number. @see numpy.nan */
export const nan = NaN;
/** A new axis in an index. @see numpy.newaxis */
export const newaxis = null;
/** The circle's number. @see numpy.pi */
export const pi = Math.PI;

// Dtypes by name, for code that comes from NumPy: `{ dtype: nd.float32 }`.
export const bool = "bool";
export const int8 = "int8";
export const int16 = "int16";
export const int32 = "int32";
export const int64 = "int64";
export const uint8 = "uint8";
export const uint16 = "uint16";
export const uint32 = "uint32";
export const uint64 = "uint64";
export const float16 = "float16";
export const float32 = "float32";
export const float64 = "float64";
export const complex64 = "complex64";
export const complex128 = "complex128";
