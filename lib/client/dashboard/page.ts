// The status page: one document without anything from elsewhere, whose script draws what `/events` tells. Style and script are written for
// browsers as they stand; the server names their digests, so that a page can run nothing else.

export const PAGE_STYLE = `
:root{color-scheme:light dark;--ink:#1b1f24;--soft:#57606a;--paper:#fff;--card:#f5f6f8;--line:#d9dde2;--held:#2f6fb0;--near:#c96f00;--spilled:#8a8f98;--busy:#2f7d4f}
@media (prefers-color-scheme:dark){:root{--ink:#e6e9ed;--soft:#9aa4af;--paper:#14171a;--card:#1d2125;--line:#333a41;--held:#5b9bd8;--near:#f0a030;--spilled:#7d848c;--busy:#55b57d}}
*{box-sizing:border-box}body{margin:0;padding:1rem;font:15px/1.45 system-ui,sans-serif;background:var(--paper);color:var(--ink)}
h1{font-size:1.25rem;margin:0 0 .25rem}h2{font-size:1rem;margin:0 0 .5rem}h3{font-size:.95rem;font-weight:600;margin:.8rem 0 .2rem}p{margin:.25rem 0;color:var(--soft)}a{color:inherit}
main{display:grid;gap:1rem;grid-template-columns:repeat(auto-fit,minmax(min(100%,24rem),1fr));margin-top:1rem}
section{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.8rem;min-width:0}section.wide{grid-column:1/-1}
.row{display:grid;grid-template-columns:5rem 1fr 12rem;gap:.6rem;align-items:center;margin:.3rem 0;font-variant-numeric:tabular-nums}
.row.layer{grid-template-columns:minmax(6rem,20rem) 1fr 3.5rem}
.row>span:first-child{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}.row>span:last-child{text-align:right;color:var(--soft)}
.bar{position:relative;height:.9rem;background:color-mix(in srgb,var(--ink) 10%,transparent);border-radius:.2rem;overflow:hidden}
.bar i{position:absolute;inset:0 auto 0 0;background:var(--busy)}.bar i.held{background:var(--held)}.bar i.near{background:var(--near)}.bar i.spilled{background:var(--spilled)}
.bar b{position:absolute;top:0;bottom:0;left:80%;border-left:2px dashed var(--near)}
.key i{display:inline-block;width:.8em;height:.8em;border-radius:.15em;margin-right:.35em;vertical-align:-.05em}.key span{display:inline-block;margin-right:.9em}
.key .held{background:var(--held)}.key .near{background:var(--near)}.key .spilled{background:var(--spilled)}
#stream{position:relative}canvas{display:block;width:100%}
#tip{position:absolute;pointer-events:none;max-width:min(22rem,90%);padding:.3rem .5rem;border-radius:.3rem;background:var(--ink);color:var(--paper);font-size:13px}
#state{display:inline-block;padding:0 .5em;border-radius:1em;border:1px solid currentColor;font-weight:400}
@media (max-width:30rem){.row{grid-template-columns:4.5rem 1fr 6.5rem}.row.layer{grid-template-columns:7.5rem 1fr 3.5rem}}
`;

