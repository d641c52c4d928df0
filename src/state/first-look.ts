/** What S answers at once: the z of a square of a picture, and what the model paints from it. */
import type { Engine } from '../engine/client.ts';
import type { LoadProgress, Pixels } from '../engine/protocol.ts';
import { resizeSquare, type Square } from '../image/resize.ts';
import { cleanCaption, roundZ } from '../recipe.ts';
import { captionFault } from '../text/alphabet.ts';
import type { Model } from './catalogue.ts';
import type { Found } from './style.ts';

interface Shown {
  readonly pixels: Pixels;
  readonly square: Square;
  /** As typed. */
  readonly caption: string;
}

interface Watch {
  readonly signal: AbortSignal;
  readonly show: (progress: LoadProgress) => void;
}

/** Rejects with LimnError. */
export async function firstLook(
  engine: Engine,
  model: Model,
  { pixels, square, caption: typed }: Shown,
  { signal, show }: Watch,
): Promise<Found> {
  const looked = resizeSquare(pixels, square, sizeSeen(model));
  const caption = readable(typed);
  const input = { model: model.id, pixels: looked, caption, steps: 0, restarts: 0, seed: 0 };
  const { z, first } = await engine.call('invert', input, {
    signal,
    report: (progress) => {
      if (!signal.aborted && progress.stage !== 'search') show(progress);
    },
  });
  return { model: model.id, looked, caption, refined: null, use: 'first', first: { ...first, z: roundZ(z) } };
}

/** The edge of what S looks at: its configuration tells, where the model paints several sizes. */
function sizeSeen({ config, sizes }: Model): number {
  const { style } = config;
  const size = typeof style === 'object' && style !== null && 'size' in style ? style.size : undefined;
  return sizes.find((one) => one === size) ?? Math.max(...sizes);
}

/** A caption that a text encoder can read, or ''. */
export function readable(caption: string): string {
  return captionFault(caption) ? '' : cleanCaption(caption);
}
