/**
 * The Style room: a picture, the square of it that is looked at, and the z that was found in it. The style encoder S
 * answers at once; a refinement takes its time and may be cancelled or undone.
 */
import type { LoadProgress, Picture, Pixels, Reconstruction } from '../engine/protocol.ts';
import { centreSquare, resizeSquare, type Square } from '../image/resize.ts';
import { cleanCaption, roundZ } from '../recipe.ts';
import { captionFault } from '../text/alphabet.ts';
import { captionerOf, fileOf, modelOf, type Model } from './catalogue.ts';
import { aborted, done, failed, IDLE, running, type Job } from './job.ts';
import { refine, type Refinement, type Restarts, type Steps } from './refinement.ts';
import type { Get, Set, State, World } from './store.ts';
import { takePicture, type Dropped, type Taken } from './take-picture.ts';

/** One answer to "which z paints this?", and the picture that it paints. */
export interface Look extends Reconstruction {
  readonly z: readonly number[];
}

export interface Found {
  readonly model: string;
  /** What was looked at, at the model's size. */
  readonly looked: Pixels;
  /** What it was said to show; '' where nothing was said. */
  readonly caption: string;
  /** By S. */
  readonly first: Look;
  readonly refined: Look | null;
  readonly use: 'first' | 'refined';
}

export interface StyleRoomState {
  readonly source: (Taken & { readonly square: Square }) | null;
  /** A file is being opened. */
  readonly taking: Job;
  /** What the picture shows, as typed or as the mirror read it. */
  readonly caption: string;
  readonly captionBy: 'nobody' | 'mirror' | 'person';
  readonly reading: Job;
  readonly looking: Job<LoadProgress | null>;
  /** The model that looks, or looked last. */
  readonly eye: string | null;
  /** Of an earlier crop or caption while `looking` runs. */
  readonly found: Found | null;
  readonly refining: Job<Refinement, { readonly losses: readonly number[] }>;
  readonly steps: Steps;
  readonly restarts: Restarts;
}

export interface StyleSlice {
  readonly style: StyleRoomState;
  readonly takeStylePicture: (file: Dropped) => Promise<void>;
  /** A painted picture in the place of a file; enters the room. */
  readonly takePaintedStyle: (picture: Picture) => Promise<void>;
  readonly cropStyle: (square: Square) => void;
  readonly describeStyle: (caption: string) => void;
  /** S once more; also after a failure. */
  readonly lookAgain: () => Promise<void>;
  readonly refineStyle: () => Promise<void>;
  /** Ends a refinement, or else a first look that is still on its way; what was there before stays. */
  readonly cancelStyle: () => void;
  readonly chooseLook: (use: Found['use']) => void;
  readonly setRefinement: (change: Partial<Pick<StyleRoomState, 'steps' | 'restarts'>>) => void;
}

/** A dragged square and a caption in mid-word look only when they rest. Milliseconds. */
const REST = { crop: 150, caption: 600 };
/** Of the beam; the caption is only a beginning. */
const READ_WIDTH = 3;

const EMPTY: StyleRoomState = {
  source: null,
  taking: IDLE,
  caption: '',
  captionBy: 'nobody',
  reading: IDLE,
  looking: IDLE,
  eye: null,
  found: null,
  refining: IDLE,
  steps: 100,
  restarts: 2,
};

