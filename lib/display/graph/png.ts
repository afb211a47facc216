import { UnsupportedError } from "../../errors/index.js";

/** What is used of @napi-rs/canvas, which draws SVG with Skia. */
interface Canvas {
  loadImage(source: Buffer): Promise<{ width: number; height: number }>;
  createCanvas(width: number, height: number): {
    getContext(kind: "2d"): { drawImage(image: object, x: number, y: number, width: number, height: number): void };
    encode(format: "png"): Promise<Buffer>;
  };
}

const PACKAGE: string = "@napi-rs/canvas";
/** Skia's largest side. */
const MOST_PIXELS = 32_767;

/** Draws an SVG document in pixels; with the optional package @napi-rs/canvas, as Node cannot. */
export async function pngOf(svg: string, scale: number): Promise<Uint8Array> {
  let canvas: Canvas;
  try {
    canvas = (await import(PACKAGE)) as Canvas;
  } catch (cause) {
    throw new UnsupportedError(`visualize: PNG needs the package ${PACKAGE}, which is not installed`, {
      cause, hint: `npm install ${PACKAGE}, or take the format "svg" or "html"`,
    });
  }
  const image = await canvas.loadImage(Buffer.from(svg));
  const width = Math.ceil(image.width * scale);
  const height = Math.ceil(image.height * scale);
  if (Math.max(width, height) > MOST_PIXELS) {
    throw new UnsupportedError(`visualize: expected a PNG of at most ${MOST_PIXELS} pixels a side, got ${width} × ${height}`, { hint: 'take the format "svg" or "html"' });
  }
  const target = canvas.createCanvas(width, height);
  target.getContext("2d").drawImage(image, 0, 0, width, height);
  return target.encode("png");
}
