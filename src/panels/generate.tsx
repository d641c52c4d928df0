/** The Paint room: a caption, a press, pictures. */
import './generate.css';
import { lazy, Suspense, type ReactNode } from 'react';
import { paintsFaces } from '../state/catalogue.ts';
import { useLimn } from '../state/context.ts';
import { Caption } from './generate/Caption.tsx';
import { Pictures } from './generate/Pictures.tsx';
import { StyleChip } from './generate/StyleChip.tsx';
import { Tools } from './generate/Tools.tsx';
import { Trouble } from './generate/Trouble.tsx';

/** For models that paint faces; where they do not come, a description is typed as ever. */
const FaceChips = lazy(async () => {
  const chips = await import('./generate/FaceChips.tsx').catch(() => null);
  return { default: chips?.FaceChips ?? ((): ReactNode => null) };
});

export function Generate() {
  const faces = useLimn(paintsFaces);
  const failed = useLimn(({ painting }) => painting.state === 'failed' && painting.failure.kind !== 'bad-caption');
  const nothing = useLimn(({ batch }) => !batch?.pictures.length);
  return (
    <section className="generate" aria-labelledby="paint-title">
      <h1 id="paint-title" className="visually-hidden">
        Paint a picture from a caption
      </h1>
      <Caption />
      {faces && (
        <Suspense>
          <FaceChips />
        </Suspense>
      )}
      <Tools />
      <StyleChip />
      <Trouble />
      {!(failed && nothing) && <Pictures />}
    </section>
  );
}
