/** The mirror on one backend: what a caption takes, and a step of improving. The same under Node and in a page. */
import type { Host } from '../../src/engine/host.ts';
import type { Pixels } from '../../src/engine/protocol.ts';
import type { Recipe } from '../../src/recipe.ts';
import { median, round } from './measure.ts';

export interface MirrorFigures {
  /** Milliseconds; the first one compiles. */
  readonly firstCaptionMs: number;
  readonly captionMs: number;
  readonly words: number;
  readonly firstStepMs: number;
  readonly stepMs: number;
}

const WIDTH = 3;

/** The recipe's model must be loaded and come with a mirror. */
export async function timeMirror(host: Host, recipe: Recipe, quick: boolean): Promise<MirrorFigures> {
  const signal = new AbortController().signal;
  const painted: Pixels[] = [];
  await host('generate', { recipe, count: 1 }, { signal, report: ({ picture }) => painted.push(picture.pixels) });
  const [pixels] = painted;
  if (!pixels) throw new Error('nothing was painted');

  const captions: number[] = [];
  let words = 0;
  for (let i = 0; i < (quick ? 4 : 12); i++) {
    const input = { model: recipe.model, pixels, width: WIDTH };
    const read = await host('mirror', input, { signal, report: () => undefined });
    captions.push(read.milliseconds);
    words = read.words.length;
  }

  const steps: number[] = [];
  let last = performance.now();
  const report = (): void => {
    const now = performance.now();
    steps.push(now - last);
    last = now;
  };
  await host('improve', { recipe, steps: quick ? 3 : 12 }, { signal, report });
  const [firstCaption = NaN, ...others] = captions;
  // The first report comes before any step is made, with both ways computed; the last step has no way back.
  const [firstStep = NaN, ...between] = steps;
  return {
    firstCaptionMs: round(firstCaption),
    captionMs: round(median(others)),
    words,
    firstStepMs: round(firstStep),
    stepMs: round(median(between.slice(0, -1))),
  };
}
