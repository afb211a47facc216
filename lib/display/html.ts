import type { AnyArray } from "../array/chunked-array.js";
import { hasPicture, chunkSvg } from "./chunk-svg.js";
import { factsOf } from "./facts.js";

/** Text inside of an element or a quoted attribute. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" })[c]!);

// Colours are the page's own (currentColor), so that the table reads in dark pages too; only the picture's lines are set.
const STYLE = `.ndloom-array{display:flex;flex-wrap:wrap;gap:1em;align-items:center;font:inherit;color:inherit}
.ndloom-array table{border-collapse:collapse;font-variant-numeric:tabular-nums}
.ndloom-array th,.ndloom-array td{padding:.25em .8em;text-align:left;border-bottom:1px solid color-mix(in srgb,currentColor 20%,transparent)}
.ndloom-array svg,.ndloom-array svg text{stroke:currentColor!important}
.ndloom-array svg text{fill:currentColor;stroke:none!important}`;

/** Dask's table of an array, with the picture of its chunks beside it. */
export function arrayHtml(x: AnyArray): string {
  const rows = factsOf(x).map(({ name, array, chunk }) => {
    const cells = chunk === undefined ? `<td colspan="2"> ${escapeHtml(array)} </td>` : `<td> ${escapeHtml(array)} </td><td> ${escapeHtml(chunk)} </td>`;
    return `<tr><th scope="row"> ${name} </th>${cells}</tr>`;
  });
  const picture = hasPicture(x.chunks) ? `<div role="img" aria-label="The array's chunks">${chunkSvg(x.chunks)}</div>` : "";
  return `<div class="ndloom-array"><style>${STYLE}</style><table>
<thead><tr><td> </td><th scope="col"> Array </th><th scope="col"> Chunk </th></tr></thead>
<tbody>
${rows.join("\n")}
</tbody>
</table>${picture}</div>`;
}
