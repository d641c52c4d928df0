/** Pictures and captions → a run in the store, with all that is read of them once: sentences, and what is known. */
import { LimnError } from '../../failure.ts';
import { cleanCaption } from '../../recipe.ts';
import { captionFault } from '../../text/alphabet.ts';
import { breathe } from '../breathe.ts';
import type { Painter } from '../catalogue.ts';
import { EXAMPLES, type Example, type TeachingTasks } from '../protocol-teaching.ts';
import { isTeachable, MAX_NEW_WORDS } from '../../text/new-words.ts';
import type { Loaded } from '../session.ts';
import { checkSettings, createRun, summaryOf } from '../store/runs.ts';
import type { Store } from '../store/store.ts';
import { newWordsOf, type ModelEntry } from '../weights/manifest.ts';
import { encodeLesson } from './fine-tune-lesson.ts';
import type { Teachable } from './fine-tune.ts';
import { knownCaptions } from './known-captions.ts';

/** From so many examples on, a tenth of them is kept back, but no more than these. */
const ENOUGH = 10;
const MOST_BACK = 8;
/** Roles of the files that a run rests on. */
export const RESTS_ON = ['generator', 'encoder', 'critic'] as const;

/** Hashes by role of what a run rests on: another version of the model is another model. */
export const parentFiles = (entry: ModelEntry): Record<string, string> =>
  Object.fromEntries(
    entry.files.filter(({ role }) => RESTS_ON.some((one) => one === role)).map(({ role, sha256 }) => [role, sha256]),
  );

export async function beginRunTask(
  store: Store,
  loaded: Loaded,
  { generator, captioner }: Pick<Teachable, 'generator' | 'captioner'>,
  { name, examples, settings }: TeachingTasks['begin-run']['input'],
  { signal, today }: { readonly signal: AbortSignal; readonly today: () => number },
): Promise<TeachingTasks['begin-run']['output']> {
  const checked = checkSettings(settings);
  const clean = name.trim().slice(0, 100);
  if (clean === '') throw refuse('the run has no name');
  const all = checkExamples(generator.size, examples);
  const keptBack = all.length < ENOUGH ? 0 : Math.min(MOST_BACK, Math.floor(all.length / 10));
  const ordered = keepBack(all, keptBack);
  const captions = ordered.map(({ caption }) => caption);
  const words = newWordsIn(loaded, captions.slice(0, captions.length - keptBack));
  const heard = captioner ? await knownCaptions(loaded, captioner, { seed: checked.seed, signal }) : [];
  const { read, readPlain, sentenceLength } = loaded.painter;
  const taught = new Set(words);
  const sentencesOf = (said: readonly string[], how: Painter['read']) => rowsOf(said, how, sentenceLength, signal);
  const lesson = {
    pictures: ordered.map(({ pixels }) => pixels),
    sentences: await sentencesOf(captions, (caption) => read(caption, taught)),
    known: await sentencesOf(recalled(loaded.entry, heard), read),
    ...(readPlain && { compared: await sentencesOf(captions.slice(captions.length - keptBack), readPlain) }),
    sentenceLength,
  };
  const now = today();
  const run = {
    name: clean,
    parent: loaded.entry.id,
    parentFiles: parentFiles(loaded.entry),
    settings: checked,
    examples: all.length,
    captions,
    ...(words.length > 0 && { newWords: words }),
    names: ordered.map((example) => example.name),
    keptBack,
    begun: now,
    updated: now,
  };
  return summaryOf(await createRun(store, run, encodeLesson(lesson)));
}

/** Captions as they are read; throws what is wrong with the first one that does not hold. */
function checkExamples(size: number, examples: readonly Example[]): Example[] {
  const { least, most } = EXAMPLES;
  if (examples.length < least || examples.length > most) {
    throw refuse(`${examples.length} pictures; ${least} to ${most} can be learnt from`);
  }
  return examples.map(({ pixels, caption, name }) => {
    const { width, height, data } = pixels;
    if (width !== size || height !== size || data.length !== 4 * size * size) {
      const detail = `${width} × ${height} pixels; the model learns from ${size} × ${size}`;
      throw new LimnError({ kind: 'bad-image', file: name, detail, wanted: 'picture' });
    }
    const text = cleanCaption(caption);
    const fault = captionFault(text);
    if (fault) throw new LimnError(fault);
    return { pixels, caption: text, name };
  });
}

/** `count` of them, evenly spread, go to the end of the list. */
function keepBack(all: readonly Example[], count: number): Example[] {
  const back = new Set(Array.from({ length: count }, (_, i) => Math.floor(((i + 0.5) * all.length) / count)));
  return [...all.filter((_, i) => !back.has(i)), ...all.filter((_, i) => back.has(i))];
}

/** Words of the captions that the model does not know yet, those that are said most often first. */
function newWordsIn({ painter, entry }: Loaded, captions: readonly string[]): string[] {
  const own = new Set(newWordsOf(entry));
  const counts = new Map<string, number>();
  for (const caption of captions) {
    for (const word of new Set(painter.newWords?.(caption))) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const ordered = [...counts].sort(([, a], [, b]) => b - a).map(([word]) => word);
  return ordered.filter((word) => isTeachable(word) && !own.has(word)).slice(0, MAX_NEW_WORDS - own.size);
}

/** What a mirror says, and the same with words that the model was taught before, which no mirror says. */
function recalled(entry: ModelEntry, said: readonly string[]): string[] {
  const own = newWordsOf(entry);
  return own.length === 0 ? [...said] : said.flatMap((one, i) => [one, `${one}, ${own[i % own.length] ?? ''}`]);
}

/** → [captions·length], each distinct caption read once */
async function rowsOf(
  captions: readonly string[],
  how: Painter['read'],
  length: number,
  signal: AbortSignal,
): Promise<Float32Array> {
  const read = new Map<string, Float32Array>();
  for (const caption of captions) {
    if (read.has(caption)) continue;
    await breathe();
    if (signal.aborted) throw new LimnError({ kind: 'cancelled' });
    const sentence = how(caption);
    try {
      read.set(caption, await sentence.data<'float32'>());
    } finally {
      sentence.dispose();
    }
  }
  const rows = new Float32Array(captions.length * length);
  for (const [i, caption] of captions.entries()) rows.set(read.get(caption) ?? [], i * length);
  return rows;
}

const refuse = (detail: string): LimnError => new LimnError({ kind: 'bad-recipe', detail });
