import { config } from "../config/index.js";
import { type Chunks, chunkBounds } from "../core/chunks.js";
import { isKnown } from "../core/shape.js";
import { UnsupportedError } from "../errors/index.js";

interface Point {
  readonly x: number;
  readonly y: number;
}
type Range = readonly [number, number];

/** A parallelogram of the picture, with lines where chunks meet. */
interface Face {
  readonly lines: readonly string[];
  readonly x: Range;
  readonly y: Range;
}

const TEXT = 'font-size="1.0rem" font-weight="100" text-anchor="middle"';
/** How much of its length an axis that goes into the picture has on either side. */
const DEPTH = 1.7;
/** Lines closer than this in a picture say nothing. */
const PIXELS_A_LINE = 6;

/** Whether an array has a picture: it has axes, and all their lengths are known and not 0. */
export const hasPicture = (chunks: Chunks): boolean => {
  const shape = chunks.map((axis) => axis.reduce((a, b) => a + b, 0));
  return shape.length > 0 && isKnown(shape) && !shape.includes(0);
};

/**
 * An array's chunks as a picture, as Dask draws it.
 *
 * @throws {UnsupportedError} when the array has no axes, or one of no or of unknown length.
 */
export function chunkSvg(chunks: Chunks, size = config.get("array.svg.size")): string {
  if (!hasPicture(chunks)) {
    throw new UnsupportedError("toSVG: expected an array with axes of known lengths above 0, got one without", { hint: "compute() or persist() it first" });
  }
  const bounds = chunks.map(chunkBounds);
  const shape = bounds.map((b) => b[b.length - 1]!);
  if (chunks.length === 1) return document2d([[0, 1], bounds[0]!], lengthsOf([1, shape[0]!], size), size, 0);
  if (chunks.length === 2) return document2d(bounds, lengthsOf(shape, size), size, 0);
  if (chunks.length === 3) return document3d(bounds, lengthsOf(shape, size), size, 0);
  return row(bounds, shape, size);
}

/** More than three axes: pictures of three side by side, the first axes first. */
function row(bounds: readonly (readonly number[])[], shape: readonly number[], size: number): string {
  if (bounds.length % 3 === 1) {
    bounds = [[0, 1], ...bounds];
    shape = [1, ...shape];
  }
  const lengths = lengthsOf(shape, size);
  const parts: string[] = [];
  let left = 0;
  let height = 0;
  for (let at = 0; at < bounds.length; ) {
    const n = (bounds.length - at) % 3 || 3;
    const draw = n === 2 ? document2d : document3d;
    // Dask draws the parts at its largest size's number of lines.
    const lines = draw(bounds.slice(at, at + n), lengths.slice(at, at + n), 200, left).split("\n");
    height = Math.max(height, Number(/height="(\d+)"/.exec(lines[0]!)![1]));
    left += Number(/width="(\d+)"/.exec(lines[0]!)![1]) + 10;
    parts.push(lines.slice(1, -1).join("\n"));
    at += n;
  }
  return documentOf(left, height, parts.join("\n\n"));
}

/** Pixels for each axis: the longest has `size`, and short ones are not too thin to see. */
function lengthsOf(shape: readonly number[], size: number): number[] {
  const longest = Math.max(...shape);
  return shape.map((n) => {
    const ratio = longest / n;
    return size / (ratio < Math.E ? ratio : Math.log(Math.min(ratio, 100) + 12.4));
  });
}

const places = (bounds: readonly number[], length: number): number[] => bounds.map((b) => (b * length) / bounds[bounds.length - 1]!);
const lengthOf = (bounds: readonly number[]): number => bounds[bounds.length - 1]!;

function document2d(bounds: readonly (readonly number[])[], lengths: readonly number[], size: number, left: number): string {
  const [down, across] = bounds.map((b, axis) => places(b, lengths[axis]!)) as [number[], number[]];
  const face = drawFace({ x: left, y: 0 }, across.map((x) => ({ x, y: 0 })), down.map((y) => ({ x: 0, y })), size);
  const text = [
    label(face.x[1] / 2, face.y[1] + 20, lengthOf(bounds[1]!)),
    label(face.x[1] + 20, face.y[1] / 2, lengthOf(bounds[0]!), sideways(lengthOf(bounds[0]!))),
  ];
  return documentOf(face.x[1] + 50, face.y[1] + 50, [...face.lines, "", "  <!-- Text -->", ...text].join("\n"));
}

