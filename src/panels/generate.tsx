/** The Paint room: a caption, a press, pictures. */
import './generate.css';
import { useLimn } from '../state/context.ts';
import { Caption } from './generate/Caption.tsx';
import { Pictures } from './generate/Pictures.tsx';
import { StyleChip } from './generate/StyleChip.tsx';
import { Tools } from './generate/Tools.tsx';
import { Trouble } from './generate/Trouble.tsx';

export function Generate() {
  const failed = useLimn(({ painting }) => painting.state === 'failed' && painting.failure.kind !== 'bad-caption');
  const nothing = useLimn(({ batch }) => !batch?.pictures.length);
  return (
    <section className="generate" aria-labelledby="paint-title">
      <h1 id="paint-title" className="visually-hidden">
        Paint a picture from a caption
      </h1>
      <Caption />
      <Tools />
      <StyleChip />
      <Trouble />
      {!(failed && nothing) && <Pictures />}
    </section>
  );
}
