import type { Tensor } from '@tensorflow/tfjs-core';

/**
 * A network's weights by name: PyTorch's `state_dict` keys, axes in tfjs order (kernels [kh,kw,in,out], matrices
 * [in,out]; `training/export.py` alone turns them round).
 */
export type Parameters = ReadonlyMap<string, Tensor>;

/** name → shape of everything that a network needs; the loader checks files against it. */
export type ParameterShapes = ReadonlyMap<string, readonly number[]>;

/** The parameter of that name; files were checked at the door, so a miss is a slip in a model file. */
export function parameter<T extends Tensor = Tensor>(p: Parameters, name: string): T {
  const found = p.get(name);
  if (!found) throw new Error(`no parameter named ${name}`);
  return found as T;
}

export function parameterCount(shapes: ParameterShapes): number {
  return [...shapes.values()].reduce((sum, shape) => sum + shape.reduce((a, b) => a * b, 1), 0);
}

/** A weight, and its bias along the last axis. */
export const affineShapes = (name: string, weight: number[]): [string, number[]][] => [
  [`${name}.weight`, weight],
  [`${name}.bias`, weight.slice(-1)],
];
