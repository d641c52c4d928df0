/** Pictures in a browser, told apart by all of their pixels. */
import type { Locator } from '@playwright/test';

/** Of each of some canvases a number that tells its pixels (FNV-1a): they are too many to send. */
export const printsOf = (canvases: Locator): Promise<number[]> =>
  canvases.evaluateAll((elements) =>
    elements.map((element) => {
      const { width, height } = element as HTMLCanvasElement;
      let print = 2166136261;
      const drawn = (element as HTMLCanvasElement).getContext('2d')?.getImageData(0, 0, width, height);
      for (const value of drawn?.data ?? []) print = Math.imul(print ^ value, 16777619);
      return print;
    }),
  );
