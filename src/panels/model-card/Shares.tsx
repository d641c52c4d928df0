import type { Card } from '../../state/catalogue.ts';

interface Props {
  readonly shares: NonNullable<Card['data']['shares']>;
}

/** How many of the pictures that a model learnt from have which label. */
export function Shares({ shares }: Props) {
  return (
    <details className="shares">
      <summary>{`What they show, by ${shares.length} labels`}</summary>
      <ul>
        {shares.map(({ name, share }) => (
          <li key={name}>
            {name} <span>{`${Math.round(100 * share)} %`}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
