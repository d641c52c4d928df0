/** The room Between: from one caption and style to another, or round a ring of them. */
import './between.css';
import { useEffect } from 'react';
import { modelOf } from '../state/catalogue.ts';
import { useLimn } from '../state/context.ts';
import { Segmented } from '../ui/Segmented.tsx';
import { Ends } from './between/Ends.tsx';
import { Pad } from './between/Pad.tsx';
import { Save } from './between/Save.tsx';
import { Sliders } from './between/Sliders.tsx';
import { Stage } from './between/Stage.tsx';
import { Stops } from './between/Stops.tsx';
import { Strip } from './between/Strip.tsx';
import { Travel } from './between/Travel.tsx';
import { Trouble } from './between/Trouble.tsx';

const MODES = [
  { value: 'pair', label: 'Two captions' },
  { value: 'tour', label: 'Tour' },
] as const;
const UPSCALING = [
  { value: 'smooth', label: 'Smooth' },
  { value: 'pixels', label: 'Pixels' },
] as const;

export function Between() {
  usePainting();
  const touring = useLimn((s) => s.touring);
  const chooseTouring = useLimn((s) => s.chooseTouring);
  const upscaling = useLimn((s) => s.form.upscaling);
  const arrange = useLimn((s) => s.arrange);
  return (
    <section className="between" aria-labelledby="between-title">
      <h1 id="between-title" tabIndex={-1} className="visually-hidden">
        What lies between two captions
      </h1>
      <div className="between-head">
        <Segmented
          label="Where to go"
          value={touring ? 'tour' : 'pair'}
          options={MODES}
          onChange={(mode) => chooseTouring(mode === 'tour')}
        />
        <Segmented
          label="How pictures are enlarged"
          value={upscaling}
          options={UPSCALING}
          onChange={(upscaling) => arrange({ upscaling })}
        />
      </div>
      {touring ? (
        <div className="tour">
          <div className="tour-view">
            <Stage />
            <Travel />
          </div>
          <div className="tour-side">
            <Trouble />
            <Stops />
            <Save />
          </div>
        </div>
      ) : (
        <>
          <Ends />
          <Trouble />
          <div className="walk">
            <Stage />
            <Sliders />
            <Pad />
            <Strip />
            <Save />
          </div>
        </>
      )}
    </section>
  );
}

/** The room is painted while one is in it: when the model is known, when its card and its weights have come. */
function usePainting(): void {
  const model = useLimn((s) => modelOf(s, s.form.recipe.model));
  const card = useLimn((s) => s.cards[s.form.recipe.model]?.state);
  const loaded = useLimn((s) => s.loading.state === 'done');
  const show = useLimn((s) => s.showBetween);
  const leave = useLimn((s) => s.leaveBetween);
  useEffect(() => {
    if (model) show();
  }, [model, card, loaded, show]);
  useEffect(() => leave, [leave]);
}
