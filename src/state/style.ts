/**
 * The Style room: a picture, the square of it that is looked at, and the z that was found in it. The style encoder S
 * answers at once; a refinement takes its time and may be cancelled or undone.
 */
import type { LoadProgress, Picture, Pixels, Reconstruction } from '../engine/protocol.ts';
import { centreSquare, type Square } from '../image/resize.ts';
import { roundZ } from '../recipe.ts';
import { captionerOf, fileOf, modelOf } from './catalogue.ts';
import { firstLook, readable } from './first-look.ts';
import { aborted, done, failed, IDLE, running, type Job } from './job.ts';
import { notBegun, refine, type Refinement, type Restarts, type Steps } from './refinement.ts';
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
  /** Runs out when what is dragged or typed rests. */
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** Ends when the mirror has read the picture, or has not. */
  let heard = Promise.resolve();
  const aborts: Partial<Record<'take' | 'look' | 'read' | 'refine', AbortController>> = {};
  /** Ends what runs under this name; the answer is the signal of what comes next. */
  function begin(name: keyof typeof aborts): AbortSignal {
    aborts[name]?.abort();
    return (aborts[name] = new AbortController()).signal;
  }
  const rest = (milliseconds: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => void get().lookAgain(), milliseconds);
  };

  async function open(taken: Taken, caption: string): Promise<void> {
    const { width, height } = taken.pixels;
    const captionBy = caption ? 'person' : 'nobody';
    change({
      source: { ...taken, square: centreSquare(width, height) },
      ...{ taking: IDLE, found: null, caption, captionBy },
    });
    await get().lookAgain();
  }

  async function look(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    begin('read');
    change({ reading: IDLE });
    const { form, load } = get();
    const { source, captionBy, eye } = style();
    const model = modelOf(get(), form.recipe.model);
    if (!source || !model || !fileOf(model, 'style-encoder')) return;
    const signal = begin('look');
    // What another model's mirror read, this one's reads for itself.
    if (captionBy === 'mirror' && eye !== model.id) change({ caption: '', captionBy: 'nobody' });
    change({ looking: running(null), eye: model.id });
    const shown = { ...source, caption: style().caption };
    try {
      await Promise.race([load(model.id), aborted(signal)]);
      const show = (progress: LoadProgress) => change({ looking: running(progress) });
      const found = await firstLook(engine, model, shown, { signal, show });
      if (signal.aborted) return;
      change({ looking: done(null), found });
      void get().paintGrid();
    } catch (thrown) {
      if (!signal.aborted) change({ looking: failed(thrown) });
    }
  }

  /** What the square shows, by the mirror, where there is one and nobody said it better. Its failures are no matter. */
  async function read(): Promise<void> {
    const { looking, found, captionBy } = style();
    const model = found && modelOf(get(), found.model);
    if (looking.state !== 'done' || !model || !captionerOf(model) || captionBy !== 'nobody') return;
    const signal = begin('read');
    change({ reading: running(null) });
    const input = { model: model.id, pixels: found.looked, width: READ_WIDTH };
    const answer = await engine.call('mirror', input, { signal }).catch(() => null);
    if (signal.aborted) return;
    change({ reading: IDLE });
    if (!answer?.caption || style().captionBy !== 'nobody') return;
    change({ caption: answer.caption, captionBy: 'mirror' });
    // Who waits for these words to refine with them looks by themselves.
    if (style().refining.state !== 'running') await look();
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
      begin('refine');
      change({ refining: IDLE });
      await look();
      await (heard = read());
    },
    async refineStyle() {
      const { steps, restarts, looking } = style();
      if (!style().found || looking.state === 'running') return;
      const signal = begin('refine');
      const show = (progress: Refinement) => change({ refining: running(progress) });
      show(notBegun(steps));
      try {
        if (style().captionBy === 'nobody') await heard;
        if (signal.aborted) return;
        // What stands in the box and in the square now is what is refined.
        const stale = timer !== undefined || style().looking.state !== 'done';
        if (stale || readable(style().caption) !== style().found?.caption) await look();
        if (signal.aborted) return;
        const { found } = style();
        // A look that failed is told as one.
        if (!found || style().looking.state !== 'done') return change({ refining: IDLE });
        const { model, looked: pixels, caption } = found;
        // Other captions are to be painted in this style, too.
        const input = { model, pixels, caption, steps, restarts, seed: get().form.recipe.seed, hold: 1 };
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
