/** The Paint room: a caption, a press, pictures. */
import './generate.css';
import { lazy, Suspense, useRef, type ReactNode } from 'react';
import { paintsFaces } from '../state/catalogue.ts';
import { useLimn } from '../state/context.ts';
import { useFocusKept } from '../ui/focus-kept.ts';
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
  const title = useRef<HTMLHeadingElement>(null);
  // With the style or the earlier pictures the buttons go that took them away.
  const dressed = useLimn((s) => (s.form.recipe.style ? 1 : 0));
  const earlier = useLimn((s) => s.earlier.length);
  useFocusKept(dressed, () => title.current);
  useFocusKept(earlier, () => title.current);
  return (
    <section className="generate" aria-labelledby="paint-title">
      <h1 id="paint-title" ref={title} tabIndex={-1} className="visually-hidden">
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
