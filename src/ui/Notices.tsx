import './notices.css';
import { useEffect, useRef } from 'react';
import type { Failure } from '../failure.ts';
import { countdown } from './countdown.ts';
import { failureWords } from './failure-words.ts';
import { useFocusKept } from './focus-kept.ts';
import { Icon } from './Icon.tsx';

export interface NoticeView {
  readonly id: number;
  readonly tone: 'good' | 'plain' | 'trouble';
  readonly text: string;
  readonly failure?: Failure;
  readonly action?: { readonly label: string; readonly run: () => void };
  readonly lasts?: number;
}

interface Props {
  readonly notices: readonly NoticeView[];
  readonly onDismiss: (id: number) => void;
}

/** Short messages above the lower edge, newest last; spoken when they come. */
export function Notices({ notices, onDismiss }: Props) {
  /** Where the keyboard was before it came here; null while it is elsewhere. */
  const from = useRef<{ readonly place: Element | null } | null>(null);
  useFocusKept(notices.length, () => {
    const came = from.current;
    from.current = null;
    if (!came) return null;
    const { place } = came;
    return place instanceof HTMLElement && place.isConnected ? place : document.querySelector('main');
  });
  return (
    <div
      className="notices"
      role="status"
      aria-live="polite"
      onFocus={({ currentTarget, relatedTarget }) => {
        if (!currentTarget.contains(relatedTarget)) from.current = { place: relatedTarget };
      }}
      onBlur={({ currentTarget, relatedTarget }) => {
        if (relatedTarget && !currentTarget.contains(relatedTarget)) from.current = null;
      }}
    >
      {notices.map((notice) => (
        <Notice key={notice.id} notice={notice} onDismiss={onDismiss} />
      ))}
    </div>
  );
}

/** Who reads a notice, or stands on the button of one, has all the time. */
const attended = () => document.querySelector('.notices:is(:hover, :focus-within)') !== null;

function Notice({ notice, onDismiss }: { readonly notice: NoticeView } & Pick<Props, 'onDismiss'>) {
  const { id, tone, text, failure, action, lasts } = notice;
  useEffect(() => {
    if (lasts === undefined) return undefined;
    return countdown(lasts, attended, () => onDismiss(id));
  }, [id, lasts, onDismiss]);
  const words = failure && failureWords(failure);
  return (
    <div className={`notice ${tone}`}>
      <p>
        {text}
        {words && <span>{`${words.title} ${words.advice}`}</span>}
      </p>
      {action && (
        <button
          type="button"
          className="button quiet"
          onClick={() => {
            action.run();
            onDismiss(id);
          }}
        >
          {action.label}
        </button>
      )}
      <button type="button" className="icon-button" aria-label="Dismiss" onClick={() => onDismiss(id)}>
        <Icon name="close" />
      </button>
    </div>
  );
}