export function styleSlice(set: Set, get: Get, { engine, decode }: World): StyleSlice {
  const style = () => get().style;
  const change = (change: Partial<StyleRoomState>) => set({ style: { ...style(), ...change } });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const aborts = { take: new AbortController(), look: new AbortController(), refine: new AbortController() };
  /** Ends what runs under this name; the answer is the signal of what comes next. */
  function begin(name: keyof typeof aborts): AbortSignal {
    aborts[name].abort();
    aborts[name] = new AbortController();
    return aborts[name].signal;
  }
  const rest = (milliseconds: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => void get().lookAgain(), milliseconds);
  };

  async function open(taken: Taken, caption: string): Promise<void> {
    const { width, height } = taken.pixels;
    const captionBy = caption ? 'person' : 'nobody';
    begin('refine');
    change({
      source: { ...taken, square: centreSquare(width, height) },
      ...{ taking: IDLE, found: null, refining: IDLE, reading: IDLE, caption, captionBy },
    });
    await get().lookAgain();
    await read(taken);
  }

  /** What the picture shows, by the mirror, where there is one and nobody said it better. Its failures are no matter. */
  async function read(of: Taken): Promise<void> {
    const { source, found, captionBy } = style();
    const model = found && modelOf(get(), found.model);
    if (!model || !captionerOf(model) || source?.pixels !== of.pixels || captionBy !== 'nobody') return;
    const signal = aborts.take.signal;
    change({ reading: running(null) });
    const input = { model: model.id, pixels: found.looked, width: READ_WIDTH };
    const answer = await engine.call('mirror', input, { signal }).catch(() => null);
    if (style().source?.pixels !== of.pixels) return;
    change({ reading: IDLE });
    if (!answer || answer.caption === '' || style().captionBy !== 'nobody') return;
    change({ caption: answer.caption, captionBy: 'mirror' });
    // Who refines already is not thrown back to a first look for the sake of a guess.
    if (style().refining.state !== 'running') await get().lookAgain();
  }

  return {
    style: EMPTY,
    async takeStylePicture(file) {
      const signal = begin('take');
      change({ taking: running(null) });
      try {
        const taken = await takePicture(file, decode);
        if (!signal.aborted) await open(taken, '');
      } catch (thrown) {
        if (!signal.aborted) change({ taking: failed(thrown) });
      }
    },
    async takePaintedStyle({ recipe, pixels }) {
      begin('take');
      get().enter('style');
      // Between two captions there is none that says it.
      await open({ name: recipe.caption, pixels }, recipe.towards ? '' : recipe.caption);
    },
    cropStyle(square) {
      const { source } = style();
      if (!source) return;
      change({ source: { ...source, square } });
      rest(REST.crop);
    },
    describeStyle(caption) {
      change({ caption, captionBy: 'person' });
      rest(REST.caption);
    },
    async lookAgain() {
      clearTimeout(timer);
      const { source, caption } = style();
      const { form, load } = get();
      const model = modelOf(get(), form.recipe.model);
      if (!source || !model || !fileOf(model, 'style-encoder')) return;
      const signal = begin('look');
      begin('refine');
      change({ looking: running(null), eye: model.id, refining: IDLE });
      try {
        await Promise.race([load(model.id), aborted(signal)]);
        const looked = resizeSquare(source.pixels, source.square, sizeSeen(model));
        const said = readable(caption);
        const input = { model: model.id, pixels: looked, caption: said, steps: 0, restarts: 0, seed: 0 };
        const report = (progress: LoadProgress | { readonly stage: 'search' }) => {
          if (!signal.aborted && progress.stage !== 'search') change({ looking: running(progress) });
        };
        const { z, first } = await engine.call('invert', input, { signal, report });
        if (signal.aborted) return;
        const found: Found = {
          ...{ model: model.id, looked, caption: said, refined: null, use: 'first' },
          first: { ...first, z: roundZ(z) },
        };
        change({ looking: done(null), found });
        void get().paintGrid();
      } catch (thrown) {
        if (!signal.aborted) change({ looking: failed(thrown) });
      }
    },
    async refineStyle() {
      const { found, steps, restarts, looking } = style();
      if (!found || looking.state === 'running') return;
      const signal = begin('refine');
      const show = (progress: Refinement) => change({ refining: running(progress) });
      const { model, looked: pixels, caption } = found;
      const { seed } = get().form.recipe;
      try {
        // Other captions are to be painted in this style, too.
        const input = { model, pixels, caption, steps, restarts, seed, hold: 1 };
        const { z, found: best, losses } = await refine(engine, input, { signal, show });
        if (signal.aborted) return;
        const refined = { ...best, z: roundZ(z) };
        // A search may end no nearer than it began; then S's answer stays in use.
        const use = refined.distance < found.first.distance ? 'refined' : 'first';
        change({ refining: done({ losses }), found: { ...found, refined, use } });
        void get().paintGrid();
      } catch (thrown) {
        if (!signal.aborted) change({ refining: failed(thrown) });
      }
    },
    cancelStyle() {
      const { refining, looking } = style();
      if (refining.state === 'running') {
        begin('refine');
        change({ refining: IDLE });
      } else if (looking.state === 'running') {
        begin('look');
        change({ looking: IDLE });
      }
    },
    chooseLook(use) {
      const { found } = style();
      if (!found || (use === 'refined' && !found.refined)) return;
      change({ found: { ...found, use } });
      void get().paintGrid();
    },
    setRefinement: change,
  };
}

/** The answer that is in use. */
export function lookOf(found: Found): Look {
  return found.use === 'refined' && found.refined ? found.refined : found.first;
}

/** What was found by the model that paints now. */
export function foundNow({ style, form }: Pick<State, 'style' | 'form'>): Found | null {
  return style.found?.model === form.recipe.model ? style.found : null;
}

/** The edge of what S looks at: its configuration tells, where the model paints several sizes. */
function sizeSeen({ config, sizes }: Model): number {
  const { style } = config;
  const size = typeof style === 'object' && style !== null && 'size' in style ? style.size : undefined;
  return sizes.find((one) => one === size) ?? Math.max(...sizes);
}

/** A caption that a text encoder can read, or ''. */
function readable(caption: string): string {
  return captionFault(caption) ? '' : cleanCaption(caption);
}