export const PAGE_SCRIPT = `
"use strict";
const WINDOW_MS = 10000, ROW = 18, GAP = 4, LEFT = 74, NEAR = 0.8;
const $ = (id) => document.getElementById(id);
const UNITS = ["B", "kiB", "MiB", "GiB", "TiB"];
const bytes = (n) => { let u = 0; while (n >= 922 && u < 4) { n /= 1024; u++; } return (u ? n.toFixed(2) : n) + " " + UNITS[u]; };
const percent = (x) => Math.round(100 * x) + " %";
const time = (ms) => ms < 1000 ? ms.toFixed(ms < 10 ? 2 : 0) + " ms" : (ms / 1000).toFixed(1) + " s";
const count = (n, what) => n.toLocaleString("en") + " " + what + (n === 1 ? "" : "s");
const colour = (run, layer) => "hsl(" + ((run * 47 + layer * 137) % 360) + " 55% " + (dark.matches ? 62 : 45) + "%)";
const dark = matchMedia("(prefers-color-scheme: dark)");

function make(tag, text, cls) {
  const e = document.createElement(tag);
  if (text !== undefined) e.textContent = text;
  if (cls) e.className = cls;
  return e;
}
function row(name, share, text, options) {
  const e = make("div", undefined, options.layer ? "row layer" : "row"), label = make("span", name), bar = make("div", undefined, "bar"), inner = make("i", undefined, options.cls);
  label.title = name;
  bar.setAttribute("role", "meter"); bar.setAttribute("aria-label", name); bar.setAttribute("aria-valuetext", text);
  bar.setAttribute("aria-valuemin", "0"); bar.setAttribute("aria-valuemax", "100"); bar.setAttribute("aria-valuenow", String(Math.min(100, Math.round(share * 100))));
  inner.style.width = Math.min(100, share * 100) + "%";
  if (options.colour) inner.style.background = options.colour;
  bar.append(inner);
  if (options.mark) { const mark = make("b"); mark.title = "near the limit"; bar.append(mark); }
  e.append(label, bar, make("span", text));
  return e;
}
const memoryRow = (name, used, limit) => row(name, used / limit, bytes(used) + " of " + bytes(limit), { cls: used > NEAR * limit ? "near" : "held", mark: true });

function drawMemory(s) {
  const rows = [memoryRow("all", s.memory.bytes, s.memory.limitBytes)];
  if (s.memory.spilledBytes > 0) rows.push(row("on disk", s.memory.spilledBytes / s.memory.limitBytes, bytes(s.memory.spilledBytes), { cls: "spilled" }));
  s.workers.forEach((w, i) => rows.push(memoryRow("worker " + i, w.bytes, w.limitBytes)));
  rows.push(make("p", "At most " + bytes(s.memory.peakBytes) + " so far; " + bytes(s.memory.pooledBytes) + " kept for reuse. Workers share their memory: theirs is the share of what they wrote lately."));
  $("memory").replaceChildren(...rows);
}
function drawWork(s) {
  const rows = s.workers.map((w, i) => row("worker " + i, w.busy, percent(w.busy) + " of " + count(w.threads, "thread"), {}));
  rows.push(make("p", "CPU of the process: " + s.cores.toFixed(1) + " cores. Event loop delay (p99): " + s.eventLoopDelayMs.toFixed(1) + " ms."));
  rows.push(make("p", "Computes: " + s.ended.done + " done, " + s.ended.failed + " failed, " + s.ended.cancelled + " cancelled."));
  $("work").replaceChildren(...rows);
}
function drawProgress(s) {
  const rows = s.computes.length ? [] : [make("p", "Nothing has been computed yet.")];
  for (const c of s.computes.slice().reverse()) {
    rows.push(make("h3", "Compute " + c.id + (c.label ? ", " + c.label : "") + ": " + c.state + ", " + time(c.elapsedMs)));
    c.layers.forEach((l, i) => {
      const share = l.total ? l.done / l.total : c.state === "done" ? 1 : 0;
      rows.push(row(l.name, share, percent(share), { layer: true, colour: colour(c.id, i) }));
    });
  }
  $("progress").replaceChildren(...rows);
}

let spans = [], names = new Map(), latest, boxes = [];
function keepSpans(s) {
  for (const [thread, run, layer, start, length, tasks, size] of s.spans) spans.push({ thread, run, layer, start, length, tasks, size });
  spans = spans.filter((x) => x.start + x.length > s.nowMs - WINDOW_MS);
  for (const c of s.computes) c.layers.forEach((l, i) => names.set(c.id + "." + i, l.name));
  if (names.size > 2000) names = new Map([...names].slice(-1000));
}
function drawStream(s) {
  const canvas = $("tasks"), threads = s.workers.reduce((n, w) => n + w.threads, 0), width = canvas.clientWidth, height = threads * (ROW + GAP) + 18, scale = devicePixelRatio || 1;
  canvas.style.height = height + "px"; canvas.width = width * scale; canvas.height = height * scale;
  const g = canvas.getContext("2d"), css = getComputedStyle(document.documentElement), soft = css.getPropertyValue("--soft");
  const x = (t) => LEFT + (width - LEFT) * (1 - (s.nowMs - t) / WINDOW_MS);
  g.scale(scale, scale); g.font = "12px system-ui, sans-serif"; g.textBaseline = "middle";
  for (let t = 0; t < threads; t++) {
    g.fillStyle = soft; g.fillText("thread " + t, 0, t * (ROW + GAP) + ROW / 2);
    g.fillStyle = css.getPropertyValue("--line"); g.globalAlpha = .5; g.fillRect(LEFT, t * (ROW + GAP), width - LEFT, ROW); g.globalAlpha = 1;
  }
  boxes = spans.map((span) => {
    const left = Math.max(LEFT, x(span.start)), right = Math.max(left + .5, x(span.start + span.length)), top = span.thread * (ROW + GAP);
    g.fillStyle = colour(span.run, span.layer); g.fillRect(left, top, right - left, ROW);
    return { span, left, right, top };
  });
  g.fillStyle = soft; g.textAlign = "center";
  for (let k = 2; k <= 8; k += 2) g.fillText("\\u2212" + (10 - k) + " s", x(s.nowMs - WINDOW_MS + k * 1000), height - 8);
  g.textAlign = "right"; g.fillText("now", width, height - 8);
  const tasks = spans.reduce((n, span) => n + span.tasks, 0);
  canvas.setAttribute("aria-label", "Tasks over the last ten seconds, one row for each of " + threads + " threads: " + count(tasks, "task"));
  $("tasks-text").textContent = tasks ? count(tasks, "task") + " in the last ten seconds; colours as in the progress below. Point at one to see what it is." : "No task has run in the last ten seconds.";
}
function showTip(event) {
  const tip = $("tip"), frame = $("tasks").getBoundingClientRect(), px = event.clientX - frame.left, py = event.clientY - frame.top;
  const hit = boxes.findLast((b) => py >= b.top && py <= b.top + ROW && px >= b.left - 1.5 && px <= b.right + 1.5);
  tip.hidden = !hit;
  if (!hit) return;
  const { span } = hit;
  tip.textContent = (names.get(span.run + "." + span.layer) || "layer " + span.layer) + " (compute " + span.run + "): " + (span.tasks > 1 ? count(span.tasks, "task") + ", " : "") + time(span.length) + ", wrote " + bytes(span.size);
  tip.style.left = Math.max(0, Math.min(px, frame.width - tip.offsetWidth)) + "px";
  tip.style.top = hit.top + ROW + 4 + "px";
}
$("tasks").addEventListener("pointermove", showTip);
$("tasks").addEventListener("pointerdown", showTip);
$("tasks").addEventListener("pointerleave", () => { $("tip").hidden = true; });

function setState(text) { if ($("state").textContent !== text) $("state").textContent = text; }
function draw(s) {
  latest = s;
  setState(s.computes.some((c) => ["planning", "queued", "running"].includes(c.state)) ? "computing" : "idle");
  drawMemory(s); drawWork(s); drawStream(s); drawProgress(s);
}
addEventListener("resize", () => { if (latest) drawStream(latest); });
dark.addEventListener("change", () => { if (latest) draw(latest); });
for (const link of document.querySelectorAll("a")) link.search = location.search;
const source = new EventSource("events" + location.search);
source.onopen = () => { spans = []; };
source.onmessage = (event) => { const s = JSON.parse(event.data); keepSpans(s); draw(s); };
source.onerror = () => setState("not connected");
`;

const PAGE = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>ndloom status</title><link rel="icon" href="data:,"><style>${PAGE_STYLE}</style></head>
<body><h1>ndloom <span id="state" role="status">connecting</span></h1>
<p>Memory and work of a client, live. For machines: <a href="metrics">metrics</a>, <a href="health">health</a>.</p>
<noscript><p>This page needs scripts; <a href="metrics">metrics</a> does not.</p></noscript>
<main>
<section><h2>Memory by worker</h2><div id="memory"></div><p class="key"><span><i class="held"></i>held</span> <span><i class="near"></i>near the limit (above 80 %)</span> <span><i class="spilled"></i>spilled to disk</span></p></section>
<section><h2>Work by worker, last second</h2><div id="work"></div></section>
<section class="wide"><h2>Task stream</h2><div id="stream"><canvas id="tasks" role="img" aria-label="Tasks over time"></canvas><div id="tip" role="tooltip" hidden></div></div><p id="tasks-text"></p></section>
<section class="wide"><h2>Progress by layer</h2><div id="progress"></div></section>
</main><script>${PAGE_SCRIPT}</script></body></html>
`;

export const statusPage = (): string => PAGE;
