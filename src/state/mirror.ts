/** The mirror: pictures read back in words, in its own room and at the side of Paint. */
import type { LoadProgress, Pixels, Reflection } from '../engine/protocol.ts';
import { LimnError, type Failure } from '../failure.ts';
import { centreSquare, resizeSquare, type Square } from '../image/resize.ts';
import { cleanCaption, type Recipe } from '../recipe.ts';
import { captionFault } from '../text/alphabet.ts';
import { captionerOf, modelOf } from './catalogue.ts';
import { latestPictures, type Painted } from './history.ts';
import { aborted, done, failed, IDLE, running, type Job } from './job.ts';
import type { Get, Set, State, World } from './store.ts';
import { takePicture, type Dropped, type Taken } from './take-picture.ts';

/** What the mirror is held up to. */
export interface Held {
  /** Whose mirror reads it. */
  readonly model: string;
  /** What the mirror sees: square, of its model's size. */
  readonly pixels: Pixels;
  /** What was asked for; '' where nobody said. */
  readonly caption: string;
  /** A painted picture, or a person's own and the square that is cut out of it. */
  readonly from: { readonly picture: Painted } | { readonly taken: Taken; readonly square: Square };
}

export interface Glass {
  readonly held: Held;
  readonly reading: Job<LoadProgress | null, Reflection>;
}

export interface MirrorSlice {
  /** In the Mirror room. */
  readonly mirrored: Glass | null;
  /** At the side of Paint. */
  readonly glanced: Glass | null;
  /** Whether a painting is read back by itself: once the mirror is here, until a person says otherwise. */
  readonly readsBack: boolean;
  /** A person's own picture, on its way in. */
  readonly taking: Job;
  readonly hold: (picture: Painted) => void;
  /** Comes into the room, or chooses another model: holds up the picture of Paint, unless one is held already. */
  readonly visitMirror: () => void;
  readonly takeMirrorPicture: (file: Dropped) => Promise<void>;
  readonly cropMirrored: (square: Square) => void;
  /** Another caption for the picture that is held; '' for none. A caption that cannot be read is answered with why. */
  readonly askFor: (caption: string) => Failure | null;
  readonly readAgain: () => void;
  readonly stopReading: () => void;
  /** The side of Paint: reads this picture back, if the mirror is here or was asked for. */
  readonly glance: (picture: Painted, asked?: boolean) => void;
  readonly stopGlancing: () => void;
  readonly setReadsBack: (on: boolean) => void;
}

type Place = 'mirrored' | 'glanced';

const KEY = 'mirror';
/** Hypotheses that the captioner follows side by side. */
const WIDTH = 3;
/** A square that is being dragged is read when it rests. Milliseconds. */
const REST = 400;

