import './plan.css';
import { useEffect, useId, useState } from 'react';
import { BOUNDS, MOVES, settingsFor } from '../../engine/protocol-teaching.ts';
import { modelOf } from '../../state/catalogue.ts';
import { useLimn, useLimnStore } from '../../state/context.ts';
import { free } from '../../state/hindrance.ts';
import { resultOf } from '../../state/job.ts';
import { missingExamples } from '../../teach/limits.ts';
import { handsFocusOn } from '../../ui/focus-kept.ts';
import { megabytes, space, whole } from '../../ui/format.ts';
import { loadWords } from '../../ui/load-words.ts';
import { Segmented } from '../../ui/Segmented.tsx';
import { Slider } from '../../ui/Slider.tsx';
import { Waiting } from '../../ui/Waiting.tsx';
import { count, duration, MOVES_WORDS, offerWords, plural, stepTime } from './words.ts';

/** Around what is advised for a model. */
const ratesFor = (architecture: string | undefined) =>
  [0.25, 0.5, 1, 2].map((part) => {
    const value = part * settingsFor(architecture).rate;
    return { value, label: value.toFixed(7).replace(/0+$/, '') };
  });
const BATCHES = [4, 8, 16, 32].map((value) => ({ value, label: String(value) }));
/** What moves, for how long, and how much of the old is to stay; with the price of it on this device. */
export function Plan() {
  const store = useLimnStore();
  const plan = useLimn((s) => s.plan);
  const setPlan = useLimn((s) => s.setPlan);
  const rehearse = useLimn((s) => s.rehearse);
  const model = useLimn((s) => modelOf(s, s.form.recipe.model));
  const id = model?.id;
  const enough = useLimn((s) => missingExamples(s.teach.items.length) === 0);
  const moving = useLimn((s) => resultOf(s.rehearsal)?.moving);
  const all = useLimn((s) => resultOf(s.rehearsal)?.parameters);
  const options = MOVES.map((value) => {
    const { label } = MOVES_WORDS[value];
    return { value, label: moving ? `${label}, ${count(moving[value])}` : label };
  });
  const advise = useLimn((s) => s.advise);
  useEffect(advise, [id, advise]);
  // Measured as soon as it matters, again for another model, and again where what was measured holds no more.
  const unmeasured = useLimn((s) => s.rehearsal.state === 'idle');
  useEffect(() => {
    if (enough) void rehearse();
  }, [enough, id, rehearse]);
  useEffect(() => {
    // What is running by now is not begun again.
    if (enough && unmeasured && store.getState().rehearsal.state === 'idle') void rehearse();
  }, [enough, unmeasured, rehearse, store]);
  return (
    <section className="teach-plan" aria-labelledby="teach-plan-title">
      <h2 id="teach-plan-title" tabIndex={-1}>
        How
      </h2>
      <div className="teach-choice">
        <Segmented label="What learns" value={plan.moves} options={options} onChange={(moves) => setPlan({ moves })} />
        <p className="aside">
          {MOVES_WORDS[plan.moves].says}
          {moving && all !== undefined && ` ${whole(moving[plan.moves])} of its ${whole(all)} numbers move.`}
        </p>
      </div>
      <div className="line">
        <NumberField label="Steps" value={plan.steps} bounds={BOUNDS.steps} onChange={(steps) => setPlan({ steps })} />
        <Slider
          label="Keep what it knew"
          hint={`How strongly it is held to what it could paint before: 0 lets go, ${settingsFor(model?.architecture).anchor} is sound, more learns less.`}
          value={plan.anchor}
          min={0}
          max={4}
          step={0.25}
          onChange={(anchor) => setPlan({ anchor })}
        />
      </div>
      <details className="teach-more">
        <summary>More</summary>
        <div className="line">
          <span className="teach-labelled">
            <span aria-hidden="true">Pictures a step</span>
            <Segmented
              label="Pictures a step"
              value={plan.batch}
              options={BATCHES}
              onChange={(batch) => setPlan({ batch })}
            />
          </span>
          <span className="teach-labelled">
            <span aria-hidden="true">Learning rate</span>
            <Segmented
              label="Learning rate"
              value={plan.rate}
              options={ratesFor(model?.architecture)}
              onChange={(rate) => setPlan({ rate })}
            />
          </span>
          <NumberField label="Seed" value={plan.seed} bounds={BOUNDS.seed} onChange={(seed) => setPlan({ seed })} />
        </div>
      </details>
      {enough && <Price />}
    </section>
  );
}

/** Measured on the spot, with smaller things to ask for where it is much. */
function Price() {
  const rehearsal = useLimn((s) => s.rehearsal);
  const plan = useLimn((s) => s.plan);
  const room = useLimn((s) => s.storageRoom);
  const setPlan = useLimn((s) => s.setPlan);
  if (rehearsal.state === 'running') {
    const words = rehearsal.progress
      ? loadWords(rehearsal.progress, 'critic')
      : {
          title: 'Measuring a step on this device',
          detail: 'So that you know how long it takes before it begins.',
          value: null,
        };
    return <Waiting {...words} />;
  }
  const measured = resultOf(rehearsal);
  if (!measured?.canTrain) return null;
  const seconds = measured.secondsPerStep * plan.steps;
  const fits = room ? Math.floor(free(room) / Math.max(1, measured.checkpointBytes)) : Infinity;
  return (
    <div className="teach-price" role="status">
      <p>
        {`${plural(plan.steps, 'step')} take about `}
        <b>{duration(seconds)}</b>
        {` here, ${stepTime(measured.secondsPerStep)} a step.`}
      </p>
      <p className="aside">
        {`It is kept as it goes, ${megabytes(measured.checkpointBytes)} at a time`}
        {room && room.quotaBytes !== null && `; the browser has room for ${space(free(room))}`}
        {'. '}
        {fits < 10 && 'That is little: forget a run that you need no more, or free some space on this device. '}
        {room?.kind === 'memory' && 'This browser keeps nothing between visits, so the run ends with the tab. '}
      </p>
      {measured.offers.length > 0 && (
        <div className="line">
          <span className="aside">That is long. Shorter:</span>
          {measured.offers.map(({ change, seconds }) => (
            <button
              key={offerWords(change)}
              ref={handsFocusOn}
              type="button"
              className="button quiet small"
              onClick={() => setPlan(change)}
            >
              {`${offerWords(change)}: ${duration(seconds)}`}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

interface NumberProps {
  readonly label: string;
  readonly value: number;
  readonly bounds: readonly [number, number];
  readonly onChange: (value: number) => void;
}

/** Whole numbers, taken over by Enter or on the way out. What is no number, or none at all, leaves the value as it is. */
function NumberField({ label, value, bounds: [least, most], onChange }: NumberProps) {
  const id = useId();
  const [draft, setDraft] = useState<string | null>(null);
  const commit = () => {
    if (draft && Number.isFinite(Number(draft))) onChange(Math.round(Number(draft)));
    setDraft(null);
  };
  return (
    <label className="capsule written teach-number" htmlFor={id}>
      {label}
      <input
        id={id}
        type="number"
        inputMode="numeric"
        min={least}
        max={most}
        step={1}
        value={draft ?? value}
        onChange={(event) => setDraft(event.currentTarget.value)}
        onBlur={commit}
        onKeyDown={(event) => event.key === 'Enter' && commit()}
      />
    </label>
  );
}
