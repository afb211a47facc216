import type { Picture } from "./picture.js";

/** What the colours of a graph tell. */
export type GraphColor = "order" | "memory" | "layer";
export const GRAPH_COLORS: readonly GraphColor[] = ["order", "memory", "layer"];

/** A light colour for each node, so that dark text reads on all of them; none without `by`. */
export function colorsOf({ nodes }: Picture, by: GraphColor | undefined): (string | undefined)[] {
  if (by === undefined) return nodes.map(() => undefined);
  // A third of a turn by the golden ratio: neighbours in the list differ, and no two layers soon have the same.
  if (by === "layer") return nodes.map(({ group }) => hex((group * 137.508) % 360));
  const most = nodes.reduce((n, node) => Math.max(n, node[by]), 1);
  return nodes.map((node) => hex(240 - 230 * (node[by] / most)));
}

/** A hue as #rrggbb, saturation 0.75 and lightness 0.8. */
function hex(hue: number): string {
  const channel = (n: number): string => {
    const k = (n + hue / 30) % 12;
    const value = 0.8 - 0.15 * Math.max(-1, Math.min(k - 3, 9 - k, 1));
    return Math.round(255 * value).toString(16).padStart(2, "0");
  };
  return `#${channel(0)}${channel(8)}${channel(4)}`;
}
