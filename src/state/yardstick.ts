/** What the mirror's figures are held against: measured when it was trained, and kept in the model's config. */
import { modelOf } from './catalogue.ts';
import type { State } from './store.ts';

export interface Yardstick {
  /** From what agreement on two captions agree, or agree in part. */
  readonly agrees: number | null;
  readonly partly: number | null;
  /** Of real photographs and their own captions; null where nobody measured them. The median. */
  readonly agreement: number | null;
  /** −log p a word, the mean. */
  readonly loss: number | null;
}

/** A manifest may hold anything there: what is no number is not known. */
export function yardstickOf(state: Pick<State, 'catalogue'>, id: string): Yardstick {
  const stream = modelOf(state, id)?.config['stream'];
  const real = field(stream, 'photographs');
  return {
    agrees: numberIn(stream, 'agrees'),
    partly: numberIn(stream, 'partly'),
    agreement: numberIn(real, 'agreement'),
    loss: numberIn(real, 'loss'),
  };
}

function field(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[key];
}

function numberIn(value: unknown, key: string): number | null {
  const found = field(value, key);
  return typeof found === 'number' && Number.isFinite(found) ? found : null;
}
