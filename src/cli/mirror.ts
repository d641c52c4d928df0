import type { Output, Pixels } from '../engine/protocol.ts';
import { MAX_WIDTH } from '../engine/tasks/mirror.ts';
import { LimnError } from '../failure.ts';
import { openEngine } from './engine.ts';
import { checkedCaption, COMMON, parse, required, UsageError, whole } from './options.ts';
import { readPicture, sayProgress } from './pictures.ts';
import { sayJson, sayLine } from './say.ts';

/** Of the beam. */
const WIDTH = { width: { type: 'string', default: '3' } } as const;

/** `limn caption`: pictures → what they show, in words. */
export async function caption(args: readonly string[], signal: AbortSignal): Promise<void> {
  const { values: options, positionals } = parse(args, { ...COMMON, ...WIDTH }, 'files');
  const list = (await reflect(options, positionals, undefined, signal)).map(({ file, caption, logProbability }) => ({
    file,
    caption,
    logProbability,
  }));
  if (options.json) sayJson(list);
  else for (const { file, caption } of list) sayLine(`${file}: ${caption}`);
}

/** `limn score`: how well pictures show a caption. */
export async function score(args: readonly string[], signal: AbortSignal): Promise<void> {
  const { values: options, positionals } = parse(args, { ...COMMON, ...WIDTH, caption: { type: 'string' } }, 'files');
  const wanted = checkedCaption(required(options.caption, '--caption TEXT'), '--caption');
  const list = (await reflect(options, positionals, wanted, signal)).map(({ file, caption, asked }) => {
    if (!asked) throw new Error(`${file} was not held against its caption`);
    const { loss, similarity, agreement, verdict } = asked;
    return { file, loss, similarity, agreement, verdict, reads: caption };
  });
  if (options.json) sayJson(list);
  else {
    for (const { file, loss, similarity, agreement, verdict, reads } of list) {
      const figures = `loss ${loss.toFixed(1)}, similarity ${similarity.toFixed(2)}, agreement ${agreement.toFixed(2)}`;
      sayLine(`${file}: ${verdict} (${figures}); reads: ${reads}`);
    }
  }
}

async function reflect(
  options: { readonly model: string; readonly models: string; readonly backend: string; readonly width: string },
  files: readonly string[],
  wanted: string | undefined,
  signal: AbortSignal,
): Promise<(Output<'mirror'> & { readonly file: string })[]> {
  if (files.length === 0) throw new UsageError('give at least one FILE');
  const width = whole('width', options.width, 1, MAX_WIDTH);
  const engine = await openEngine(options, signal);
  const { model } = options;
  // All are read before the first is looked at: a false one among many should not end an hour's run.
  const pictures: { file: string; pixels: Pixels }[] = [];
  for (const file of files) {
    if (signal.aborted) throw new LimnError({ kind: 'cancelled' });
    pictures.push({ file, pixels: await readPicture(file, engine.reads('stream')) });
  }
  const list = [];
  for (const { file, pixels } of pictures) {
    const input = { model, pixels, width, ...(wanted !== undefined && { caption: wanted }) };
    list.push({ file, ...(await engine.call('mirror', input)) });
    sayProgress(list.length, files.length);
  }
  return list;
}
