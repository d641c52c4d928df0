/** Painted pictures → files. What only an export needs comes when one is asked for. */
import { encodeApng } from '../../image/apng.ts';
import { encodePng, RECIPE, textChunk } from '../../image/png.ts';
import type { Upscaling } from '../../permalink.ts';
import type { Recipe } from '../../recipe.ts';
import type { Write } from '../../state/export.ts';
import type { Film, Sheet } from '../../state/film.ts';
import { enlarged } from '../../ui/upscale.ts';
import { waySheet } from './sheet.ts';

export interface Frame {
  /** Of a walk; a tour's own stops go beside it. */
  readonly recipe: Recipe;
  /** What else a file says, by keyword. */
  readonly notes: Readonly<Record<string, unknown>>;
  readonly title: string;
  readonly factor: number;
  readonly upscaling: Upscaling;
}

export function writeApng(film: Film, { recipe, notes, factor, upscaling }: Frame): Write {
  return async (pictures, { signal, report }) => {
    const { frames, rate } = film;
    const bytes = await encodeApng(
      {
        frames,
        picture: (index) => enlarged(of(pictures, index).pixels, factor, upscaling),
        delay: 1000 / rate,
        recipe,
        others: chunksOf(notes),
      },
      { signal, report: (done) => report(done, frames.length) },
    );
    return new Blob([bytes], { type: 'image/png' });
  };
}

export function writeVideo(film: Film, { recipe, notes, title, factor, upscaling }: Frame): Write {
  return async (pictures, options) => {
    const { encodeVideo } = await import('./video.ts');
    const { frames, rate } = film;
    const pixels = frames.map((index) => of(pictures, index).pixels);
    // The keywords of a PNG file.
    const comment = JSON.stringify({ [RECIPE]: recipe, ...notes });
    return encodeVideo({ pixels, rate, factor, upscaling, title, comment }, options);
  };
}

export function writeSheet({ columns }: Sheet, { recipe, notes, title, factor, upscaling }: Frame): Write {
  return async (pictures, { report }) => {
    const sheet = waySheet(
      pictures.map(({ pixels }) => pixels),
      { columns, title, factor, upscaling },
    );
    const bytes = await encodePng(sheet, recipe, chunksOf(notes));
    report(1, 1);
    return new Blob([bytes], { type: 'image/png' });
  };
}

const chunksOf = (notes: Frame['notes']) =>
  Object.entries(notes).map(([keyword, note]) => textChunk(keyword, JSON.stringify(note)));

function of<T>(list: readonly T[], index: number): T {
  const one = list[index];
  if (one === undefined) throw new Error(`a film has no picture ${index}`);
  return one;
}
