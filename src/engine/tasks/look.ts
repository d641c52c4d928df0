/** A recipe's picture, stage by stage, and which words each of its places listened to (Qiao et al. 2019, section 3.2). */
import { tensor2d, type Tensor4D } from '@tensorflow/tfjs-core';
import { LimnError } from '../../failure.ts';
import { parseRecipe, type Recipe } from '../../recipe.ts';
import { breathe } from '../breathe.ts';
import type { InStages } from '../catalogue.ts';
import { noiseOf } from '../noise.ts';
import type { AttentionMaps, Input, Output, Report } from '../protocol.ts';
import type { Loaded } from '../session.ts';
import { sentencesOf, sizeOf } from './paint.ts';
import { paintInStages } from './stages.ts';

interface LookOptions {
  readonly signal: AbortSignal;
  readonly report: (report: Report<'look'>) => void;
  readonly now: () => number;
}

export async function lookTask(
  loaded: Loaded,
  { recipe }: Input<'look'>,
  { signal, report, now }: LookOptions,
): Promise<Output<'look'>> {
  const begun = now();
  const { painter } = loaded;
  const { stages, sizes, zLength } = painter;
  if (!stages) throw refuse('its model does not paint in stages');
  const checked = parseRecipe(recipe);
  const last = sizes.indexOf(sizeOf(loaded, checked));
  const heard = wordsOf(stages, checked);
  // A style of another model is refused before there is a tensor.
  const noise = noiseOf(checked, zLength);
  const said = sentencesOf(loaded, [checked]);
  const z = tensor2d(noise, [1, zLength]);
  const hear = async (): Promise<void> => {
    await breathe();
    if (signal.aborted) throw new LimnError({ kind: 'cancelled' });
  };
  try {
    await hear();
    for await (const { index, pixels, maps } of paintInStages(stages, z, said, last)) {
      const attention = maps && (await mapsOf(maps, heard.slots));
      report({ stage: 'picture', index, pixels, ...(attention && { attention }) });
      await hear();
    }
  } finally {
    z.dispose();
    said.dispose();
  }
  return { words: heard.words, milliseconds: now() - begun };
}

interface Heard {
  readonly words: string[];
  /** Where each of them lies among the maps. */
  readonly slots: number[];
}

/** The words that count: of both captions where the picture lies between two. */
function wordsOf({ words, slots }: InStages, { caption, towards }: Recipe): Heard {
  const from = (text: string, first: number): Heard => {
    const split = words(text);
    return { words: [...split], slots: split.map((_, i) => first + i) };
  };
  const t = towards?.text ?? 0;
  const here = t < 1 ? from(caption, 0) : { words: [], slots: [] };
  const there = towards && t > 0 ? from(towards.caption, slots) : { words: [], slots: [] };
  return { words: [...here.words, ...there.words], slots: [...here.slots, ...there.slots] };
}

/** maps [1,h,w,T] → the columns of `slots` */
async function mapsOf(maps: Tensor4D, slots: readonly number[]): Promise<AttentionMaps> {
  const [, height, width, all] = maps.shape;
  const found = await maps.data<'float32'>();
  const values = new Float32Array(width * height * slots.length);
  for (let place = 0; place < width * height; place++) {
    for (const [i, slot] of slots.entries()) values[place * slots.length + i] = found[place * all + slot] ?? NaN;
  }
  if (!values.every(Number.isFinite)) throw new LimnError({ kind: 'wrong-numbers', detail: 'attention is no number' });
  return { width, height, values };
}

const refuse = (detail: string): LimnError => new LimnError({ kind: 'bad-recipe', detail });
