/** The status page: one document without anything from elsewhere; its script draws what `/events` tells. */
export const statusPage = (): string => PAGE;

const STYLE = `
:root{color-scheme:light dark;--ink:#1b1f24;--soft:#5b6570;--paper:#fff;--card:#f5f6f8;--line:#d9dde2;--ok:#2f7d4f;--near:#c96f00;--spilled:#8a8f98}
@media (prefers-color-scheme:dark){:root{--ink:#e6e9ed;--soft:#9aa4af;--paper:#14171a;--card:#1d2125;--line:#333a41;--ok:#55b57d;--near:#f0a030;--spilled:#7d848c}}
*{box-sizing:border-box}body{margin:0;padding:1rem;font:15px/1.45 system-ui,sans-serif;background:var(--paper);color:var(--ink)}
h1{font-size:1.25rem;margin:0 0 .25rem}h2{font-size:1rem;margin:0 0 .5rem}p{margin:.25rem 0;color:var(--soft)}
main{display:grid;gap:1rem;grid-template-columns:repeat(auto-fit,minmax(min(100%,22rem),1fr));margin-top:1rem}
section{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.8rem;min-width:0}section.wide{grid-column:1/-1}
.row{display:grid;grid-template-columns:6rem 1fr 9.5rem;gap:.6rem;align-items:center;margin:.3rem 0;font-variant-numeric:tabular-nums}
.row.layer{grid-template-columns:minmax(6rem,1.2fr) 1fr 5rem}.row>span:first-child{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.row>span:last-child{text-align:right;color:var(--soft)}
.bar{position:relative;height:.9rem;background:color-mix(in srgb,var(--ink) 10%,transparent);border-radius:.2rem;overflow:hidden}
.bar i{position:absolute;inset:0 auto 0 0;background:var(--ok)}.bar i.near{background:var(--near)}.bar i.spilled{background:var(--spilled)}
svg{display:block;width:100%;height:auto}svg text{fill:var(--soft);font-size:11px}
#state{display:inline-block;padding:0 .5em;border-radius:1em;border:1px solid currentColor}
`;

