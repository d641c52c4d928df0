/** The fake worker's runs of training: noisy curves that settle, and sheets that turn grey. */
import type { Input, Picture, Report } from '../../src/engine/protocol.ts';
import type { Point, Run, Sheet } from '../../src/engine/protocol-teaching.ts';
import type { Part } from './fake-worker-parts.ts';

export const training: Part = ({ options, cancelled, post, wait, flower }) => {
  const runs = new Map<string, Run>();
  const examples = new Map<string, Input<'begin-run'>['examples']>();
  let held: Run | null = null;
  let { keepFails } = options;

  /** Flowers that turn greyer than paper the further the training goes. */
  function sheetAt(step: number, first: boolean): Sheet {
    const captions = ['a red flower', 'a blue flower with a yellow center', 'a purple flower'];
    const columns = 4;
    const at = (step: number) =>
      captions.flatMap((caption) =>
        Array.from({ length: columns }, (_, i) => flower({ caption, seed: 3 * i + step / 40 } as Picture['recipe'])),
      );
    return { stage: 'sheet', step, captions, columns, pictures: at(step), ...(first && { before: at(0) }) };
  }

  /** Noisy curves that settle. */
  function pointAt(step: number): Point {
    const [fall, wave] = [Math.exp(-step / 60), 0.05 * Math.sin(step * 1.7)];
    return {
      step,
      lossCritic: 0.8 + 0.5 * fall + wave,
      lossGenerator: 0.4 + 1.2 * fall - wave,
      anchor: 0.3 * (1 - fall),
      realRight: Math.min(1, 0.7 + wave),
      fakeRight: Math.min(1, 0.65 - wave),
      wrongRight: Math.min(1, 0.6 + 0.2 * (1 - fall) + wave),
      heldOut: step % 5 === 0 ? 0.4 - 0.2 * fall : null,
      picturesPerSecond: 40,
    };
  }

  return {
    async rehearse(id, { settings }) {
      await wait(options.readStep);
      if (cancelled.has(id)) return post({ type: 'failed', id, failure: { kind: 'cancelled' } });
      const seconds = options.rehearseSeconds * (settings.batch / 8);
      const output = {
        canTrain: options.cannotTrain === null,
        ...(options.cannotTrain !== null && { why: options.cannotTrain }),
        secondsPerStep: seconds,
        parameters: 4_000_000,
        moving: { all: 4_000_000, 'last-blocks': 900_000, text: 260_000 },
        checkpointBytes: 20e6,
        offers:
          seconds * settings.steps < 1200
            ? []
            : [
                { change: { batch: 4 }, seconds: (seconds / 2) * settings.steps },
                {
                  change: { moves: 'last-blocks' as const, batch: 4 },
                  seconds: (seconds / 4) * settings.steps,
                },
              ],
      };
      post({ type: 'done', id, task: 'rehearse', output });
    },
    'begin-run'(id, input) {
      const { name, model, settings } = input;
      const run: Run = {
        ...{ id: `run-${runs.size + 1}`, name, parent: model, settings, examples: input.examples.length },
        ...{ step: 0, checkpoints: [0], history: [], begun: Date.now(), updated: Date.now() },
      };
      runs.set(run.id, run);
      examples.set(run.id, input.examples);
      post({ type: 'done', id, task: 'begin-run', output: run });
    },
    async train(id, input) {
      const found = held?.id === input.run ? held : runs.get(input.run);
      held = null;
      if (!found) return post({ type: 'failed', id, failure: { kind: 'internal', detail: 'no such run' } });
      let now: Run = { ...found, settings: { ...found.settings, ...input.change } };
      const keep = () => {
        now = { ...now, checkpoints: [...new Set([...now.checkpoints, now.step])], updated: Date.now() };
        runs.set(now.id, now);
      };
      const report = (report: Report<'train'>) => post({ type: 'report', id, task: 'train', report });
      report(sheetAt(now.step, true));
      const until = Math.min(input.until, now.settings.steps);
      while (now.step < until) {
        await wait(options.trainStep);
        if (cancelled.has(id)) {
          const failure = keepFails ?? { kind: 'cancelled' };
          if (keepFails) held = now;
          else keep();
          keepFails = null;
          return post({ type: 'failed', id, failure });
        }
        const point = pointAt(now.step + 1);
        now = { ...now, step: point.step, history: [...now.history, point] };
        report({ stage: 'point', point });
        // As it was begun; with other settings it comes through.
        if (point.step === options.divergesAt && !input.change) {
          const back = now.checkpoints.at(-1) ?? 0;
          now = { ...now, step: back, history: now.history.filter(({ step }) => step <= back) };
          runs.set(now.id, now);
          const why = 'The painter’s loss became no number. Try a more careful pace, or keep more of what it knew.';
          const { rate, anchor } = now.settings;
          const advised = { rate: rate / 4, anchor: anchor * 2 };
          return post({
            type: 'done',
            id,
            task: 'train',
            output: { run: now, stopped: 'diverged', why, advised, rolledBackTo: back },
          });
        }
        if (now.step % now.settings.sheetEvery === 0) report(sheetAt(now.step, false));
        if (now.step % now.settings.checkpointEvery === 0) {
          keep();
          report({ stage: 'checkpoint', step: now.step, bytes: 20e6, checkpoints: now.checkpoints });
        }
      }
      keep();
      post({ type: 'done', id, task: 'train', output: { run: now, stopped: 'finished' } });
    },
    'revert-run'(id, { run: name, step }) {
      const run = runs.get(name) as Run;
      const back: Run = {
        ...run,
        step,
        checkpoints: run.checkpoints.filter((at) => at <= step),
        history: run.history.filter((point) => point.step <= step),
      };
      runs.set(name, back);
      post({ type: 'done', id, task: 'revert-run', output: back });
    },
    'paint-checkpoint'(id, { step }) {
      post({
        type: 'done',
        id,
        task: 'paint-checkpoint',
        output: sheetAt(step, step > 0),
      });
    },
    runs(id) {
      post({ type: 'done', id, task: 'runs', output: [...runs.values()].reverse() });
    },
    'run-examples'(id, { run }) {
      post({ type: 'done', id, task: 'run-examples', output: examples.get(run) ?? [] });
    },
    'forget-run'(id, { run }) {
      runs.delete(run);
      post({ type: 'done', id, task: 'forget-run', output: { freedBytes: 1 } });
    },
  };
};
