/** What training holds ↔ the bytes of a checkpoint: θ, Adam's moments and the running mean of all that moves. */
import { tensor, type Tensor } from '@tensorflow/tfjs-core';
import type { GanState } from '../../learn/gan-step.ts';
import { release, type Learner, type Moving } from '../../learn/learner.ts';
import type { Parameters } from '../../models/parameters.ts';
import { checkShapes, decodeTensors } from '../weights/decode.ts';
import { rawFloat32 } from '../weights/encode.ts';
import { parseSafetensors, writeSafetensors, type RawTensor } from '../weights/safetensors.ts';

const NETWORKS = ['generator', 'critic'] as const;
const PARTS = ['value', 'm', 'v', 'mean'] as const;

const partOf = ({ θ, state, mean }: Moving, part: (typeof PARTS)[number]): Tensor =>
  ({ value: θ, m: state.m, v: state.v, mean })[part];

/** Reads everything back from the device. `metadata` is for people; the run's index knows the file by its hash. */
export async function encodeState(
  state: GanState,
  metadata: Readonly<Record<string, string>>,
): Promise<Uint8Array<ArrayBuffer>> {
  const lines = NETWORKS.flatMap((network) =>
    [...state[network].moving].flatMap(([name, one]) =>
      PARTS.map(async (part): Promise<[string, RawTensor]> => {
        const from = partOf(one, part);
        return [`${network}.${name}/${part}`, rawFloat32(from.shape, await from.data<'float32'>())];
      }),
    ),
  );
  return writeSafetensors(new Map(await Promise.all(lines)), metadata);
}

/**
 * bytes → the state after `step` steps, where `begun` says what moves; the caller's. Throws LimnError bad-weights
 * where the bytes are of other networks, or hold what is no number.
 */
export function decodeState(bytes: Uint8Array, file: string, begun: GanState, step: number): GanState {
  const decoded = decodeTensors(parseSafetensors(bytes, file), file);
  const shapes = NETWORKS.flatMap((network) =>
    [...begun[network].moving].flatMap(([name, { θ }]) =>
      PARTS.map((part): [string, readonly number[]] => [`${network}.${name}/${part}`, θ.shape]),
    ),
  );
  checkShapes(decoded, new Map(shapes), file);
  const learner = (network: (typeof NETWORKS)[number]): Learner => {
    const { moving, still } = begun[network];
    const read = (name: string, part: (typeof PARTS)[number]): Tensor => {
      const found = decoded.get(`${network}.${name}/${part}`);
      if (!found) throw new Error(`${name} was checked to be there`);
      return tensor(found.values, [...found.shape], 'float32');
    };
    const all = [...moving.keys()].map((name): [string, Moving] => {
      const state = { step, m: read(name, 'm'), v: read(name, 'v') };
      return [name, { θ: read(name, 'value'), state, mean: read(name, 'mean') }];
    });
    return { moving: new Map(all), still };
  };
  return { generator: learner('generator'), critic: learner('critic') };
}

/** As `decodeState`, in place of `begun`, which is freed. */
export function restoreState(bytes: Uint8Array, file: string, begun: GanState, step: number): GanState {
  const state = decodeState(bytes, file, begun, step);
  for (const network of NETWORKS) release(begun[network]);
  return state;
}

/** Parameters → a file as models have it. */
export async function encodeParameters(
  p: Parameters,
  raw: (shape: readonly number[], values: Float32Array) => RawTensor,
): Promise<Uint8Array<ArrayBuffer>> {
  const lines = [...p].map(async ([name, from]): Promise<[string, RawTensor]> => {
    return [name, raw(from.shape, await from.data<'float32'>())];
  });
  return writeSafetensors(new Map(await Promise.all(lines)));
}