// Written for browsers as it stands: no build, no library.
const SCRIPT = `
const $ = (id) => document.getElementById(id);
const units = ["B", "kiB", "MiB", "GiB", "TiB"];
const bytes = (n) => { let u = 0; while (n >= 922 && u < 4) { n /= 1024; u++; } return (u ? n.toFixed(2) : n) + " " + units[u]; };
const percent = (x) => Math.round(100 * x) + " %";
const clear = (e) => { while (e.firstChild) e.removeChild(e.firstChild); return e; };
const make = (tag, text, cls) => { const e = document.createElement(tag); if (text !== undefined) e.textContent = text; if (cls) e.className = cls; return e; };
const svgOf = (tag, attributes) => { const e = document.createElementNS("http://www.w3.org/2000/svg", tag); for (const k in attributes) e.setAttribute(k, attributes[k]); return e; };
function bar(share, label, cls) {
  const outer = make("div", undefined, "bar"); outer.setAttribute("role", "meter"); outer.setAttribute("aria-valuenow", Math.round(share * 100));
  outer.setAttribute("aria-valuemin", 0); outer.setAttribute("aria-valuemax", 100); outer.setAttribute("aria-label", label);
  const inner = make("i", undefined, cls); inner.style.width = Math.min(100, share * 100) + "%"; outer.append(inner); return outer;
}
function row(name, share, text, cls, layer) {
  const e = make("div", undefined, layer ? "row layer" : "row"); const label = make("span", name); label.title = name;
  e.append(label, bar(share, name, cls), make("span", text)); return e;
}
const colour = (run, layer) => "hsl(" + ((run * 67 + layer * 139) % 360) + " 55% 50%)";
function draw(s) {
  $("state").textContent = s.computes.some((c) => c.state === "running") ? "computing" : "idle";
  const near = (share) => share > 0.8 ? "near" : "";
  const memory = clear($("memory"));
  memory.append(row("all", s.memory.bytes / s.memory.limitBytes, bytes(s.memory.bytes) + " of " + bytes(s.memory.limitBytes), near(s.memory.bytes / s.memory.limitBytes)));
  if (s.memory.spilledBytes) memory.append(row("on disk", s.memory.spilledBytes / s.memory.limitBytes, bytes(s.memory.spilledBytes), "spilled"));
  s.workers.forEach((w, i) => memory.append(row("worker " + i, w.bytes / w.limitBytes, bytes(w.bytes) + " of " + bytes(w.limitBytes), near(w.bytes / w.limitBytes))));
  memory.append(make("p", "Peak " + bytes(s.memory.peakBytes) + ", kept warm for reuse " + bytes(s.memory.pooledBytes)));
  const busy = clear($("busy"));
  s.workers.forEach((w, i) => busy.append(row("worker " + i, w.busy, percent(w.busy) + " of " + w.threads + (w.threads === 1 ? " thread" : " threads"))));
  busy.append(make("p", "Event loop delay (p99) " + s.eventLoopDelayMs.toFixed(1) + " ms. Ended: " + s.ended.done + " done, " + s.ended.failed + " failed, " + s.ended.cancelled + " cancelled."));
  const progress = clear($("progress"));
  if (!s.computes.length) progress.append(make("p", "Nothing has been computed yet."));
  for (const c of s.computes.slice().reverse()) {
    progress.append(make("p", "compute " + c.id + (c.label ? " (" + c.label + ")" : "") + ": " + c.state));
    for (const l of c.layers) progress.append(row(l.name, l.total ? l.done / l.total : 1, percent(l.total ? l.done / l.total : 1), "", true));
  }
  drawStream(s);
}
function drawStream(s) {
  const threads = s.workers.reduce((n, w) => n + w.threads, 0), height = 16, width = 1000, left = 70, windowMs = 5000;
  const stream = clear($("stream")); stream.setAttribute("viewBox", "0 0 " + width + " " + (threads * (height + 4) + 20));
  const end = s.nowMs, start = end - windowMs, x = (t) => left + (width - left) * (t - start) / windowMs;
  for (let t = 0; t < threads; t++) { const label = svgOf("text", { x: 0, y: t * (height + 4) + 12 }); label.textContent = "thread " + t; stream.append(label, svgOf("rect", { x: left, y: t * (height + 4), width: width - left, height, fill: "currentColor", opacity: .06 })); }
  const names = new Map(); for (const c of s.computes) c.layers.forEach((l, i) => names.set(c.id + "." + i, l.name));
  for (const span of s.spans) {
    if (span.endMs < start) continue;
    const from = Math.max(start, span.startMs), r = svgOf("rect", { x: x(from), y: span.thread * (height + 4), width: Math.max(.5, x(span.endMs) - x(from)), height, fill: colour(span.run, span.layer) });
    const title = svgOf("title"); title.textContent = (names.get(span.run + "." + span.layer) || "layer " + span.layer) + ", " + (span.endMs - span.startMs).toFixed(2) + " ms, " + bytes(span.bytes); r.append(title); stream.append(r);
  }
  for (let k = 0; k <= 5; k++) { const label = svgOf("text", { x: x(start + k * 1000), y: threads * (height + 4) + 14, "text-anchor": k === 5 ? "end" : "middle" }); label.textContent = k === 5 ? "latest" : "−" + (5 - k) + " s"; stream.append(label); }
}
const source = new EventSource("events" + location.search);
source.onmessage = (event) => draw(JSON.parse(event.data));
source.onerror = () => { $("state").textContent = "not connected"; };
`;

const PAGE = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>ndloom status</title><style>${STYLE}</style></head>
<body><h1>ndloom <span id="state" role="status">connecting</span></h1><p>Live: memory and work of this client's engine. <a href="metrics">metrics</a>, <a href="health">health</a></p>
<main>
<section><h2>Memory by worker</h2><div id="memory"></div></section>
<section><h2>Work by worker, last second</h2><div id="busy"></div></section>
<section class="wide"><h2>Task stream</h2><svg id="stream" role="img" aria-label="Tasks over time, one row a thread, coloured by layer"></svg></section>
<section class="wide"><h2>Progress by layer</h2><div id="progress"></div></section>
</main><script>${SCRIPT}</script></body></html>
`;
