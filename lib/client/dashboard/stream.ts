import type { ServerResponse } from "node:http";
import type { Monitor } from "../monitor.js";

/** Milliseconds between two messages. */
const PERIOD_MS = 250;

/** Snapshots as server-sent events, to one viewer. A viewer that does not keep up misses some. */
export class EventStream {
  readonly #timer: NodeJS.Timeout;

  constructor(monitor: Monitor, private readonly response: ServerResponse) {
    const send = (): void => {
      if (!response.writableNeedDrain && !response.writableEnded) response.write(message(monitor));
    };
    send();
    this.#timer = setInterval(send, PERIOD_MS).unref();
    response.on("close", () => clearInterval(this.#timer));
  }
  end(): void {
    clearInterval(this.#timer);
    this.response.end();
  }

  /** The same as a web stream, until the signal aborts or the reader has enough. */
  static readable(monitor: Monitor, signal: AbortSignal): ReadableStream<Uint8Array> {
    const encoder = new TextEncoder();
    let timer: NodeJS.Timeout | undefined;
    const stop = (): void => clearInterval(timer);
    return new ReadableStream<Uint8Array>({
      start(controller) {
        const send = (): void => {
          if ((controller.desiredSize ?? 0) > 0) controller.enqueue(encoder.encode(message(monitor)));
        };
        send();
        timer = setInterval(send, PERIOD_MS).unref();
        signal.addEventListener("abort", () => {
          stop();
          controller.close();
        }, { once: true });
      },
      cancel: stop,
    });
  }
}

const message = (monitor: Monitor): string => `data: ${JSON.stringify(monitor.snapshot())}\n\n`;
