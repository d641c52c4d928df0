import { dispose, type Tensor2D } from '@tensorflow/tfjs-core';
import type { Parameters } from '../../models/parameters.ts';
import { streamShapes, type StreamConfig } from '../../models/stream.ts';
import { SPECIAL, tokenTable } from '../../text/tokens.ts';
import { charReader } from '../char-reader.ts';
import { faulty, field, openAfter, parametersFrom, whole, within, wordsOf } from '../config.ts';
import type { ModelEntry } from '../weights/manifest.ts';
import type { Part, PartKind } from './part.ts';

/** Says what a picture shows (Qiao et al. 2019): its weights and words, for the functions of models/stream.ts. */
export interface Captioner extends Part {
  readonly p: Parameters;
  readonly config: StreamConfig;
  /** Its words; the first has the token SPECIAL. */
  readonly vocabulary: readonly string[];
  readonly tokens: ReadonlyMap<string, number>;
  /** From what cosine of two captions' sentences on they agree, or agree in part. */
  readonly agrees: number;
  readonly partly: number;
  /**
   * caption → the sentence [1,similarity] that it compares with; absent where that is the model's own. For a captioner
   * that learnt beside another text encoder, and brings it along.
   */
  readonly read?: (caption: string) => Tensor2D;
}

const VOCABULARY = 'captioner-vocabulary';
const READER = 'captioner-encoder';
/** Fires of SqueezeNet v1.0, after its first convolution. */
const FIRES = 8;
/** Pixels; with fewer, nothing would be left for the last pooling. */
const LEAST_LOOK = 32;

export const captionerPart: PartKind<Captioner> = {
  name: 'mirror',
  roles: ['captioner', VOCABULARY],
  options: [READER],
  open(entry, files) {
    const { stream, encoder, reader } = entry.config;
    const own = files.has(READER);
    // The encoder that reads letters calls it an embedding, the one that reads words a sentence.
    const length = !own && entry.architecture === 't2f' ? 'sentence' : 'embedding';
    const sentence = whole(entry, own ? reader : encoder, length, 1, 4096);
    const config: StreamConfig = {
      size: whole(entry, stream, 'size', 1, 4096),
      look: whole(entry, stream, 'look', LEAST_LOOK, 512),
      word: whole(entry, stream, 'word', 1, 4096),
      hidden: whole(entry, stream, 'hidden', 1, 4096),
      similarity: whole(entry, stream, 'similarity', sentence, sentence),
      vocabulary: whole(entry, stream, 'vocabulary', SPECIAL + 1, 100_000),
      longest: whole(entry, stream, 'longest', 2, 200),
      channels: channelsOf(entry, stream),
    };
    if (!entry.sizes.includes(config.size))
      throw faulty(entry, `its mirror reads ${config.size} px, which it paints not`);
    const agrees = within(entry, stream, 'agrees', -1, 1);
    const partly = within(entry, stream, 'partly', -1, agrees);
    const vocabulary = wordsOf(entry, files, VOCABULARY);
    if (SPECIAL + vocabulary.length !== config.vocabulary) {
      const wanted = config.vocabulary - SPECIAL;
      throw faulty(entry, `its mirror's vocabulary has ${vocabulary.length} words, the weights want ${wanted}`);
    }
    const p = parametersFrom(entry, files, 'captioner', streamShapes(config));
    const tokens = tokenTable(vocabulary);
    const brought = own ? openAfter(p, () => charReader(entry, files, READER, reader, sentence)) : undefined;
    return {
      p,
      config,
      vocabulary,
      tokens,
      agrees,
      partly,
      ...(brought && { read: brought.read }),
      dispose: () => dispose([...p.values(), ...(brought?.parameters.values() ?? [])]),
    };
  },
};

/** One number, then a pair for every fire. */
function channelsOf(entry: ModelEntry, stream: unknown): StreamConfig['channels'] {
  const value = field(entry, stream, 'channels');
  const good = (n: unknown): n is number => Number.isInteger(n) && Number(n) >= 1 && Number(n) <= 2048;
  const pair = (n: unknown): n is [number, number] => Array.isArray(n) && n.length === 2 && n.every(good);
  const [stem, ...fires] = Array.isArray(value) ? (value as unknown[]) : [];
  if (good(stem) && fires.length === FIRES && fires.every(pair)) return [stem, ...fires];
  throw faulty(entry, `its config's "channels" is no whole number and ${FIRES} pairs of them`);
}
