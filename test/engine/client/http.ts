import { request } from "node:http";

/** What a server answered. */
export interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: string;
}

/** Asks as no browser would: any method, path and host name. `fetch` tidies them up. */
export function ask(link: string, path: string, options: { method?: string; host?: string; headers?: Record<string, string> } = {}): Promise<Answer> {
  const { hostname, port } = new URL(link);
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, path, method: options.method ?? "GET", headers: { ...(options.host === undefined ? {} : { host: options.host }), ...options.headers }, agent: false }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (piece) => (body += piece));
      response.on("end", () => resolve({ status: response.statusCode!, headers: response.headers, body }));
    });
    asked.on("error", reject);
    asked.end();
  });
}

/** The messages of a stream of server-sent events, parsed. */
export async function* events(body: ReadableStream<Uint8Array>): AsyncGenerator<any, void, undefined> {
  let text = "";
  for await (const piece of body.pipeThrough(new TextDecoderStream())) {
    text += piece;
    for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
      yield JSON.parse(text.slice(0, end).replace(/^data: /, ""));
      text = text.slice(end + 2);
    }
  }
}
