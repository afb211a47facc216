import { escapeHtml } from "../html.js";
import { PAGE_SCRIPT } from "./graph-page-script.js";
import type { Picture } from "./picture.js";

const STYLE = `:root{color-scheme:light dark;--page:#fff;--text:#1b2430;--line:#d5dbe3;--mark:#d9480f}
@media (prefers-color-scheme:dark){:root{--page:#14181f;--text:#e6ebf2;--line:#39424f;--mark:#ff922b}}
*{box-sizing:border-box}html,body{height:100%;margin:0;background:var(--page);color:var(--text);font:14px/1.4 system-ui,sans-serif}
body{display:flex;flex-direction:column}
header{display:flex;gap:.6em;align-items:center;padding:.5em .8em;border-bottom:1px solid var(--line)}
header h1{font-size:1em;margin:0;flex:1;font-weight:600}
input,button{font:inherit;color:inherit;background:transparent;border:1px solid var(--line);border-radius:4px;padding:.25em .6em}
button{cursor:pointer;min-width:2.2em}input{width:min(22em,40vw)}:focus-visible{outline:2px solid var(--mark);outline-offset:1px}
#graph{flex:1;min-height:0;position:relative}#graph svg{width:100%;height:100%;display:block;touch-action:none;cursor:grab;user-select:none}
#graph svg.moving{cursor:grabbing}#graph .caption{display:none}
#graph .near .shape,#graph .found .shape{stroke:var(--mark)!important;stroke-width:2.5}
#graph .edge.near{stroke:var(--mark)!important;fill:var(--mark)!important;stroke-width:2}#graph.chosen .node:not(.near),#graph.chosen .edge:not(.near){opacity:.35}
#about{position:fixed;right:.8em;bottom:.8em;max-width:min(46em,90vw);max-height:40vh;overflow:auto;margin:0;padding:.6em .8em;white-space:pre-wrap;overflow-wrap:anywhere;
background:var(--page);border:1px solid var(--line);border-radius:6px;font:12px/1.45 ui-monospace,Menlo,Consolas,monospace}#about:empty{display:none}`;

/** A picture as a page to move about in: it needs nothing from anywhere else, and its policy lets nothing in. */
export function graphPage(picture: Picture, svg: string): string {
  const titles = JSON.stringify(picture.nodes.map(({ label, title }) => [label, title])).replace(/</g, "\\u003c");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>${escapeHtml(picture.title)}</title>
<style>${STYLE}</style>
</head>
<body>
<header><h1>${escapeHtml(picture.title)}</h1><input id="search" type="search" placeholder="Search keys ( / )" aria-label="Search keys"><output id="count" for="search"></output>
<button id="closer" aria-label="Closer">+</button><button id="farther" aria-label="Farther">−</button><button id="whole">Whole graph</button></header>
<main id="graph">${svg}</main>
<pre id="about" aria-live="polite"></pre>
<script type="application/json" id="nodes">${titles}</script>
<script>${PAGE_SCRIPT}</script>
</body>
</html>
`;
}
