import { fileURLToPath } from 'node:url';
import { createHost, type Host } from '../../src/engine/host.ts';
import { nodePlatform } from '../../src/engine/node.ts';
import type { BackendName, Picture } from '../../src/engine/protocol.ts';
import { readFileSource } from '../../src/engine/weights/disk.ts';
import type { WeightSource } from '../../src/engine/weights/source.ts';
import type { Failure } from '../../src/failure.ts';
import { defaultRecipe, type Recipe } from '../../src/recipe.ts';

export const FIXTURES = fileURLToPath(new URL('../fixtures/models', import.meta.url));

export const tinyRecipe = (part: Partial<Recipe> = {}): Recipe => ({
  ...defaultRecipe(),
  model: 'tiny',
  caption: 'a red flower',
  seed: 7,
  truncation: 1,
  size: 0,
  ...part,
});

export interface TestHost {
  readonly host: Host;
  readonly troubles: Failure[];
}

/** The engine under Node over the fixture model, without Dawn. */
export async function tinyHost(source: WeightSource = readFileSource(FIXTURES)): Promise<TestHost> {
  const troubles: Failure[] = [];
  const host = createHost(await nodePlatform({ gpu: false }), source, (failure) => troubles.push(failure));
  return { host, troubles };
}

export const quiet = (): { signal: AbortSignal; report: () => void } => ({
  signal: new AbortController().signal,
  report: () => undefined,
});

/** Pictures of one recipe on one backend, in the order of their indices. */
export async function paintWith(host: Host, backend: BackendName, recipe: Recipe, count: number): Promise<Picture[]> {
  await host('load', { model: recipe.model, backend }, quiet());
  const pictures: Picture[] = [];
  await host(
    'generate',
    { recipe, count },
    { ...quiet(), report: ({ index, picture }) => (pictures[index] = picture) },
  );
  return pictures;
}
