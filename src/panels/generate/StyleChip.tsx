import './style-chip.css';
import { useEffect } from 'react';
import { useLimn } from '../../state/context.ts';
import { wearableOf } from '../../state/worn.ts';
import { share } from '../../ui/format.ts';
import { Icon } from '../../ui/Icon.tsx';
import { ImageCanvas } from '../../ui/ImageCanvas.tsx';
import { Slider } from '../../ui/Slider.tsx';

/** The style that the pictures wear, how much of it, and a way out of it. */
export function StyleChip() {
  const style = useLimn((s) => s.form.recipe.style);
  const worn = useLimn((s) => s.worn);
  const styles = useLimn((s) => s.styles);
  const room = useLimn((s) => s.style);
  const several = useLimn((s) => s.form.count > 1);
  const setStrength = useLimn((s) => s.setWornStrength);
  const takeOff = useLimn((s) => s.takeOffStyle);
  const fetchStyles = useLimn((s) => s.fetchStyles);
  const dressed = style !== undefined;
  // What is worn may be one that was kept on an earlier visit.
  useEffect(() => {
    if (dressed) void fetchStyles();
  }, [dressed, fetchStyles]);
  if (!style) return null;
  // A link brings only its numbers.
  const look = wearableOf({ worn, styles, style: room }, style.z);
  const name = look?.name ?? 'A found style';
  return (
    <div className="style-chip" role="group" aria-label={`Style: ${name}`}>
      <span className="style-chip-look" aria-hidden="true">
        {look && <ImageCanvas pixels={look.thumbnail} upscaling="smooth" edge={64} />}
      </span>
      <span className="style-chip-name">{name}</span>
      <Slider
        label="Strength"
        hint="How much of this style: at 100 % every seed paints the same picture; a little less keeps several pictures apart."
        value={style.strength}
        min={0}
        max={1}
        step={0.05}
        show={share}
        onChange={setStrength}
      />
      {several && style.strength > 0.95 && <span className="style-chip-hint">All pictures will be alike.</span>}
      <button
        type="button"
        className="icon-button"
        aria-label="Take the style off"
        title="Take the style off"
        onClick={takeOff}
      >
        <Icon name="close" />
      </button>
    </div>
  );
}
