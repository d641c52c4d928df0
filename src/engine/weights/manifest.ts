/**
 * What public/models/manifest.json and each model's card.json hold. Both are checked on arrival, from `unknown`:
 * a manifest decides which addresses are fetched, so its paths stay below its own folder (no scheme, no host,
 * no "..", no escapes). Fields that are not named here are dropped, so that later versions may add some.
 */
import * as v from 'valibot';
import { LONGEST_WORD, MAX_NEW_WORDS } from '../../text/new-words.ts';
import { LimnError } from '../../failure.ts';

export const MAX_MODELS = 64;
export const MAX_FILES = 16;
/** Bytes of one file. */
export const MAX_FILE_BYTES = 256 * 2 ** 20;

const words = v.pipe(v.string(), v.minLength(1), v.maxLength(2000));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const finite = v.pipe(v.number(), v.finite());
const slug = v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,64}$/, 'is no name of 1 to 64 of a–z, 0–9 and "-"'));

/** Segments of plain letters that do not begin with a dot: this alone leaves no room for "..", "//", ":", "%" or "\". */
const relativePath = v.pipe(
  v.string(),
  v.maxLength(200),
  v.regex(/^[A-Za-z0-9_-][A-Za-z0-9._-]*(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$/, 'is no relative path'),
);

const modelFile = v.object({
  /** What the file is for: generator, encoder, vocabulary, card, … */
  role: slug,
  /** Relative to the manifest's folder. */
  path: relativePath,
  /** Length of the file as it is stored, before any compression by the server. */
  bytes: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(MAX_FILE_BYTES)),
  /** 64 hexadecimal digits, lower case. */
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'is no SHA-256 of 64 lower-case hexadecimal digits')),
});

const modelEntry = v.object({
  id: slug,
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(100)),
  /** Which module in src/models runs it; the catalogue refuses what it does not know. */
  architecture: slug,
  /** Checked by the architecture's own module. */
  config: v.record(v.string(), v.unknown()),
  /** Edge lengths of the pictures that it paints, pixels. */
  sizes: v.pipe(v.array(v.pipe(count, v.minValue(1), v.maxValue(4096))), v.minLength(1), v.maxLength(8)),
  /**
   * What it can beyond painting. "look": it paints in stages and tells which words each place listened to. "grow": it
   * was grown from its smallest size, can be shown on the way, and draws an ε of its condition behind z.
   */
  abilities: v.optional(v.array(slug)),
  files: v.pipe(
    v.array(modelFile),
    v.minLength(1),
    v.maxLength(MAX_FILES),
    v.check((files) => distinct(files.map((file) => file.role)), 'names a role twice'),
  ),
});

const manifest = v.object({
  version: v.literal(1),
  models: v.pipe(
    v.array(modelEntry),
    v.maxLength(MAX_MODELS),
    v.check((models) => distinct(models.map((model) => model.id)), 'names a model twice'),
  ),
});

const figure = v.object({
  /** What was measured, as in "colour words kept". */
  name: words,
  value: finite,
  unit: v.optional(words),
  /** The same measure on real photographs, and for pictures drawn blindly. */
  real: v.optional(finite),
  chance: v.optional(finite),
  note: v.optional(words),
});

const modelCard = v.object({
  name: words,
  summary: words,
  data: v.object({
    name: words,
    source: words,
    licence: words,
    /** How many of its pictures have which label, in [0,1]: what the model is biased by. */
    shares: v.optional(
      v.pipe(
        v.array(v.object({ name: words, share: v.pipe(finite, v.minValue(0), v.maxValue(1)) })),
        v.maxLength(128),
        v.check((shares) => distinct(shares.map(({ name }) => name)), 'names a share twice'),
      ),
    ),
  }),
  /** Of the weights. */
  licence: words,
  training: v.object({
    recipe: words,
    /** Pictures seen, repeats included. */
    pictures: count,
    hours: v.optional(v.pipe(finite, v.minValue(0))),
    hardware: v.optional(words),
    /** The model that this one was tuned from. */
    parent: v.optional(words),
  }),
  figures: v.pipe(v.array(figure), v.maxLength(64)),
  /** What measured the figures. */
  evaluator: words,
  bytes: count,
  parameters: count,
  /** What the model cannot do, in plain words. */
  limits: v.pipe(v.array(words), v.maxLength(32)),
  /** How far z may stray unless a person chooses; the recipe's unit. */
  defaultTruncation: v.pipe(finite, v.minValue(0), v.maxValue(4)),
  /** Why that far: what was measured of it. */
  truncationNote: v.optional(words),
  /** Captions to begin with. */
  examples: v.pipe(v.array(words), v.maxLength(64)),
  /** Of the network that reads pictures back, where the model comes with one. */
  captioner: v.optional(
    v.object({
      recipe: words,
      licence: words,
      /** Of whose weights it began with. */
      notice: v.optional(words),
      limits: v.pipe(v.array(words), v.maxLength(32)),
      figures: v.pipe(v.array(figure), v.maxLength(64)),
    }),
  ),
});

type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;

export type ModelFile = DeepReadonly<v.InferOutput<typeof modelFile>>;
export type ModelEntry = DeepReadonly<v.InferOutput<typeof modelEntry>>;
export type Manifest = DeepReadonly<v.InferOutput<typeof manifest>>;
export type ModelCard = DeepReadonly<v.InferOutput<typeof modelCard>>;

/** `file` names it in messages. Throws bad-weights that tells where it fails: "models.0.files.1.path is no relative path". */
export function checkManifest(value: unknown, file: string): Manifest {
  return check(manifest, value, file);
}

/** Where a model's card lies, one that the manifest does not name, too. */
export function cardPathOf({ id, files }: Pick<ModelEntry, 'id' | 'files'>): string {
  return files.find(({ role }) => role === 'card')?.path ?? `${id}/card.json`;
}

/** As `checkManifest`, for a model's card.json. */
export function checkCard(value: unknown, file: string): ModelCard {
  return check(modelCard, value, file);
}

function check<S extends v.GenericSchema>(schema: S, value: unknown, file: string): v.InferOutput<S> {
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const where = v.getDotPath(issue) ?? 'the whole';
  throw new LimnError({ kind: 'bad-weights', file, detail: `${where}: ${issue.message}`.slice(0, 300) });
}

function distinct(values: readonly string[]): boolean {
  return new Set(values).size === values.length;
}

const newWords = v.pipe(
  v.array(v.pipe(v.string(), v.minLength(1), v.maxLength(LONGEST_WORD))),
  v.maxLength(MAX_NEW_WORDS),
);

/** Words that a model was taught in the tab, beside its vocabulary (see text/new-words.ts); throws LimnError bad-weights. */
export function newWordsOf({ id, config }: ModelEntry): readonly string[] {
  const result = v.safeParse(newWords, (config['encoder'] as { newWords?: unknown } | undefined)?.newWords ?? []);
  if (result.success) return result.output;
  const detail = `config.encoder.newWords: expected up to ${MAX_NEW_WORDS} words`;
  throw new LimnError({ kind: 'bad-weights', file: id, detail });
}
