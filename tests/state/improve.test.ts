import { beforeEach, describe, expect, it } from 'vitest';
import type { Output } from '../../src/engine/protocol.ts';
import { latestPictures } from '../../src/state/history.ts';
import { picture, settle } from '../support/fake-engine.ts';
import { fakeStore, type Fakes } from '../support/store.ts';

let fakes: Fakes;
const state = () => fakes.store.getState();
const latest = () => fakes.engine.latest('improve');
const first = () => latestPictures(state())[0]!;

function found(): Output<'improve'> {
  const { recipe } = latest().input;
  const better = { ...recipe, style: { z: [0.5, 1], strength: 1 } };
  return {
    picture: picture(better),
    before: { picture: picture(recipe), loss: 9 },
    loss: 4,
    milliseconds: 1,
  };
}

const step = (n: number, loss: number, call = latest()) =>
  call.options.report?.({ stage: 'search', step: n, steps: 30, loss, picture: picture(call.input.recipe, n).pixels });

describe('improving a picture', () => {
  beforeEach(async () => {
    fakes = fakeStore();
    await state().fetchCatalogue();
    void state().paint();
    fakes.engine.finishLoad();
    await settle();
    fakes.engine.finishPaint();
    await settle();
    state().hold(first());
    void state().improve(first(), 30);
    await settle();
  });

  it('shows each step, then before and after', async () => {
    expect(latest().input).toEqual({ recipe: first().recipe, steps: 30 });
    latest().options.report?.({ stage: 'download', loaded: 1, total: 2, cached: 0 });
    expect(state().improvement?.job).toMatchObject({ progress: { fetching: { stage: 'download' } } });
    step(0, 9);
    step(1, 8);
    expect(state().improvement?.job).toMatchObject({ progress: { fetching: null, losses: [9, 8] } });
    // A replay begins anew.
    step(0, 7);
    expect(state().improvement?.job).toMatchObject({ progress: { losses: [7] } });
    latest().resolve(found());
    await settle();
    expect(state().improvement?.job).toMatchObject({ state: 'done', result: { before: 9, after: 4, losses: [7] } });
  });

  it('is kept among the pictures and held up, and that can be undone', async () => {
    latest().resolve(found());
    await settle();
    state().keepImproved();
    const [kept] = state().earlier;
    expect(kept?.recipe.style).toEqual({ z: [0.5, 1], strength: 1 });
    expect(state().improvement).toBeNull();
    expect(state().mirrored?.held.from).toEqual({ picture: kept });
    state().notices[0]?.action?.run();
    expect(state().earlier).toEqual([]);
    expect(state().mirrored?.held.from).toEqual({ picture: first() });
    expect(state().improvement?.job.state).toBe('done');
  });

  it('cancelled, it is as before; a late answer is not heard', async () => {
    step(1, 9);
    state().cancelImproving();
    await settle();
    expect(latest().options.signal?.aborted).toBe(true);
    expect(state().improvement?.job).toEqual({ state: 'idle' });
    latest().resolve(found());
    await settle();
    expect(state().improvement?.job).toEqual({ state: 'idle' });
  });

  it('ends when another picture is held up, or another improvement begins', async () => {
    const early = latest();
    void state().improve(first(), 60);
    await settle();
    expect(early.options.signal?.aborted).toBe(true);
    step(1, 1, early);
    expect(state().improvement).toMatchObject({ steps: 60, job: { progress: { losses: [] } } });
    state().hold(latestPictures(state())[1]!);
    expect(state().improvement).toBeNull();
    step(1, 1);
    expect(state().improvement).toBeNull();
  });

  it('fails in words of the engine', async () => {
    latest().reject({ kind: 'device-lost', detail: 'gone' });
    await settle();
    expect(state().improvement?.job).toMatchObject({ state: 'failed', failure: { kind: 'device-lost' } });
  });
});
