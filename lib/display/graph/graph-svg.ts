import { escapeHtml } from "../html.js";
import { clipped, type Layout, LINE_HEIGHT, type Place } from "./layout.js";
import type { Picture, PictureNode } from "./picture.js";

// Everything has its colours as attributes, which any reader of SVG understands; the style sheet only turns them round in dark surroundings.
const STYLE = `.ndloom-graph text{fill:#1b2430}
@media (prefers-color-scheme:dark){.ndloom-graph .page{fill:#14181f}.ndloom-graph .edge{stroke:#7d8896}.ndloom-graph .tip{fill:#7d8896}
.ndloom-graph .plain .shape{fill:#262d38;stroke:#aeb8c4}.ndloom-graph .plain text,.ndloom-graph .caption{fill:#e6ebf2}}`;
const CAPTION = 26;

const number = (x: number): string => String(Math.round(x * 10) / 10);

/** A picture as an SVG document of its own: `colors` fill the nodes, which carry their title as a tooltip. */
export function graphSvg(picture: Picture, layout: Layout, colors: readonly (string | undefined)[]): string {
  const width = Math.max(layout.width, picture.title.length * 7.25 + 24);
  const height = layout.height + CAPTION;
  const edges = picture.edges.map(({ from, to }, i) => `<path class="edge" data-from="${from}" data-to="${to}" d="${curve(layout.edges[i]!)}" fill="none" stroke="#5b6573" marker-end="url(#ndloom-tip)"/>`);
  const nodes = picture.nodes.map((node, i) => drawNode(node, i, layout.nodes[i]!, colors[i]));
  return `<svg xmlns="http://www.w3.org/2000/svg" class="ndloom-graph" role="img" aria-label="${escapeHtml(picture.title)}" width="${number(width)}" height="${number(height)}" viewBox="0 0 ${number(width)} ${number(height)}" font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="12">
<style>${STYLE}</style>
<defs><marker id="ndloom-tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="tip" d="M0 0L8 4L0 8Z" fill="#5b6573"/></marker></defs>
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

/** A smooth line through the middles between bends. */
function curve(points: readonly { readonly x: number; readonly y: number }[]): string {
  const at = ({ x, y }: { x: number; y: number }): string => `${number(x)} ${number(y)}`;
  const middle = (i: number): { x: number; y: number } => ({ x: (points[i]!.x + points[i + 1]!.x) / 2, y: (points[i]!.y + points[i + 1]!.y) / 2 });
  const last = points.length - 1;
  let path = `M${at(points[0]!)}`;
  for (let i = 1; i < last; i++) path += `${i === 1 ? `L${at(middle(0))}` : ""}Q${at(points[i]!)} ${at(middle(i))}`;
  return `${path}L${at(points[last]!)}`;
}
