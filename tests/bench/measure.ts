/** Timing that two engines can share: median over repeats, the two taken in turn, so that a busy machine hurts both. */

export type Run = () => Promise<unknown>;

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? NaN;
};

/** Milliseconds of each run, after one that does not count. */
export async function inTurn(runs: readonly Run[], repeats: number): Promise<number[]> {
  for (const run of runs) await run();
  const times = runs.map((): number[] => []);
  for (let i = 0; i < repeats; i++) {
    for (const [j, run] of runs.entries()) {
      const begun = performance.now();
      await run();
      times[j]?.push(performance.now() - begun);
    }
  }
  return times.map(median);
}

export const round = (value: number, digits = 2): number => Number(value.toFixed(digits));
