import { useId } from 'react';
import type { Figure } from '../../state/catalogue.ts';

interface Props {
  readonly title: string;
  readonly figures: readonly Figure[];
  readonly note?: string;
}

/** What was measured, with photographs' own value and chance beside it; nothing where nothing was. */
export function Figures({ title, figures, note }: Props) {
  const id = useId();
  if (figures.length === 0) return null;
  return (
    <section>
      <h3 id={id}>{title}</h3>
      <div className="table-scroll" tabIndex={0} role="group" aria-labelledby={id}>
        <table>
          <thead>
            <tr>
              <th scope="col">Figure</th>
              <th scope="col">This model</th>
              <th scope="col">Real photos</th>
              <th scope="col">Chance</th>
            </tr>
          </thead>
          <tbody>
            {figures.map((figure) => (
              <tr key={figure.name}>
                <th scope="row">
                  {figure.name}
                  {better(figure) && <small>{better(figure)} is better</small>}
                  {figure.note !== undefined && <small>{figure.note}</small>}
                </th>
                <td>{shown(figure.value, figure)}</td>
                <td>{shown(figure.real, figure)}</td>
                <td>{shown(figure.chance, figure)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {note !== undefined && <p className="card-note">{note}</p>}
    </section>
  );
}

/** Which way is up: where photographs lie, seen from chance. To be near a photograph is no merit, it may be a copy. */
function better({ name, real, chance }: Figure): 'higher' | 'lower' | null {
  if (real === undefined || chance === undefined || real === chance || name.includes('nearest')) return null;
  return real > chance ? 'higher' : 'lower';
}

function shown(value: number | undefined, { unit }: Figure): string {
  if (value === undefined) return '–';
  const digits = Math.abs(value) >= 100 || Number.isInteger(value) ? 0 : Math.abs(value) >= 10 ? 1 : 3;
  const text = value.toLocaleString('en', { maximumFractionDigits: digits }).replace('-', '−');
  return unit === undefined ? text : unit === '%' ? `${text} %` : `${text} ${unit}`;
}
