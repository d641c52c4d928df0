import type { ReactNode } from 'react';
import { MAX_SEED } from '../recipe.ts';
import { Icon } from './Icon.tsx';

interface Props {
  /** Whose seed, where there are several. */
  readonly label?: string;
  readonly value: number;
  readonly onChange: (seed: number) => void;
  readonly onRoll: () => void;
  /** Stands between the number and the die. */
  readonly children?: ReactNode;
}

/** A number that one may type, or roll. */
export function SeedField({ label = 'Seed', value, onChange, onRoll, children }: Props) {
  const roll = label === 'Seed' ? 'Roll a new seed' : `Roll a new ${label.charAt(0).toLowerCase()}${label.slice(1)}`;
  return (
    <div className="capsule seed" role="group" aria-label={label}>
      <label>
        {label}
        <input
          type="text"
          inputMode="numeric"
          autoComplete="off"
          spellCheck={false}
          value={value}
          onFocus={(event) => event.currentTarget.select()}
          onChange={(event) => onChange(Math.min(Number(event.currentTarget.value.replace(/\D/g, '')), MAX_SEED))}
        />
      </label>
      {children}
      <button type="button" className="icon-button" aria-label={roll} title={roll} onClick={onRoll}>
        <Icon name="dice" />
      </button>
    </div>
  );
}
