import { MAX_SEED, MAX_SIZE, type Recipe } from '../recipe.ts';
import { openEngine } from './engine.ts';
import { checkedCaption, COMMON, parse, required, stray, whole } from './options.ts';
import { makeFolder, paintAll } from './pictures.ts';
import { sayDone, sayJson } from './say.ts';
import { stylePair } from './styles.ts';

const MOST_STEPS = 1000;

/** `limn interpolate`: the way from one caption to another (GAN-INT), and from one z to another where there are two. */
export async function interpolate(args: readonly string[], signal: AbortSignal): Promise<void> {
  const { values: options } = parse(args, {
    ...COMMON,
    from: { type: 'string' },
    to: { type: 'string' },
    steps: { type: 'string', default: '9' },
    seed: { type: 'string', default: '1' },
    'to-seed': { type: 'string' },
    style: { type: 'string' },
    truncation: { type: 'string' },
    size: { type: 'string' },
    out: { type: 'string' },
  });
  const from = checkedCaption(required(options.from, '--from TEXT'), '--from');
  const to = checkedCaption(required(options.to, '--to TEXT'), '--to');
  const steps = whole('steps', options.steps, 2, MOST_STEPS);
  const seed = whole('seed', options.seed, 0, MAX_SEED);
  const toSeed = options['to-seed'] === undefined ? seed : whole('to-seed', options['to-seed'], 0, MAX_SEED);
  const styles = options.style === undefined ? undefined : await stylePair(options.style, options.model);
  const asked = stray(options.truncation);
  const recipe: Omit<Recipe, 'truncation'> = {
    version: 1,
    model: options.model,
    caption: from,
    seed,
    size: options.size === undefined ? 0 : whole('size', options.size, 1, MAX_SIZE),
    ...(styles && { style: styles.from }),
  };
  const out = required(options.out, '--out DIR');
  await makeFolder(out);

  const engine = await openEngine(options, signal);
  const truncation = asked ?? engine.truncation;
  const begun = performance.now();
  const ways = Array.from({ length: steps }, (_, i) => i / (steps - 1));
  const moves = toSeed !== seed || styles !== undefined;
  const recipes = ways.map((text): Recipe => {
    const end = { caption: to, seed: toSeed, ...(styles && { style: styles.to }) };
    return { ...recipe, truncation, towards: { ...end, text, noise: moves ? text : 0 } };
  });
  const written = await paintAll(engine, recipes, out);
  if (options.json) sayJson(written.map(({ file }, i) => ({ from, to, at: ways[i], file })));
  else sayDone(written.length, out, begun, engine);
}
