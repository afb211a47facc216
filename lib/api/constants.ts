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
