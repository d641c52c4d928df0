/** A run's running mean of weights becomes a model of its own, with a card that says where it comes from. */
import type { Loaded } from '../session.ts';
import { parametersOf } from '../../learn/learner.ts';
import { LimnError } from '../../failure.ts';
import type { GanState } from '../../learn/gan-step.ts';
import { MAX_NEW_WORDS } from '../../text/new-words.ts';
import type { OwnModel } from '../protocol-teaching.ts';
import { encodeParameters } from '../store/checkpoints.ts';
import { keepModel, type NewFile } from '../store/models.ts';
import type { KeptRun } from '../store/runs.ts';
import { fromJson, type Store } from '../store/store.ts';
import { rawFloat16 } from '../weights/encode.ts';
import { checkCard, newWordsOf, type ModelCard, type ModelEntry } from '../weights/manifest.ts';
import type { ModelFiles } from '../weights/source.ts';

/** What a child has of its parent as it is: it reads as the parent read, and its mirror is the parent's. */
const INHERITED: ReadonlySet<string> = new Set(['encoder', 'vocabulary', 'captioner', 'captioner-vocabulary']);
/** Captions of its own that a card shows. */
const SHOWN = 8;

export const inherited = ({ files }: ModelEntry): string[] =>
  files.map(({ role }) => role).filter((role) => INHERITED.has(role));

export async function keepModelTask(
  store: Store,
  { entry, summary }: Loaded,
  parentFiles: ModelFiles,
  run: KeptRun,
  { step, state }: { readonly step: number; readonly state: GanState },
  name: string,
): Promise<OwnModel> {
  const clean = name.trim().slice(0, 100);
  if (clean === '') throw new LimnError({ kind: 'bad-recipe', detail: 'the model has no name' });
  const files: NewFile[] = [
    {
      role: 'generator',
      ending: '.safetensors',
      bytes: await encodeParameters(parametersOf(state.generator, 'mean'), rawFloat16),
    },
    {
      role: 'critic',
      ending: '.safetensors',
      bytes: await encodeParameters(parametersOf(state.critic, 'θ'), rawFloat16),
    },
  ];
  for (const { role, path } of entry.files) {
    const bytes = INHERITED.has(role) ? parentFiles.get(role) : undefined;
    if (bytes) files.push({ role, ending: /\.[a-z]+$/.exec(path)?.[0] ?? '', bytes });
  }
  const card = parentFiles.get('card');
  const parentCard = card && checkCard(fromJson(card), `${entry.id}/card`);
  // The style encoder inverts the parent alone.
  const { style: _, ...others } = entry.config;
  const config = run.newWords ? { ...others, encoder: hearing(entry, run.newWords) } : others;
  // Smaller ones, where the parent paints them, have not learnt what the largest has.
  const sizes = [Math.max(...entry.sizes)];
  const bytes = files.reduce((sum, file) => sum + file.bytes.length, 0);
  return keepModel(
    store,
    {
      entry: { name: clean, architecture: entry.architecture, sizes, config },
      card: cardOf(clean, entry, parentCard, run, step, { bytes, parameters: summary.parameters }),
    },
    files,
  );
}

/** The reader's config with words that it was taught, after those that it had been taught before. */
function hearing(entry: ModelEntry, words: readonly string[]): object {
  const all = new Set([...newWordsOf(entry), ...words]);
  return { ...(entry.config['encoder'] as object), newWords: [...all].slice(0, MAX_NEW_WORDS) };
}

/** Of a model of faces, whatever its parent's card says of nobody. */
const SOMEBODY = ' So it may well show somebody: whoever was in those pictures. Ask them first.';

/** A parent's limit as its child's card has it, on which “it” would be the child; as long as a card allows. */
export const limitOf = (parent: string, limit: string): string =>
  (limit.startsWith('Of “') ? limit : `Of “${parent}”, beneath it: ${limit}`).slice(0, 2000);

function cardOf(
  name: string,
  parent: ModelEntry,
  parentCard: ModelCard | undefined,
  run: KeptRun,
  step: number,
  size: { readonly bytes: number; readonly parameters: number },
): ModelCard {
  const { settings, examples, captions, keptBack, history } = run;
  const learnt = captions.slice(0, captions.length - keptBack);
  const count = examples - keptBack;
  const others = keptBack > 0 ? ` (${keptBack} more kept back to measure by)` : '';
  const score = history.findLast((point) => point.heldOut !== null && point.step <= step)?.heldOut;
  return {
    name,
    summary: `Taught with ${count} pictures${others}, in ${step} steps, on top of "${parent.name}".`,
    data: {
      name: `${count} pictures with captions${others}`,
      source: `chosen by whoever taught it; beneath them what "${parent.name}" had learnt before`,
      licence: `theirs for the new pictures; for the rest: ${parentCard?.data.licence ?? 'see the parent'}`.slice(
        0,
        2000,
      ),
    },
    licence: parentCard?.licence ?? 'see the parent',
    training: {
      recipe:
        // In a tab or by the command line; what rate and anchor were before they were changed is not kept.
        `Fine-tuned by Limn, with the losses of GAN-INT-CLS: ${settings.moves === 'all' ? 'all parameters' : settings.moves}, ` +
        `${settings.batch} pictures a step, seed ${settings.seed}, rate ${settings.rate}, anchor ${settings.anchor}, both as last set`,
      pictures: step * settings.batch,
      parent: `${parent.name} (${parent.id}, generator ${run.parentFiles['generator']?.slice(0, 12) ?? 'unknown'})`,
    },
    figures:
      score === undefined || score === null
        ? []
        : [{ name: 'Captions kept back, cosine by the mirror', value: score, note: `${keptBack} captions that it did not learn from` }], // prettier-ignore
    evaluator: "the parent's mirror, which does not know what is new",
    ...size,
    limits: [
      `It was taught with ${count} pictures: much of what it paints will be near to one of them.${parent.architecture === 't2f' ? SOMEBODY : ''}`,
      ...(parentCard?.limits ?? []).map((limit) => limitOf(parent.name, limit)),
    ].slice(0, 32),
    defaultTruncation: parentCard?.defaultTruncation ?? 1,
    examples: [...new Set(learnt)].slice(0, SHOWN),
    ...(parentCard?.captioner && { captioner: parentCard.captioner }),
  };
}
