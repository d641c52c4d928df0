import './stops.css';
import { useEffect, useRef, type KeyboardEvent } from 'react';
import { useLimn } from '../../state/context.ts';
import { LEAST_STOPS, MOST_STOPS, ringOf, stopAt } from '../../state/tour.ts';
import { Icon } from '../../ui/Icon.tsx';
import { SeedField } from '../../ui/SeedField.tsx';
import { CaptionLine } from './Ends.tsx';
import { Cell } from './Pad.tsx';

/** What has the focus after a list has changed under it: a part of a stop. */
type Wish = { readonly index: number; readonly part: 'up' | 'down' | 'remove' | 'caption' };

/** The ring of captions: each may be written, rolled, moved and removed, by mouse and by keyboard alike. */
export function Stops() {
  const stops = useLimn((s) => s.stops);
  const tiles = useLimn((s) => s.stopTiles);
  // Not the place itself, which changes with every frame.
  const current = useLimn((s) => stopAt(s.stops, s.tourAt));
  const upscaling = useLimn((s) => s.form.upscaling);
  const { editStop, rollStop, addStop, removeStop, moveStop, travelTo } = useActions();
  const list = useRef<HTMLOListElement>(null);
  const wish = useRef<Wish | null>(null);
  useEffect(() => {
    const { index, part } = wish.current ?? {};
    wish.current = null;
    if (index === undefined) return;
    const stop = list.current?.children[index];
    const wanted = stop?.querySelector<HTMLElement>(part === 'caption' ? 'textarea' : `[data-part='${part}']`);
    // At the ring's ends a button to move further is disabled.
    const target = wanted?.matches(':disabled') ? stop?.querySelector<HTMLElement>('textarea') : wanted;
    target?.focus();
  }, [stops]);

  const ring = ringOf(stops);
  const move = (index: number, by: -1 | 1, part: Wish['part']) => {
    wish.current = { index: moveStop(index, by), part };
  };
  const remove = (index: number) => {
    wish.current = { index: Math.min(index, stops.length - 2), part: 'remove' };
    removeStop(index);
  };
  function onKeyDown(event: KeyboardEvent, index: number) {
    if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
    event.preventDefault();
    move(index, event.key === 'ArrowUp' ? -1 : 1, 'caption');
  }
  return (
    <section className="stops-frame" aria-labelledby="stops-title">
      <h2 id="stops-title">Stops of the tour</h2>
      <ol className="stops" ref={list}>
        {stops.map((stop, i) => (
          <li key={i} className="stop" aria-current={stop === current ? 'step' : undefined}>
            <button
              type="button"
              className="stop-picture"
              aria-label={`Go to stop ${i + 1}`}
              onClick={() => travelTo(Math.max(0, ring.indexOf(stop)))}
            >
              <Cell tile={tiles[i] ?? null} upscaling={upscaling} />
            </button>
            {/* Alt and the arrows move the stop; the field itself takes them alone. */}
            <div onKeyDown={(event) => onKeyDown(event, i)}>
              <CaptionLine
                label={`Stop ${i + 1}`}
                caption={stop.caption}
                onChange={(caption) => editStop(i, { caption })}
              >
                <div className="stop-tools">
                  <SeedField
                    label={`Seed ${i + 1}`}
                    value={stop.seed}
                    onChange={(seed) => editStop(i, { seed })}
                    onRoll={() => rollStop(i)}
                  />
                  <StopButton
                    icon="up"
                    label={`Move stop ${i + 1} up`}
                    disabled={i === 0}
                    onClick={() => move(i, -1, 'up')}
                  />
                  <StopButton
                    icon="down"
                    label={`Move stop ${i + 1} down`}
                    disabled={i === stops.length - 1}
                    onClick={() => move(i, 1, 'down')}
                  />
                  <StopButton
                    icon="close"
                    label={`Remove stop ${i + 1}`}
                    disabled={stops.length <= LEAST_STOPS}
                    onClick={() => remove(i)}
                  />
                </div>
              </CaptionLine>
            </div>
          </li>
        ))}
      </ol>
      <button
        type="button"
        className="button quiet"
        disabled={stops.length >= MOST_STOPS}
        onClick={() => {
          wish.current = { index: addStop(), part: 'caption' };
        }}
      >
        <Icon name="plus" />
        Add a stop
      </button>
    </section>
  );
}

function useActions() {
  const editStop = useLimn((s) => s.editStop);
  const rollStop = useLimn((s) => s.rollStop);
  const addStop = useLimn((s) => s.addStop);
  const removeStop = useLimn((s) => s.removeStop);
  const moveStop = useLimn((s) => s.moveStop);
  const travelTo = useLimn((s) => s.travelTo);
  return { editStop, rollStop, addStop, removeStop, moveStop, travelTo };
}

interface ButtonProps {
  readonly icon: 'up' | 'down' | 'close';
  readonly label: string;
  readonly disabled: boolean;
  readonly onClick: () => void;
}

function StopButton({ icon, label, disabled, onClick }: ButtonProps) {
  return (
    <button
      type="button"
      className="icon-button"
      data-part={icon === 'close' ? 'remove' : icon}
      aria-label={label}
      title={label}
      disabled={disabled}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  );
}
