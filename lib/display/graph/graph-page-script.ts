/** What makes the page of a graph move, in the browser: panning, zooming, searching, and telling what a node reads. */
export const PAGE_SCRIPT = `"use strict";
const graph = document.getElementById("graph");
const svg = graph.querySelector("svg");
const about = document.getElementById("about");
const search = document.getElementById("search");
const count = document.getElementById("count");
const titles = JSON.parse(document.getElementById("nodes").textContent);
const nodes = [...svg.querySelectorAll(".node")];
const edges = [...svg.querySelectorAll(".edge")].map((path) => ({ path, from: +path.dataset.from, to: +path.dataset.to }));
const reads = titles.map(() => []), readers = titles.map(() => []);
for (const edge of edges) reads[edge.to].push(edge), readers[edge.from].push(edge);
svg.querySelectorAll(".node > title").forEach((title) => title.remove());

const full = svg.viewBox.baseVal;
const whole = { x: full.x, y: full.y, width: full.width, height: full.height };
let view = { ...whole };
const show = () => svg.setAttribute("viewBox", [view.x, view.y, view.width, view.height].join(" "));
const scale = () => Math.max(view.width / svg.clientWidth, view.height / svg.clientHeight);
const pointAt = (event) => new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
function zoom(factor, at = { x: view.x + view.width / 2, y: view.y + view.height / 2 }) {
  const width = Math.min(whole.width * 4, Math.max(40, view.width * factor));
  const k = width / view.width;
  view = { x: at.x - (at.x - view.x) * k, y: at.y - (at.y - view.y) * k, width, height: view.height * k };
  show();
}
// A wide graph starts at a size that can be read, at its results.
function start() {
  view = { ...whole };
  if (scale() > 2.5) {
    view.width = Math.min(whole.width, svg.clientWidth * 1.25);
    view.height = Math.min(whole.height, svg.clientHeight * 1.25);
    view.x = (whole.width - view.width) / 2;
    view.y = 0;
  }
  show();
}

svg.addEventListener("wheel", (event) => {
  event.preventDefault();
  zoom(Math.exp(Math.max(-60, Math.min(60, event.deltaY)) * 0.004), pointAt(event));
}, { passive: false });
let grip;
svg.addEventListener("pointerdown", (event) => {
  grip = { x: event.clientX, y: event.clientY };
  svg.setPointerCapture(event.pointerId);
  svg.classList.add("moving");
});
svg.addEventListener("pointermove", (event) => {
  if (!grip) return;
  const k = scale();
  view.x -= (event.clientX - grip.x) * k;
  view.y -= (event.clientY - grip.y) * k;
  grip = { x: event.clientX, y: event.clientY };
  show();
});
for (const end of ["pointerup", "pointercancel"]) svg.addEventListener(end, () => { grip = undefined; svg.classList.remove("moving"); });

const some = (list) => list.slice(0, 12).concat(list.length > 12 ? ["… " + (list.length - 12) + " more"] : []);
const lines = (name, list) => list.length === 0 ? [] : ["", name + " " + list.length + ":", ...some(list).map((text) => "  " + text)];
// What a circle reads are boxes; what a box comes from is its circle: the keys told are those of the nodes next to it.
function choose(node) {
  graph.classList.toggle("chosen", node !== undefined);
  svg.querySelectorAll(".near").forEach((element) => element.classList.remove("near"));
  if (node === undefined) return void (about.textContent = "");
  nodes[node].classList.add("near");
  for (const { path, from, to } of [...reads[node], ...readers[node]]) for (const element of [path, nodes[from], nodes[to]]) element.classList.add("near");
  about.textContent = [titles[node][1], ...lines("reads", reads[node].map((e) => titles[e.from][1].split("\\n")[0])), ...lines("read by", readers[node].map((e) => titles[e.to][1].split("\\n")[0]))].join("\\n");
}
const nodeOf = (event) => event.target.closest?.(".node");
svg.addEventListener("pointerover", (event) => {
  if (grip) return;
  const node = nodeOf(event);
  choose(node ? +node.dataset.node : undefined);
});
svg.addEventListener("pointerleave", () => choose(undefined));

let found = [], next = 0;
search.addEventListener("input", () => {
  const text = search.value.trim().toLowerCase();
  nodes.forEach((node) => node.classList.remove("found"));
  found = text === "" ? [] : titles.flatMap(([label, title], i) => (label + " " + title).toLowerCase().includes(text) ? [i] : []);
  found.forEach((i) => nodes[i].classList.add("found"));
  next = 0;
  count.textContent = text === "" ? "" : found.length + " found";
});
search.addEventListener("keydown", (event) => {
  if (event.key === "Escape") search.value = "", search.dispatchEvent(new Event("input"));
  if (event.key !== "Enter" || found.length === 0) return;
  const node = found[next++ % found.length];
  const { x, y, width, height } = nodes[node].getBBox();
  const k = Math.min(1, svg.clientWidth / view.width);
  view.width *= k, view.height *= k;
  view.x = x + width / 2 - view.width / 2;
  view.y = y + height / 2 - view.height / 2;
  show();
  choose(node);
});
document.addEventListener("keydown", (event) => {
  if (event.target === search || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "/") event.preventDefault(), search.focus();
  else if (event.key === "+") zoom(0.8);
  else if (event.key === "-") zoom(1.25);
  else if (event.key === "0") start();
});
document.getElementById("closer").addEventListener("click", () => zoom(0.8));
document.getElementById("farther").addEventListener("click", () => zoom(1.25));
document.getElementById("whole").addEventListener("click", () => { view = { ...whole }; show(); });
start();
`;
