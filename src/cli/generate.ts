import { MAX_COUNT } from '../engine/tasks/paint.ts';
import type { Picture, Report } from '../engine/protocol.ts';
import { MAX_SEED, MAX_SIZE, normaliseSeed, type Recipe } from '../recipe.ts';
import { openEngine, type Engine } from './engine.ts';
import { captionsOf, COMMON, parse, required, stray, whole } from './options.ts';
import { makeFolder, paintAll, sayProgress, writeAll } from './pictures.ts';
import { sayDone, sayJson } from './say.ts';

/** Of one caption and its seeds; the mirror reads each. */
const MOST_TRIED = 1000;

/** `limn generate`: captions → pictures. */
export async function generate(args: readonly string[], signal: AbortSignal): Promise<void> {
  const { values: options } = parse(args, {
    ...COMMON,
    caption: { type: 'string' },
    captions: { type: 'string' },
    out: { type: 'string' },
    count: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    truncation: { type: 'string' },
    size: { type: 'string' },
    'best-of': { type: 'string', default: '1' },
  });
  const captions = await captionsOf(options.caption, options.captions);
  const recipe: Omit<Recipe, 'caption' | 'seed' | 'truncation'> = {
    version: 1,
    model: options.model,
    size: options.size === undefined ? 0 : whole('size', options.size, 1, MAX_SIZE),
  };
  const asked = stray(options.truncation);
  const count = whole('count', options.count, 1, MAX_COUNT);
  const tried = whole('best-of', options['best-of'], 1, MOST_TRIED);
  const firstSeed = whole('seed', options.seed, 0, MAX_SEED);
  const out = required(options.out, '--out DIR');
  await makeFolder(out);

  const engine = await openEngine(options, signal);
  const truncation = asked ?? engine.truncation;
  const begun = performance.now();
  // Every picture of a run has a seed of its own: captions that shared one would share its pose and background.
  const recipes = captions.flatMap((caption, i) =>
    Array.from({ length: count }, (_, k): Recipe => {
      const seed = normaliseSeed(firstSeed + (i * count + k) * tried);
      return { ...recipe, caption, seed, truncation };
    }),
  );
  const list = tried === 1 ? await paintAll(engine, recipes, out) : await bestOf(engine, recipes, tried, out);
  if (options.json) sayJson(list.map(({ recipe: { caption, seed }, ...rest }) => ({ caption, seed, ...rest })));
  else sayDone(list.length, out, begun, engine);
}

/** Of each recipe's `tried` seeds the picture that shows the caption best, by the mirror. */
async function bestOf(engine: Engine, recipes: readonly Recipe[], tried: number, out: string) {
  const list = [];
  for (const [i, recipe] of recipes.entries()) {
    const pictures = new Map<number, { picture: Picture; loss: number; similarity: number }>();
    const { order } = await engine.call('rank', { recipe, count: tried }, (report: Report<'rank'>) => {
      if (report.stage === 'picture') pictures.set(report.index, report);
    });
    const best = pictures.get(order[0] ?? -1);
    if (!best) throw new Error(`${recipe.caption}: nothing was painted`);
    const [written] = await writeAll([best.picture], out, i, recipes.length);
    if (written) list.push({ ...written, loss: best.loss, similarity: best.similarity });
    sayProgress(i + 1, recipes.length);
  }
  return list;
}
