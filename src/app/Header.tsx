import '../ui/pill.css';
import './header.css';
import { useEffect, useReducer, useState, type MouseEvent } from 'react';
import { DevicePill } from '../panels/device.tsx';
import { chooseModel } from '../state/begin.ts';
import { downloadBytes, modelOf } from '../state/catalogue.ts';
import { hashOf } from '../state/address.ts';
import { useLimn, useLimnStore } from '../state/context.ts';
import { resultOf } from '../state/job.ts';
import type { Room } from '../state/room.ts';
import { megabytes } from '../ui/format.ts';
import { Icon } from '../ui/Icon.tsx';
import { useTheme } from './theme.ts';

const TABS: readonly { readonly room: Room; readonly label: string }[] = [
  { room: 'paint', label: 'Paint' },
  { room: 'between', label: 'Between' },
  { room: 'style', label: 'Style' },
  { room: 'mirror', label: 'Mirror' },
  { room: 'teach', label: 'Teach' },
  { room: 'models', label: 'Models' },
];

export function Header() {
  const store = useLimnStore();
  const room = useLimn((s) => s.room);
  // A link holds the recipe, which changes with every letter: it is written anew when somebody reaches for it.
  const [, renew] = useReducer((times: number) => times + 1, 0);
  return (
    <header className="header">
      <a className="skip" href="#room" onClick={skip}>
        To the pictures
      </a>
      <span className="mark">Limn</span>
      <nav aria-label="Rooms" onPointerDown={renew} onFocus={renew} onContextMenu={renew}>
        {TABS.map((tab) => (
          <a
            key={tab.room}
            href={hashOf({ ...store.getState(), room: tab.room })}
            aria-current={room === tab.room ? 'page' : undefined}
            onClick={(event) => {
              // Another tab or window is the browser's affair.
              if (event.ctrlKey || event.metaKey || event.shiftKey) return;
              event.preventDefault();
              store.getState().enter(tab.room);
            }}
          >
            {tab.label}
          </a>
        ))}
      </nav>
      <span className="grow" />
      <ModelPill />
      <DevicePill />
      <ThemeButton />
      <ShareButton />
    </header>
  );
}

/** A hash is a recipe here, so the skip link moves the focus itself. */
function skip(event: MouseEvent<HTMLElement>): void {
  event.preventDefault();
  document.querySelector('main')?.focus();
}

function ModelPill() {
  const store = useLimnStore();
  const model = useLimn((s) => modelOf(s, s.form.recipe.model));
  const catalogue = useLimn((s) => s.catalogue);
  const enter = useLimn((s) => s.enter);
  if (!model) return null;
  const models = resultOf(catalogue)?.models ?? [];
  if (models.length > 1) {
    return (
      <select
        className="pill model-pill"
        aria-label="Model"
        value={model.id}
        onChange={(event) => void chooseModel(store, event.currentTarget.value)}
      >
        {models.map((one) => (
          <option key={one.id} value={one.id}>
            {`${one.name}, ${Math.max(...one.sizes)} px, ${megabytes(downloadBytes(one))}`}
          </option>
        ))}
      </select>
    );
  }
  return (
    <button type="button" className="pill model-pill" title="About this model" onClick={() => enter('models')}>
      {`${model.name}, ${Math.max(...model.sizes)} px, ${megabytes(downloadBytes(model))}`}
    </button>
  );
}

function ThemeButton() {
  const [theme, toggle] = useTheme();
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={theme === 'dark' ? 'Light colours' : 'Dark colours'}
      title={theme === 'dark' ? 'Light colours' : 'Dark colours'}
      onClick={toggle}
    >
      <Icon name={theme === 'dark' ? 'sun' : 'moon'} />
    </button>
  );
}

function ShareButton() {
  const store = useLimnStore();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);

  async function share() {
    const url = new URL(location.href);
    const { room } = store.getState();
    url.hash = hashOf(store.getState());
    const holds = room === 'paint' || room === 'between' ? 'holds the recipe, not the pictures' : 'leads to this room';
    try {
      await navigator.clipboard.writeText(url.href);
      setCopied(true);
      store.getState().notify({ tone: 'good', text: `The link is copied. It ${holds}.`, lasts: 5000 });
    } catch {
      history.replaceState(history.state, '', url.hash);
      store
        .getState()
        .notify({ tone: 'plain', text: 'The browser did not allow copying. The address bar holds the link.' });
    }
  }
  return (
    <button type="button" className="button quiet share" onClick={() => void share()}>
      <Icon name="share" />
      <span>{copied ? 'Copied' : 'Share'}</span>
    </button>
  );
}
