import './save.css';
import { useEffect, useRef, useState } from 'react';
import { useLimn, useLimnStore } from '../../state/context.ts';
import type { Exported } from '../../state/export.ts';
import { contentsOf, notesOf, tourFilm, tourSheet, walkFilm, walkSheet, type Choices } from '../../state/film.ts';
import type { State } from '../../state/store.ts';
import { ringOf } from '../../state/tour.ts';
import { soundWalk } from '../../state/tour-link.ts';
import { ready, recipeAt } from '../../state/walk.ts';
import { Failure } from '../../ui/Failure.tsx';
import { useFocusKept } from '../../ui/focus-kept.ts';
import { megabytes } from '../../ui/format.ts';
import { Progress } from '../../ui/Progress.tsx';
import { plainName, saveFile } from '../../ui/save-file.ts';
import { Segmented } from '../../ui/Segmented.tsx';
import { canFilm } from './can-film.ts';
import { writeApng, writeSheet, writeVideo, type Frame } from './write.ts';

type Kind = Choices['kind'];
const KINDS: Readonly<Record<Kind, string>> = { png: 'Animated PNG', video: 'Video', sheet: 'Sheet' };
const SECONDS = [2, 4, 8] as const;
/** Frames a second. */
const RATES = { png: 12, video: 30 } as const;
/** An animated PNG packs each frame for itself, and both keep all in memory: a longer film has fewer frames a second. */
const MOST_FRAMES = { png: 240, video: 720 } as const;
/** Edge of an exported picture, pixels. */
const MOST_EDGE = 1024;

/** The way from A to B, or the tour, as a file that holds its recipe. */
export function Save() {
  const store = useLimnStore();
  const [kind, setKind] = useState<Kind>('png');
  const [times, setTimes] = useState<0 | 1>(0);
  const [seconds, setSeconds] = useState<(typeof SECONDS)[number]>(4);
  const [back, setBack] = useState(true);
  const touring = useLimn((s) => s.touring);
  const possible = useLimn((s) => (s.touring ? ringOf(s.stops).length > 1 : ready(s.walk)));
  const edge = useLimn((s) => s.standing?.pixels.width ?? 64);
  const filming = useFilming(edge);
  const factors = factorsFor(edge);
  const choices = { kind, factor: factors[times] ?? 1, seconds, back };
  const [saved, setSaved] = useState<string | null>(null);
  // With another caption, way or model it is no longer what a press on Save gives.
  const current = useLimn((s) => saved !== null && saved === contentsOf(s, choices));
  const kinds = (Object.keys(KINDS) as Kind[]).filter((kind) => kind !== 'video' || filming);

  async function save() {
    const state = store.getState();
    const { factor } = choices;
    setSaved(contentsOf(state, choices));
    const { name, title } = namesOf(state, kind);
    const frame: Frame = {
      recipe: recipeAt(soundWalk(state) ?? state.walk, state.form.recipe.model),
      notes: notesOf(state, choices),
      title,
      factor,
      upscaling: state.form.upscaling,
    };
    let made: Exported | null;
    if (kind === 'sheet') {
      const sheet = sheetOf(state);
      made = await state.exportFile(name, sheet.recipes, writeSheet(sheet, frame));
    } else {
      const film = filmOf(state, kind, seconds, back);
      const write = kind === 'png' ? writeApng(film, frame) : writeVideo(film, frame);
      made = await state.exportFile(name, film.recipes, write);
    }
    if (made) saveFile(made.file, made.name);
  }

  return (
    <section className="save" aria-labelledby="save-title">
      <h2 id="save-title">{touring ? 'Keep the tour' : 'Keep the way from A to B'}</h2>
      <div className="save-choices">
        <Segmented
          label="As what"
          value={kind}
          options={kinds.map((value) => ({ value, label: KINDS[value] }))}
          onChange={setKind}
        />
        <Segmented
          label="Size of each picture"
          value={times}
          options={factors.map((factor, i) => ({ value: i as 0 | 1, label: `${factor * edge} px` }))}
          onChange={setTimes}
        />
        {!touring && kind !== 'sheet' && (
          <>
            <Segmented
              label="Seconds from A to B"
              value={seconds}
              options={SECONDS.map((value) => ({ value, label: `${value} s` }))}
              onChange={setSeconds}
            />
            <label className="check">
              <input type="checkbox" checked={back} onChange={(event) => setBack(event.currentTarget.checked)} />
              And back
            </label>
          </>
        )}
      </div>
      <Doing onSave={() => void save()} possible={possible} current={current} />
    </section>
  );
}

