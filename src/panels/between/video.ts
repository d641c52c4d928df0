/**
 * A film as a video file, by the browser's own encoder (WebCodecs): MP4 with H.264, which plays nearly everywhere, or
 * WebM where the browser has no encoder for that.
 */
import {
  BufferTarget,
  CanvasSource,
  getFirstEncodableVideoCodec,
  Mp4OutputFormat,
  Output,
  Quality,
  WebMOutputFormat,
} from 'mediabunny';
import type { Pixels } from '../../engine/protocol.ts';
import type { Upscaling } from '../../permalink.ts';
import { drawPixels } from '../../ui/upscale.ts';

interface Film {
  readonly pixels: readonly Pixels[];
  /** Frames a second. */
  readonly rate: number;
  readonly factor: number;
  readonly upscaling: Upscaling;
  readonly title: string;
  readonly comment: string;
}

interface Options {
  readonly signal: AbortSignal;
  readonly report: (done: number, total: number) => void;
}

export async function encodeVideo(film: Film, { signal, report }: Options): Promise<Blob> {
  const { pixels, rate, factor, upscaling, title, comment } = film;
  const [first] = pixels;
  if (!first) throw new Error('a film needs pictures');
  const canvas = document.createElement('canvas');
  canvas.width = first.width * factor;
  canvas.height = first.height * factor;
  const size = { width: canvas.width, height: canvas.height };
  const codec = await getFirstEncodableVideoCodec(['avc', 'vp9', 'vp8', 'av1'], size);
  if (!codec) throw new Error('this browser has no encoder for a video of this size');
  const mp4 = codec === 'avc';
  const target = new BufferTarget();
  const output = new Output({
    format: mp4 ? new Mp4OutputFormat({ fastStart: 'in-memory' }) : new WebMOutputFormat(),
    target,
  });
  const source = new CanvasSource(canvas, { codec, quality: new Quality('high') });
  output.addVideoTrack(source, { frameRate: rate });
  output.setMetadataTags({ title, comment });
  try {
    await output.start();
    for (const [i, picture] of pixels.entries()) {
      signal.throwIfAborted();
      drawPixels(canvas, picture, upscaling);
      await source.add(i / rate, 1 / rate);
      report(i + 1, pixels.length);
    }
    await output.finalize();
  } catch (thrown) {
    await output.cancel();
    throw thrown;
  }
  if (!target.buffer) throw new Error('the encoder gave nothing');
  return new Blob([target.buffer], { type: mp4 ? 'video/mp4' : 'video/webm' });
}
