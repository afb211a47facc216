import type { ServerResponse } from "node:http";
import type { Monitor } from "../monitor.js";
import type { TaskSpan } from "../task-stream.js";

/** Milliseconds between two messages: while something happens, and while nothing does. */
const PERIOD_MS = 250;
const IDLE_PERIOD_MS = 1000;

/** Snapshots and what ran in between, as server-sent events for one viewer. A viewer that does not keep up misses messages, not tasks. */
class Feed {
  #position = 0;
  #sentMs = -Infinity;

  constructor(private readonly monitor: Monitor) {}

  /** The next message; undefined while there is no news. */
  next(): string | undefined {
    const snapshot = this.monitor.snapshot();
    const spans = this.monitor.stream.since(this.#position);
    if (spans.length === 0 && this.monitor.running === 0 && snapshot.nowMs - this.#sentMs < IDLE_PERIOD_MS) return undefined;
    this.#position = this.monitor.stream.end;
    this.#sentMs = snapshot.nowMs;
    return `data: ${JSON.stringify({ ...snapshot, spans: spans.map(packed) })}\n\n`;
  }
}

/** A span as the page reads it: few bytes, since there are thousands. */
const packed = ({ thread, run, layer, startMs, endMs, tasks, bytes }: TaskSpan): number[] => [thread, run, layer, Number(startMs.toFixed(2)), Number((endMs - startMs).toFixed(3)), tasks, bytes];

/** Sends to a viewer until either side ends it. Returns what ends it from here. */
export function sendFeed(monitor: Monitor, response: ServerResponse): () => void {
  const feed = new Feed(monitor);
  const send = (): void => {
    if (response.writableNeedDrain || response.writableEnded || monitor.closed) return;
    const message = feed.next();
    if (message !== undefined) response.write(message);
  };
  send();
  const timer = setInterval(send, PERIOD_MS).unref();
  response.on("close", () => clearInterval(timer));
  return () => {
    clearInterval(timer);
    response.end();
  };
}

/** The same as a web stream: until the reader has enough, the request is aborted or the client is shut down. */
export function feedStream(monitor: Monitor, request: AbortSignal): ReadableStream<Uint8Array> {
  const feed = new Feed(monitor);
  const encoder = new TextEncoder();
  const ends = [request, monitor.engine.closing];
  let stop = (): void => {};
  return new ReadableStream<Uint8Array>({
    start(controller) {
      const send = (): void => {
        if ((controller.desiredSize ?? 0) <= 0) return;
        const message = feed.next();
        if (message !== undefined) controller.enqueue(encoder.encode(message));
      };
      const end = (): void => {
        stop();
        controller.close();
      };
      send();
      const timer = setInterval(send, PERIOD_MS).unref();
      stop = () => {
        clearInterval(timer);
        for (const signal of ends) signal.removeEventListener("abort", end);
      };
      for (const signal of ends) signal.addEventListener("abort", end);
    },
    cancel: () => stop(),
  });
}