interface DoingProps {
  readonly onSave: () => void;
  readonly possible: boolean;
  /** What was saved last is what would be saved now. */
  readonly current: boolean;
}

/** The button, and what becomes of a press on it. */
function Doing({ onSave, possible, current }: DoingProps) {
  const exporting = useLimn((s) => s.exporting);
  const cancel = useLimn((s) => s.cancelExport);
  const button = useRef<HTMLButtonElement>(null);
  useFocusKept(exporting.state === 'running', () => button.current);
  if (exporting.state === 'running') {
    const { stage, done, total } = exporting.progress;
    // Painting is most of the work of some devices, writing of others: half the bar each.
    const value = (stage === 'paint' ? done / total : 1 + done / total) / 2;
    const words = stage === 'paint' ? `Painting ${done} of ${total}` : `Writing ${done} of ${total}`;
    return (
      <div className="save-doing">
        <div>
          <p>{words}</p>
          <Progress label="Keeping it as a file" value={value} />
        </div>
        <button type="button" ref={button} className="button quiet" onClick={cancel}>
          Cancel
        </button>
      </div>
    );
  }
  return (
    <>
      <div className="save-doing">
        <button type="button" ref={button} className="button quiet" disabled={!possible} onClick={onSave}>
          Save
        </button>
        <p className="said" role="status">
          {current && exporting.state === 'done' && `${exporting.result.name}, ${megabytes(exporting.result.bytes)}.`}
        </p>
      </div>
      {exporting.state === 'failed' && <Failure failure={exporting.failure} retry={onSave} />}
    </>
  );
}

function sheetOf({ touring, walk, form, stops, stripWay, stripSteps }: State) {
  const { model } = form.recipe;
  return touring ? tourSheet({ ...walk, model }, stops) : walkSheet(walk, model, stripWay, stripSteps);
}

function filmOf(state: State, kind: 'png' | 'video', seconds: number, back: boolean) {
  const { touring, walk, form, stops, stripWay, tourPace } = state;
  const { model } = form.recipe;
  const long = touring ? tourPace * ringOf(stops).length : back ? 2 * seconds : seconds;
  const rate = Math.min(RATES[kind], MOST_FRAMES[kind] / long);
  return touring
    ? tourFilm({ ...walk, model }, stops, tourPace, rate)
    : walkFilm(walk, model, stripWay, seconds, back, rate);
}

function namesOf({ touring, walk, stops }: State, kind: Kind): { name: string; title: string } {
  const captions = (touring ? ringOf(stops) : [walk.a, walk.b]).map(({ caption }) => caption.trim());
  const [first = '', second = ''] = captions.map((caption) => plainName(caption, 32));
  const what = kind === 'sheet' ? 'sheet' : touring ? 'tour' : 'between';
  const name = ['limn', what, first, touring ? `and-${captions.length - 1}-more` : second && `to-${second}`]
    .filter(Boolean)
    .join('-');
  return { name, title: captions.join(' → ') };
}

/** Two enlargements, ×4 and ×8 where the model's pictures are small enough. */
function factorsFor(edge: number): readonly number[] {
  return [8, 4, 2, 1]
    .filter((factor) => factor * edge <= MOST_EDGE || factor === 1)
    .slice(0, 2)
    .reverse();
}

function useFilming(edge: number): boolean {
  const [filming, setFilming] = useState(false);
  useEffect(() => {
    let gone = false;
    void canFilm(edge * (factorsFor(edge)[0] ?? 1)).then((can) => {
      if (!gone) setFilming(can);
    });
    return () => {
      gone = true;
    };
  }, [edge]);
  return filming;
}
