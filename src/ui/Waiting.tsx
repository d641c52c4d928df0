import type { ReactNode } from 'react';
import type { WaitWords } from './load-words.ts';
import { Progress } from './Progress.tsx';

interface Props extends WaitWords {
  /** A way to stop it, where there is one. */
  readonly children?: ReactNode;
}

/** A note on what is being waited for, and how far it has come. */
export function Waiting({ title, detail, value, children }: Props) {
  return (
    <div className="loading">
      <p className="loading-title">{title}</p>
      <Progress label={title} value={value} />
      {detail && <p className="loading-detail">{detail}</p>}
      {children}
    </div>
  );
}
