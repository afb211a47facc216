import { escapeHtml } from "../html.js";
import { clipped, type Layout, LINE_HEIGHT, type Place, type Point } from "./layout.js";
import type { Picture, PictureNode } from "./picture.js";

// Everything has its colours as attributes, which any reader of SVG understands; the style sheet only turns them round in dark surroundings.
const STYLE = `.ndloom-graph text{fill:#1b2430}
@media (prefers-color-scheme:dark){.ndloom-graph .page{fill:#14181f}.ndloom-graph .edge{stroke:#7d8896;fill:#7d8896}
.ndloom-graph .plain .shape{fill:#262d38;stroke:#aeb8c4}.ndloom-graph .plain text,.ndloom-graph .caption{fill:#e6ebf2}}`;
const CAPTION = 26;

const number = (x: number): string => String(Math.round(x * 10) / 10);

/** A picture as an SVG document of its own: `colors` fill the nodes, which carry their title as a tooltip. */
export function graphSvg(picture: Picture, layout: Layout, colors: readonly (string | undefined)[]): string {
  const width = Math.max(layout.width, picture.title.length * 7.25 + 24);
  const height = layout.height + CAPTION;
  const edges = picture.edges.map(({ from, to }, i) => {
    const points = [...layout.edges[i]!];
    if (picture.nodes[from]!.kind === "task") points[0] = onEllipse(layout.nodes[from]!, points[1]!);
    if (picture.nodes[to]!.kind === "task") points[points.length - 1] = onEllipse(layout.nodes[to]!, points[points.length - 2]!);
    return `<g class="edge" data-from="${from}" data-to="${to}" stroke="#5b6573" fill="#5b6573"><path d="${curve(points)}" fill="none"/><path d="${tip(points)}"/></g>`;
  });
  const nodes = picture.nodes.map((node, i) => drawNode(node, i, layout.nodes[i]!, colors[i]));
  return `<svg xmlns="http://www.w3.org/2000/svg" class="ndloom-graph" role="img" aria-label="${escapeHtml(picture.title)}" width="${number(width)}" height="${number(height)}" viewBox="0 0 ${number(width)} ${number(height)}" font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="12">
<style>${STYLE}</style>
<rect class="page" width="100%" height="100%" fill="#ffffff"/>
<g class="edges">
${edges.join("\n")}
</g>
<g class="nodes">
${nodes.join("\n")}
</g>
<text class="caption" x="12" y="${number(height - 9)}" fill="#1b2430">${escapeHtml(picture.title)}</text>
</svg>`;
}

function drawNode({ kind, label, title }: PictureNode, i: number, { x, y, width, height }: Place, color: string | undefined): string {
  const paint = `class="shape" fill="${color ?? "#f1f4f8"}" stroke="#3d4754"`;
  const shape = kind === "task"
    ? `<ellipse cx="${number(x)}" cy="${number(y)}" rx="${number(width / 2)}" ry="${number(height / 2)}" ${paint}/>`
    : `<rect x="${number(x - width / 2)}" y="${number(y - height / 2)}" width="${number(width)}" height="${number(height)}" rx="${kind === "operation" ? 7 : 1}" ${paint}/>`;
  const lines = label.split("\n").map(clipped);
  // The middle of small letters is some 4 pixels above the line they stand on.
  const first = y + 4 - ((lines.length - 1) * LINE_HEIGHT) / 2;
  const text = lines.map((line, k) => `<text x="${number(x)}" y="${number(first + k * LINE_HEIGHT)}" text-anchor="middle" fill="#1b2430">${escapeHtml(line)}</text>`);
  return `<g class="node ${color === undefined ? "plain" : "colored"}" data-node="${i}"><title>${escapeHtml(title)}</title>${shape}${text.join("")}</g>`;
}

/** Where a line from the middle of an ellipse to a point leaves it: layouts know rectangles only. */
function onEllipse({ x, y, width, height }: Place, towards: Point): Point {
  const dx = towards.x - x;
  const dy = towards.y - y;
  const t = 1 / Math.hypot(dx / (width / 2), dy / (height / 2));
  return Number.isFinite(t) ? { x: x + dx * t, y: y + dy * t } : towards;
}

const at = ({ x, y }: Point): string => `${number(x)} ${number(y)}`;

/** A smooth line through the middles between bends. */
function curve(points: readonly Point[]): string {
  const middle = (i: number): Point => ({ x: (points[i]!.x + points[i + 1]!.x) / 2, y: (points[i]!.y + points[i + 1]!.y) / 2 });
  const last = points.length - 1;
  let path = `M${at(points[0]!)}`;
  for (let i = 1; i < last; i++) path += `${i === 1 ? `L${at(middle(0))}` : ""}Q${at(points[i]!)} ${at(middle(i))}`;
  return `${path}L${at(points[last]!)}`;
}

/** The arrow's head. A path, because not every reader of SVG draws markers. */
function tip(points: readonly Point[]): string {
  const end = points[points.length - 1]!;
  const before = points[points.length - 2]!;
  const length = Math.hypot(end.x - before.x, end.y - before.y) || 1;
  const ux = (end.x - before.x) / length;
  const uy = (end.y - before.y) / length;
  const side = (k: number): Point => ({ x: end.x - 6 * ux - k * uy, y: end.y - 6 * uy + k * ux });
  return `M${at(end)}L${at(side(2.5))}L${at(side(-2.5))}Z`;
}
