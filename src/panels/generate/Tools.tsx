import './tools.css';
import { useEffect, useRef } from 'react';
import { COUNTS, type Count } from '../../permalink.ts';
import { MAX_TRUNCATION } from '../../recipe.ts';
import { modelOf } from '../../state/catalogue.ts';
import { useLimn } from '../../state/context.ts';
import { Icon } from '../../ui/Icon.tsx';
import { Segmented } from '../../ui/Segmented.tsx';
import { SeedField } from '../../ui/SeedField.tsx';
import { Slider } from '../../ui/Slider.tsx';
import { BestOfField } from './BestOf.tsx';

const COUNT_OPTIONS = COUNTS.map((value) => ({ value, label: String(value) }));
const NO_SIZES: readonly number[] = [];
const UPSCALING_OPTIONS = [
  { value: 'smooth', label: 'Smooth' },
  { value: 'pixels', label: 'Pixels' },
] as const;
const APPLE = /Mac|iPhone|iPad/.test(navigator.userAgent);

export function Tools() {
  const form = useLimn((s) => s.form);
  const edit = useLimn((s) => s.edit);
  const arrange = useLimn((s) => s.arrange);
  return (
    <div className="tools">
      <PaintButton />
      <SizeField />
      <Segmented<Count>
        label="How many pictures"
        value={form.count}
        options={COUNT_OPTIONS}
        onChange={(count) => arrange({ count })}
      />
      <BestOfField />
      <Seed />
      <Slider
        label="Stray"
        hint="How far a picture may stray from the model’s safest guess: 0 is the safest, 1.5 the boldest."
        value={form.recipe.truncation}
        min={0}
        max={MAX_TRUNCATION}
        step={0.05}
        onChange={(truncation) => edit({ truncation })}
      />
      <Segmented
        label="How pictures are enlarged"
        value={form.upscaling}
        options={UPSCALING_OPTIONS}
        onChange={(upscaling) => arrange({ upscaling })}
      />
    </div>
  );
}

/** Only where a model paints several sizes: the smaller ones are sooner there. */
function SizeField() {
  const size = useLimn((s) => s.form.recipe.size);
  const sizes = useLimn((s) => modelOf(s, s.form.recipe.model)?.sizes ?? NO_SIZES);
  const edit = useLimn((s) => s.edit);
  if (sizes.length < 2) return null;
  const largest = Math.max(...sizes);
  return (
    <label className="capsule best-of" title="Edge of the pictures">
      Size
      <select
        value={size === 0 ? largest : size}
        aria-label="Size of the pictures"
        onChange={(event) => {
          const value = Number(event.currentTarget.value);
          edit({ size: value === largest ? 0 : value });
        }}
      >
        {sizes.map((value) => (
          <option key={value} value={value}>
            {value} px
          </option>
        ))}
      </select>
    </label>
  );
}

function PaintButton() {
  const painting = useLimn((s) => s.painting);
  const paint = useLimn((s) => s.paint);
  const cancel = useLimn((s) => s.cancelPainting);
  const running = painting.state === 'running';
  const paintRef = useRef<HTMLButtonElement>(null);
  const stopRef = useRef<HTMLButtonElement>(null);
  const stopHadFocus = useRef(false);
  // The keyboard must not fall off the page when the button that it stood on goes.
  useEffect(() => {
    if (!running && stopHadFocus.current) paintRef.current?.focus();
    stopHadFocus.current = false;
  }, [running]);
  return (
    <div className="paint-buttons">
      <button
        type="button"
        ref={paintRef}
        className="button primary"
        aria-keyshortcuts="Control+Enter"
        onClick={() => void paint()}
      >
        Paint<kbd>{APPLE ? '⌘ ↵' : 'Ctrl ↵'}</kbd>
      </button>
      {running && (
        <button
          type="button"
          ref={stopRef}
          className="button quiet"
          aria-keyshortcuts="Escape"
          onClick={cancel}
          onFocus={() => (stopHadFocus.current = true)}
          onBlur={(event) => {
            if (event.relatedTarget) stopHadFocus.current = false;
          }}
        >
          Stop<kbd>Esc</kbd>
        </button>
      )}
    </div>
  );
}

function Seed() {
  const { seed } = useLimn((s) => s.form.recipe);
  const locked = useLimn((s) => s.form.seedLocked);
  const edit = useLimn((s) => s.edit);
  const arrange = useLimn((s) => s.arrange);
  const roll = useLimn((s) => s.rollSeed);
  const hint = locked
    ? 'Locked: the next pictures start from this seed again.'
    : 'Unlocked: each painting draws a new seed.';
  return (
    <>
      <SeedField
        value={seed}
        onChange={(seed) => {
          edit({ seed });
          // Who types a seed means this one.
          arrange({ seedLocked: true });
        }}
        onRoll={roll}
      >
        <button
          type="button"
          className="icon-button"
          aria-pressed={locked}
          aria-label="Lock the seed"
          title={hint}
          onClick={() => arrange({ seedLocked: !locked })}
        >
          <Icon name={locked ? 'lock' : 'unlock'} />
        </button>
      </SeedField>
      <p hidden>{hint}</p>
    </>
  );
}
