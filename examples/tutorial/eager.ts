// The notebook's NumPy cell as one would write it in plain JavaScript: the whole array in memory, one thread. The tutorial runs it in a
// process of its own, so that its memory is not counted as ndloom's.

/** What it took. */
export interface EagerResult {
  readonly rows: number;
  readonly columns: number;
  readonly seconds: number;
  /** The process' peak. */
  readonly peakBytes: number;
  readonly first: number;
}

const [rows, columns] = process.argv.slice(2).map(Number) as [number, number];
const start = performance.now();

const x = new Float64Array(rows * columns);
for (let i = 0; i < x.length; i += 2) {
  const radius = Math.sqrt(-2 * Math.log(1 - Math.random()));
  const angle = 2 * Math.PI * Math.random();
  x[i] = 10 + 0.1 * radius * Math.cos(angle);
  x[i + 1] = 10 + 0.1 * radius * Math.sin(angle);
}
const mean = new Float64Array(columns);
for (let row = 0, at = 0; row < rows; row++) {
  for (let column = 0; column < columns; column++) mean[column]! += x[at++]!;
}
for (let column = 0; column < columns; column++) mean[column]! /= rows;

const result: EagerResult = {
  rows, columns, seconds: (performance.now() - start) / 1000, peakBytes: process.resourceUsage().maxRSS * 1024, first: mean[0]!,
};
process.send!(result);
