/** Repeats a piece of work and keeps every time. */
export interface Times {
  readonly seconds: readonly number[];
  readonly cpuSeconds: readonly number[];
}

/** `between` is called after each time. */
export async function repeat(work: () => unknown, { repeats = 5, budgetSeconds = 20 } = {}, between: () => void = () => undefined): Promise<Times> {
  const seconds: number[] = [];
  const cpuSeconds: number[] = [];
  const began = performance.now();
  while (seconds.length < repeats && (seconds.length === 0 || performance.now() - began < budgetSeconds * 1000)) {
    const cpu = process.cpuUsage();
    const start = performance.now();
    await work();
    seconds.push((performance.now() - start) / 1000);
    const { user, system } = process.cpuUsage(cpu);
    cpuSeconds.push((user + system) / 1e6);
    between();
  }
  return { seconds, cpuSeconds };
}

export const minimum = (values: readonly number[]): number => Math.min(...values);

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Three digits that matter, in the unit that fits. */
export function duration(seconds: number): string {
  const [scale, unit] = seconds >= 1 ? [1, "s"] : seconds >= 1e-3 ? [1e3, "ms"] : seconds >= 1e-6 ? [1e6, "µs"] : [1e9, "ns"];
  return `${(seconds * scale).toPrecision(3)} ${unit}`;
}

/** Lines of equal width; the first row is the head. Numbers stand right. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, i) => (i > 0 && /^[\d.<]+( \S+)?( \(.*\))?$/.test(cell) ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!))).join(" | ")} |`;
  return [line(rows[0]!), `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`, ...rows.slice(1).map(line)].join("\n");
}
