import { useId } from 'react';
import type { Card } from '../../state/catalogue.ts';
import { Figures } from './Figures.tsx';

/** The mirror that comes with a painter: a network of its own, with a card of its own. */
export function Captioner({ card }: { readonly card: NonNullable<Card['captioner']> }) {
  const id = useId();
  return (
    <section className="captioner" aria-labelledby={id}>
      <h3 id={id}>Its mirror</h3>
      <p>{card.recipe}</p>
      <ul className="limits">
        {card.limits.map((limit) => (
          <li key={limit}>{limit}</li>
        ))}
      </ul>
      <Figures title="How well it reads photographs back" figures={card.figures} />
      <details>
        <summary>Licence of the mirror</summary>
        <p>{card.licence}</p>
        {card.notice !== undefined && <p className="card-note notice">{card.notice}</p>}
      </details>
    </section>
  );
}
