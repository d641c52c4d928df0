/** The way between captions as rows of pictures on paper, the captions above them. */
import type { Pixels } from '../../engine/protocol.ts';
import { sheetOf } from '../../image/sheet.ts';
import type { Upscaling } from '../../permalink.ts';
import { textPixels } from '../../ui/text-pixels.ts';
import { enlarged } from '../../ui/upscale.ts';

interface Options {
  readonly columns: number;
  readonly title: string;
  readonly factor: number;
  readonly upscaling: Upscaling;
}

const PAPER = [250, 248, 244] as const;

export function waySheet(pictures: readonly Pixels[], { columns, title, factor, upscaling }: Options): Pixels {
  const edge = (pictures[0]?.width ?? 1) * factor;
  const gap = Math.round(edge / 16);
  const size = Math.max(16, Math.round(edge / 10));
  const width = columns * (edge + gap) + gap;
  // Two lines, as most ways between two captions need.
  const words = textPixels(title, { width: width - 2 * gap, height: Math.ceil(2.7 * size), size, align: 'left' });
  const top = words.height + 2 * gap;
  const height = top + Math.ceil(pictures.length / columns) * (edge + gap);
  const placed = pictures.map((pixels, i) => ({
    picture: enlarged(pixels, factor, upscaling),
    left: gap + (i % columns) * (edge + gap),
    top: top + Math.floor(i / columns) * (edge + gap),
  }));
  return sheetOf({ width, height }, [{ picture: words, left: gap, top: gap }, ...placed], PAPER);
}