export function mirrorSlice(set: Set, get: Get, { engine, storage, decode }: World): MirrorSlice {
  const kept = storage.read(KEY);
  const aborts: Partial<Record<Place, AbortController>> = {};
  /** A picture that is looked at in both places, or again, is read once. */
  const known = new WeakMap<Pixels, Map<string, Reflection>>();
  /** Of the painting that was there when a picture was last held up. */
  let seen: Recipe | null = null;
  let resting: ReturnType<typeof setTimeout> | undefined;
  let takes = 0;

  const show = (place: Place, held: Held, reading: Glass['reading']) =>
    set(place === 'mirrored' ? { mirrored: { held, reading } } : { glanced: { held, reading } });

  async function read(place: Place, held: Held): Promise<void> {
    const { model, pixels, caption } = held;
    stop(place);
    const before = known.get(pixels)?.get(caption);
    if (before) return show(place, held, done(before));
    if (!hasMirror(get(), model)) return show(place, held, IDLE);
    const controller = new AbortController();
    const { signal } = controller;
    aborts[place] = controller;
    const tell = (reading: Glass['reading']) => {
      if (aborts[place] === controller) show(place, held, reading);
    };
    tell(running(null));
    try {
      await Promise.race([get().load(model), aborted(signal)]);
      const input = { model, pixels, width: WIDTH, ...(caption !== '' && { caption }) };
      const reflection = await engine.call('mirror', input, { signal, report: (at) => tell(running(at)) });
      known.set(pixels, (known.get(pixels) ?? new Map<string, Reflection>()).set(caption, reflection));
      tell(done(reflection));
      // It is here now, and reading costs little.
      if (storage.read(KEY) === undefined) get().setReadsBack(true);
    } catch (thrown) {
      tell(failed(thrown));
    }
  }

  function stop(place: Place): void {
    aborts[place]?.abort();
    // Its answer and its end are nobody's any more.
    delete aborts[place];
    if (place === 'mirrored') clearTimeout(resting);
  }

  function rest(place: Place): void {
    stop(place);
    const glass = get()[place];
    if (glass?.reading.state === 'running') show(place, glass.held, IDLE);
  }

  function holdUp(held: Held): void {
    get().dropImproved();
    seen = get().batch?.recipe ?? null;
    set({ taking: IDLE });
    void read('mirrored', held);
  }

  return {
    mirrored: null,
    glanced: null,
    readsBack: kept === true,
    taking: IDLE,
    hold(picture) {
      // A photograph that is still being opened was asked for before.
      takes++;
      holdUp(heldOf(picture));
    },
    visitMirror() {
      const { mirrored, batch, painting, form } = get();
      const from = mirrored?.held.from;
      const { model } = form.recipe;
      // A person's own picture is nobody's: the mirror of the model that paints now reads it.
      if (mirrored && from && 'taken' in from && mirrored.held.model !== model && modelOf(get(), model)) {
        const pixels = cut(get(), model, from.taken, from.square);
        return void read('mirrored', { ...mirrored.held, model, pixels });
      }
      const picture = chosenPicture(get());
      if (!picture || painting.state === 'running') return;
      const stale = mirrored && 'picture' in mirrored.held.from && batch?.recipe !== seen;
      if (!mirrored || stale) holdUp(heldOf(picture));
      // The catalogue may have come since, and with it the mirror.
      else if (mirrored.reading.state === 'idle') get().readAgain();
    },
    async takeMirrorPicture(file) {
      const turn = ++takes;
      set({ taking: running(null) });
      try {
        const taken = await takePicture(file, decode);
        if (turn !== takes) return;
        const { width, height } = taken.pixels;
        const square = centreSquare(width, height);
        const { model } = get().form.recipe;
        holdUp({ model, caption: '', pixels: cut(get(), model, taken, square), from: { taken, square } });
      } catch (thrown) {
        if (turn === takes) set({ taking: failed(thrown) });
      }
    },
    cropMirrored(square) {
      const held = get().mirrored?.held;
      if (!held || 'picture' in held.from) return;
      const { taken } = held.from;
      stop('mirrored');
      const pixels = cut(get(), held.model, taken, square);
      show('mirrored', { ...held, pixels, from: { taken, square } }, running(null));
      resting = setTimeout(() => get().readAgain(), REST);
    },
    askFor(text) {
      const held = get().mirrored?.held;
      if (!held) return null;
      const fault = text.trim() === '' ? null : captionFault(text);
      if (!fault) void read('mirrored', { ...held, caption: cleanCaption(text) });
      return fault;
    },
    readAgain() {
      const held = get().mirrored?.held;
      if (held) void read('mirrored', held);
    },
    stopReading() {
      rest('mirrored');
    },
    glance(picture, asked = false) {
      if (asked) get().setReadsBack(true);
      const { readsBack, glanced } = get();
      const same = glanced?.held.pixels === picture.pixels && glanced.reading.state !== 'idle';
      if (readsBack && (asked || !same)) void read('glanced', heldOf(picture));
    },
    stopGlancing() {
      rest('glanced');
    },
    setReadsBack(on) {
      if (!on) stop('glanced');
      set(on ? { readsBack: on } : { readsBack: on, glanced: null });
      storage.write(KEY, on);
    },
  };
}

/** The picture at the side of Paint: the one that was looked at last, or else the first of the latest painting. */
export function chosenPicture(state: Pick<State, 'batch' | 'lookedAt'>): Painted | null {
  const pictures = latestPictures(state);
  return pictures.find((p) => p.id === state.lookedAt) ?? pictures[0] ?? null;
}

export function hasMirror(state: State, id: string): boolean {
  const model = modelOf(state, id);
  return model !== null && captionerOf(model) !== null;
}

function heldOf(picture: Painted): Held {
  const { recipe, pixels } = picture;
  return { model: recipe.model, pixels, caption: captionOf(recipe), from: { picture } };
}

/** Of a picture between two captions, the nearer one is what it should show. */
function captionOf({ caption, towards }: Recipe): string {
  return towards && towards.text > 0.5 ? towards.caption : caption;
}

/** As large as the mirror wants it. */
function cut(state: State, id: string, { name, pixels }: Taken, square: Square): Pixels {
  const model = modelOf(state, id);
  if (!model)
    throw new LimnError({ kind: 'bad-image', file: name, wanted: 'picture', detail: 'there is no model yet' });
  return resizeSquare(pixels, square, Math.max(...model.sizes));
}