function document3d(bounds: readonly (readonly number[])[], lengths: readonly number[], size: number, left: number): string {
  const [into, down, across] = bounds.map((b, axis) => places(b, lengths[axis]!)) as [number[], number[], number[]];
  const slanted = into.map((d) => ({ x: d / DEPTH, y: d / DEPTH }));
  const vertical = down.map((y) => ({ x: 0, y }));
  const horizontal = across.map((x) => ({ x, y: 0 }));
  const depth = slanted[slanted.length - 1]!.y;
  const side = drawFace({ x: left + 10, y: 0 }, slanted, vertical, size);
  const top = drawFace({ x: left + 10, y: 0 }, horizontal, slanted, size);
  const front = drawFace({ x: left + depth + 10, y: depth }, horizontal, vertical, size);
  const middle = (side.x[0] + side.x[1]) / 2 - 10;
  const low = side.y[1] - (side.x[1] - side.x[0]) / 2 + 20;
  const text = [
    label((front.x[0] + front.x[1]) / 2, front.y[1] + 20, lengthOf(bounds[2]!)),
    label(front.x[1] + 20, (front.y[0] + front.y[1]) / 2, lengthOf(bounds[1]!), sideways(lengthOf(bounds[1]!))),
    label(middle, low, lengthOf(bounds[0]!), 45),
  ];
  return documentOf(front.x[1] + 50, front.y[1] + 50, [...side.lines, ...top.lines, ...front.lines, "", "  <!-- Text -->", ...text].join("\n"));
}

/** A face from `origin`: `across` are the places of the lines that run along `down`, and the other way round. */
function drawFace(origin: Point, across: readonly Point[], down: readonly Point[], size: number): Face {
  const most = Math.floor(size / PIXELS_A_LINE);
  const at = (...steps: readonly Point[]): Point => steps.reduce((p, s) => ({ x: s.x + p.x, y: s.y + p.y }), origin);
  const acrossEnd = across[across.length - 1]!;
  const downEnd = down[down.length - 1]!;
  const corners = [at(across[0]!), at(acrossEnd), at(acrossEnd, downEnd), at(across[0]!, downEnd)];
  const fill = across.length < most && down.length < most ? "#ECB172" : "#8B4903";
  return {
    lines: [
      "", "  <!-- Horizontal lines -->", ...strokes(down.map((d) => [at(d), at(d, acrossEnd)]), most),
      "", "  <!-- Vertical lines -->", ...strokes(across.map((a) => [at(a), at(a, downEnd)]), most),
      "", "  <!-- Colored Rectangle -->",
      `  <polygon points="${corners.map((p) => `${real(p.x)},${real(p.y)}`).join(" ")}" style="fill:${fill}A0;stroke-width:0"/>`,
    ],
    x: [Math.min(...corners.map((p) => p.x)), Math.max(...corners.map((p) => p.x))],
    y: [Math.min(...corners.map((p) => p.y)), Math.max(...corners.map((p) => p.y))],
  };
}

/** At most `most` of the lines, evenly; the first and the last are thicker. */
function strokes(lines: readonly (readonly [Point, Point])[], most: number): string[] {
  const last = lines.length - 1;
  const chosen = lines.length > most ? Array.from({ length: most }, (_, i) => (i === most - 1 ? last : Math.floor((i * last) / (most - 1)))) : lines.map((_, i) => i);
  return chosen.map((index, i) => {
    const [a, b] = lines[index]!;
    const thick = i === 0 || i === chosen.length - 1 ? 'style="stroke-width:2" ' : "";
    return `  <line x1="${Math.trunc(a.x)}" y1="${Math.trunc(a.y)}" x2="${Math.trunc(b.x)}" y2="${Math.trunc(b.y)}" ${thick}/>`;
  });
}

const sideways = (length: number): number => (length >= 100 ? -90 : 0);

function label(x: number, y: number, text: number, turn?: number): string {
  const transform = turn === undefined ? "" : `transform="rotate(${turn},${real(x)},${real(y)})"`;
  return `  <text x="${real(x)}" y="${real(y)}" ${TEXT} ${transform}>${text}</text>`;
}

/** A float as Python writes it. */
const real = (x: number): string => (Number.isInteger(x) ? `${x}.0` : String(x));

const documentOf = (width: number, height: number, body: string): string =>
  `<svg width="${Math.trunc(width)}" height="${Math.trunc(height)}" style="stroke:rgb(0,0,0);stroke-width:1" >\n${body}\n</svg>`;
