import { MAX_SIZE, type Recipe, type Style } from '../recipe.ts';
import { openEngine } from './engine.ts';
import { invertPicture, SEARCH, searchOf, shownOf } from './invert.ts';
import { captionsOf, COMMON, number, parse, required, stray, whole } from './options.ts';
import { makeFolder, paintAll, readPicture } from './pictures.ts';
import { sayDone, sayJson } from './say.ts';
import { isStyleFile, readStyle } from './styles.ts';

/** `limn restyle`: captions in the style of a picture (Reed et al. 2016, section 4.4), or of one that was inverted before. */
export async function restyle(args: readonly string[], signal: AbortSignal): Promise<void> {
  const { values: options } = parse(args, {
    ...COMMON,
    ...SEARCH,
    style: { type: 'string' },
    shows: { type: 'string', default: '' },
    strength: { type: 'string', default: '1' },
    caption: { type: 'string' },
    captions: { type: 'string' },
    truncation: { type: 'string' },
    size: { type: 'string' },
    out: { type: 'string' },
  });
  const file = required(options.style, '--style FILE');
  const captions = await captionsOf(options.caption, options.captions);
  const settings = { ...searchOf(options), caption: shownOf(options.shows, '--shows') };
  const strength = number('strength', options.strength, 1);
  const asked = stray(options.truncation);
  const size = options.size === undefined ? 0 : whole('size', options.size, 1, MAX_SIZE);
  const out = required(options.out, '--out DIR');
  const { model } = options;
  const known = (await isStyleFile(file)) ? await readStyle(file, model, strength) : undefined;
  await makeFolder(out);

  const engine = await openEngine(options, signal);
  const truncation = asked ?? engine.truncation;
  const begun = performance.now();
  const style = known ?? (await styleOf(file));
  // One seed for all: what is drawn beside the style should not differ either.
  const { seed } = settings;
  const recipes = captions.map((caption): Recipe => ({ version: 1, model, caption, seed, truncation, size, style }));
  const written = await paintAll(engine, recipes, out);
  if (options.json) {
    sayJson(written.map(({ recipe, file }) => ({ caption: recipe.caption, seed, strength, file })));
  } else sayDone(written.length, out, begun, engine);

  async function styleOf(picture: string): Promise<Style> {
    const pixels = await readPicture(picture, engine.reads('style'));
    const { z } = await invertPicture(engine, model, pixels, settings);
    return { z, strength };
  }
}
