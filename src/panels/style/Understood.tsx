import './understood.css';
import { useLimn } from '../../state/context.ts';
import { foundNow, lookOf, type Found } from '../../state/style.ts';
import { handsFocusOn } from '../../ui/focus-kept.ts';
import { ImageCanvas } from '../../ui/ImageCanvas.tsx';
import { loadWords } from '../../ui/load-words.ts';
import { Segmented } from '../../ui/Segmented.tsx';
import { Waiting } from '../../ui/Waiting.tsx';
import { Refine } from './Refine.tsx';
import { UseIt } from './UseIt.tsx';
import { distanceWords } from './words.ts';

const LOOKS = [
  { value: 'first', label: 'First look' },
  { value: 'refined', label: 'Refined' },
] as const;

/** The picture as the model sees it, beside what it can say of it: no more is understood than is painted there. */
export function Understood() {
  const found = useLimn(foundNow);
  const looking = useLimn((s) => s.style.looking);
  const loading = useLimn((s) => s.loading);
  const cancel = useLimn((s) => s.cancelStyle);
  const look = useLimn((s) => s.lookAgain);
  const running = looking.state === 'running';
  if (!found) {
    // A failure has its own way to try again.
    if (!running) {
      return (
        <div className="style-understood">
          {looking.state !== 'failed' && (
            <button type="button" ref={handsFocusOn} className="button" onClick={() => void look()}>
              Look at it
            </button>
          )}
        </div>
      );
    }
    const words =
      loading.state === 'running' ? loadWords(loading.progress) : loadWords(looking.progress, 'eye for style');
    return (
      <div className="style-understood">
        <Waiting {...words}>
          <button
            type="button"
            ref={handsFocusOn}
            className="button quiet small"
            aria-keyshortcuts="Escape"
            onClick={cancel}
          >
            Stop<kbd>Esc</kbd>
          </button>
        </Waiting>
      </div>
    );
  }
  return (
    <div className="style-understood" aria-busy={running}>
      <Pair found={found} />
      <Refine found={found} />
      <UseIt found={found} />
    </div>
  );
}

function Pair({ found }: { readonly found: Found }) {
  const refining = useLimn((s) => s.style.refining);
  const upscaling = useLimn((s) => s.form.upscaling);
  const use = useLimn((s) => s.chooseLook);
  const look = lookOf(found);
  const running = refining.state === 'running';
  const preview = running ? refining.progress.picture : null;
  return (
    <>
      <div className="style-pair">
        <figure>
          <div className="square">
            <ImageCanvas pixels={found.looked} upscaling={upscaling} label="Your picture, at the model’s size" />
          </div>
          <figcaption>{`Your picture, at ${found.looked.width} pixels`}</figcaption>
        </figure>
        <figure>
          <div className="square">
            <ImageCanvas
              pixels={preview ?? look.pixels}
              upscaling={upscaling}
              label="What the model understood of it"
            />
          </div>
          <figcaption>{preview ? 'On its way' : 'What the model understood'}</figcaption>
        </figure>
      </div>
      <div className="style-distance" hidden={running}>
        <p role="status">{running ? '' : distanceWords(look.distance)}</p>
        {found.refined && !running && (
          <Segmented label="Which answer is used" value={found.use} options={LOOKS} onChange={use} />
        )}
      </div>
    </>
  );
}
