/** Pictures that come in stages, read back one by one as they are painted. */
import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import type { InStages } from '../catalogue.ts';
import type { Pixels } from '../protocol.ts';
import { readPixels } from './pixels.ts';

export interface PaintedStage {
  /** 0 for the smallest. */
  readonly index: number;
  readonly pixels: Pixels;
  /** As `InStages` has them; they are gone when the next stage is asked for. */
  readonly maps: Tensor4D | undefined;
}

/** z [1,zLength], sentence [1,D] → the stages 0 … last of one picture; who leaves early leaves nothing behind */
export async function* paintInStages(
  stages: InStages,
  z: Tensor2D,
  sentence: Tensor2D,
  last: number,
): AsyncGenerator<PaintedStage, void, undefined> {
  const painting = stages.paint(z, sentence);
  try {
    for (let index = 0; index <= last; index++) {
      const { value: stage } = painting.next();
      if (!stage) throw new Error('there is a stage to each size');
      const { pictures, maps } = stage;
      try {
        const [pixels] = await readPixels(pictures);
        if (!pixels) throw new Error('one recipe paints one picture');
        yield { index, pixels, maps };
      } finally {
        pictures.dispose();
        maps?.dispose();
      }
    }
  } finally {
    painting.return();
  }
}
