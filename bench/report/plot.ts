const COLOURS = ["#2a78b8", "#d1662c", "#5b9a4a", "#8c63b0"];
const INK = "#444";

interface Placed {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly anchor?: "start" | "middle" | "end";
  readonly colour?: string;
  readonly bold?: boolean;
}

/** One bar for each value on a logarithmic axis; those under 1 go to the left of it. */
export function ratioBars(title: string, bars: readonly { readonly label: string; readonly value: number }[], mean: number): string {
  const [left, top, row, width] = [130, 56, 22, 760];
  const height = top + bars.length * row + 44;
  const least = Math.min(0.5, ...bars.map(({ value }) => value));
  const most = Math.max(10, ...bars.map(({ value }) => value)) * 1.6;
  const x = logarithmic(least, most, left, width - 30);
  const ticks = decades(least, most, [1, 2, 5]).filter((tick) => tick >= least && tick <= most);
  const marks = ticks.map((tick) => line(x(tick), top - 6, x(tick), top + bars.length * row, tick === 1 ? "#888" : "#ddd"));
  const names = ticks.map((tick) => text({ text: `${tick}×`, x: x(tick), y: height - 22, anchor: "middle" }));
  const drawn = bars.map(({ label, value }, i) => {
    const y = top + i * row;
    const [from, to] = [Math.min(x(1), x(value)), Math.max(x(1), x(value))];
    return `<rect x="${round(from)}" y="${y + 3}" width="${round(to - from)}" height="${row - 7}" fill="${value >= 1 ? COLOURS[0] : COLOURS[1]}"/>`
      + text({ text: label, x: left - 8, y: y + 15, anchor: "end" })
      + text({ text: `${value.toPrecision(value < 10 ? 2 : 3)}×`, x: to + 5, y: y + 15 });
  });
  const middle = `<line x1="${round(x(mean))}" y1="${top - 6}" x2="${round(x(mean))}" y2="${top + bars.length * row}" stroke="${COLOURS[1]}" stroke-dasharray="4 3"/>`
    + text({ text: `geometric mean ${mean.toPrecision(3)}×`, x: x(mean), y: top - 12, anchor: "middle", colour: COLOURS[1]! });
  return picture(width, height, title, [...marks, ...names, ...drawn, middle].join(""));
}

export interface Curve {
  readonly name: string;
  /** x and y, both above 0. */
  readonly points: readonly (readonly [number, number])[];
}

/** Curves on two logarithmic axes; `nameX` and `nameY` write a tick. */
export function curves(title: string, drawn: readonly Curve[], nameX: (x: number) => string, nameY: (y: number) => string): string {
  const [width, height, left, right, top, bottom] = [760, 380, 80, 110, 48, 50];
  const all = drawn.flatMap(({ points }) => points);
  const [xs, ys] = [all.map(([x]) => x), all.map(([, y]) => y)];
  const [lowest, highest] = [Math.min(...ys) / 2, Math.max(...ys) * 1.5];
  const x = logarithmic(Math.min(...xs), Math.max(...xs), left, width - right);
  const y = logarithmic(lowest, highest, height - bottom, top);
  const ticksX = [...new Set(xs)].sort((a, b) => a - b);
  const ticksY = decades(lowest, highest, [1]).filter((tick) => tick >= lowest && tick <= highest);
  const marks = ticksX.map((tick) => line(x(tick), top, x(tick), height - bottom, "#eee") + text({ text: nameX(tick), x: x(tick), y: height - bottom + 18, anchor: "middle" }));
  const levels = ticksY.map((tick) => line(left, y(tick), width - right, y(tick), "#ddd") + text({ text: nameY(tick), x: left - 8, y: y(tick) + 4, anchor: "end" }));
  const lines = drawn.map(({ name, points }, i) => {
    const colour = COLOURS[i % COLOURS.length]!;
    const path = points.map(([px, py]) => `${round(x(px))},${round(y(py))}`);
    const dots = points.map(([px, py]) => `<circle cx="${round(x(px))}" cy="${round(y(py))}" r="3" fill="${colour}"/>`);
    const [lastX, lastY] = points.at(-1)!;
    return `<polyline points="${path.join(" ")}" fill="none" stroke="${colour}" stroke-width="2"/>${dots.join("")}`
      + text({ text: name, x: x(lastX) + 9, y: y(lastY) + 4, colour, bold: true });
  });
  return picture(width, height, title, [...marks, ...levels, ...lines].join(""));
}

/** Maps [least, most] to [from, to] by logarithm. */
function logarithmic(least: number, most: number, from: number, to: number): (value: number) => number {
  return (value) => from + (Math.log(value / least) / Math.log(most / least)) * (to - from);
}

/** Round numbers about [least, most]: each of `steps` times the powers of ten. */
function decades(least: number, most: number, steps: readonly number[]): number[] {
  const first = Math.floor(Math.log10(least));
  const count = Math.ceil(Math.log10(most)) - first + 1;
  return Array.from({ length: count }, (_, i) => steps.map((step) => Number(`${step}e${first + i}`))).flat();
}

const round = (value: number): number => Math.round(value * 10) / 10;
const line = (x1: number, y1: number, x2: number, y2: number, colour: string): string =>
  `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" stroke="${colour}"/>`;
const escaped = (plain: string): string => plain.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
const text = ({ text: shown, x, y, anchor = "start", colour = INK, bold = false }: Placed): string =>
  `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" fill="${colour}"${bold ? ' font-weight="bold"' : ""}>${escaped(shown)}</text>`;

function picture(width: number, height: number, title: string, content: string): string {
  const head = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`;
  return `${head}<title>${escaped(title)}</title><rect width="100%" height="100%" fill="#fff"/>${text({ text: title, x: 16, y: 22, bold: true })}${content}</svg>\n`;
}
