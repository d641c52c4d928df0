/** How far two exports of one model (8-bit and float16 storage, say) are apart in what they paint. */
import { createHost } from '../../src/engine/host.ts';
import { nodePlatform } from '../../src/engine/node.ts';
import { readFileSource } from '../../src/engine/weights/disk.ts';
import { round } from './measure.ts';

const CAPTIONS = [
  'this flower has large white petals and a yellow center',
  'a purple flower with thin pointed petals',
  'bright orange petals with dark red spots',
  'the petals are pink and overlap around a small green center',
  'a blue flower with five rounded petals',
  'this red flower has many layers of ruffled petals',
  'yellow petals with a brown middle',
  'a flower with long thin petals that are white and violet',
];
const EACH = 8;

async function paintAll(models: string): Promise<Uint8ClampedArray[]> {
  const host = createHost(await nodePlatform({ gpu: false }), readFileSource(models), () => undefined);
  const signal = new AbortController().signal;
  const context = { signal, report: (): void => undefined };
  await host('load', { model: 'flowers', backend: 'wasm' }, context);
  const pictures: Uint8ClampedArray[] = [];
  for (const caption of CAPTIONS) {
    const recipe = { version: 1, model: 'flowers', caption, seed: 1, truncation: 1, size: 0 } as const;
    const report = ({ picture }: { picture: { pixels: { data: Uint8ClampedArray } } }): void =>
      void pictures.push(picture.pixels.data);
    await host('generate', { recipe, count: EACH }, { signal, report });
  }
  await host('unload', { model: 'flowers' }, context);
  return pictures;
}

/** Mean and largest difference of a colour value, of 255. */
export async function compareStorage(models: string, against: string) {
  const [a, b] = [await paintAll(models), await paintAll(against)];
  let sum = 0;
  let count = 0;
  let largest = 0;
  for (const [i, picture] of a.entries()) {
    for (const [at, value] of picture.entries()) {
      if (at % 4 === 3) continue;
      const difference = Math.abs(value - (b[i]?.[at] ?? NaN));
      sum += difference;
      count += 1;
      largest = Math.max(largest, difference);
    }
  }
  return { pictures: a.length, meanDifferenceOf255: round(sum / count, 3), largestDifferenceOf255: largest };
}
