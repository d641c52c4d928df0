import { useId } from 'react';

interface Props {
  readonly label: string;
  /** What it does, in a sentence. */
  readonly hint: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  /** How its value is shown, and read out. */
  readonly show?: (value: number) => string;
  readonly onChange: (value: number) => void;
}

/** A native range with its name before and its value after it. */
export function Slider({ label, hint, value, min, max, step, show, onChange }: Props) {
  const id = useId();
  return (
    <div className="slider" title={hint}>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="range"
        min={min}
        max={max}
        step={step}
        value={value}
        aria-describedby={`${id}-hint`}
        aria-valuetext={show?.(value)}
        onChange={(event) => onChange(event.currentTarget.valueAsNumber)}
      />
      <output htmlFor={id}>{show ? show(value) : value.toFixed(2)}</output>
      <span id={`${id}-hint`} hidden>
        {hint}
      </span>
    </div>
  );
}
