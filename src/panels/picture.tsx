/** One picture large, with its recipe and all that can be done with it. */
import './picture.css';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { encodePng } from '../image/png.ts';
import type { Upscaling } from '../permalink.ts';
import { modelOf } from '../state/catalogue.ts';
import { useLimn } from '../state/context.ts';
import type { Painted } from '../state/history.ts';
import { isBetween } from '../state/walk.ts';
import { matchWords, share } from '../ui/format.ts';
import { Icon } from '../ui/Icon.tsx';
import { ImageCanvas } from '../ui/ImageCanvas.tsx';
import { Segmented } from '../ui/Segmented.tsx';
import { plainName, saveFile } from '../ui/save-file.ts';
import { enlarged } from '../ui/upscale.ts';
import { BetweenActions } from './picture/BetweenActions.tsx';
import { GrowthActions } from './picture/GrowthActions.tsx';
import { InsideActions } from './picture/InsideActions.tsx';
import { MirrorActions } from './picture/MirrorActions.tsx';
import { StyleActions } from './picture/StyleActions.tsx';

/** Edge of a saved or copied picture that was enlarged, pixels. */
const LARGE = 512;

export function PictureDialog() {
  const viewer = useLimn((s) => s.viewer);
  const picture = viewer?.pictures[viewer.index];
  return viewer && picture ? <Open picture={picture} index={viewer.index} of={viewer.pictures.length} /> : null;
}

interface Props {
  readonly picture: Painted;
  readonly index: number;
  readonly of: number;
}

function Open({ picture, index, of }: Props) {
  const upscaling = useLimn((s) => s.form.upscaling);
  const turn = useLimn((s) => s.turn);
  const close = useLimn((s) => s.closePicture);
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    // Strict mode runs effects twice.
    if (!element || element.open) return;
    element.showModal();
    // By itself the dialog chooses its first button, which at the first picture leads nowhere.
    element.querySelector<HTMLElement>('button:not([aria-disabled="true"])')?.focus();
  }, []);

  // Closed by itself, the dialog gives the focus back to where it was; its event comes later.
  const shut = () => {
    dialog.current?.close();
    close();
  };

  function onKeyDown(event: KeyboardEvent) {
    // A radio button has its own use for the arrows.
    if (event.target instanceof HTMLInputElement) return;
    if (event.key === 'ArrowLeft') turn(-1);
    else if (event.key === 'ArrowRight') turn(1);
    else return;
    event.preventDefault();
  }
  const { recipe, pixels } = picture;
  return (
    <dialog
      ref={dialog}
      className="large-dialog picture-dialog"
      aria-labelledby="picture-caption"
      onClose={close}
      onKeyDown={onKeyDown}
      // A click beside the sheet falls on the dialog itself.
      onClick={(event) => event.target === event.currentTarget && shut()}
    >
      <div className="sheet">
        <div className="stage">
          <ImageCanvas
            pixels={pixels}
            upscaling={upscaling}
            edge={1024}
            label={`Painted for “${recipe.caption}”, seed ${recipe.seed}`}
          />
          {of > 1 && (
            <>
              <button
                type="button"
                className="icon-button turn back"
                aria-label="Previous picture"
                aria-disabled={index === 0}
                onClick={() => turn(-1)}
              >
                <Icon name="left" />
              </button>
              <button
                type="button"
                className="icon-button turn forth"
                aria-label="Next picture"
                aria-disabled={index === of - 1}
                onClick={() => turn(1)}
              >
                <Icon name="right" />
              </button>
            </>
          )}
        </div>
        <div className="about">
          <button type="button" className="icon-button close" aria-label="Close" onClick={shut}>
            <Icon name="close" />
          </button>
          <h2 id="picture-caption">{recipe.caption}</h2>
          <RecipeList picture={picture} index={index} of={of} />
          <Actions picture={picture} upscaling={upscaling} />
        </div>
      </div>
    </dialog>
  );
}

function RecipeList({ picture: { id, recipe, pixels }, index, of }: Props) {
  const model = useLimn((s) => modelOf(s, recipe.model)?.name ?? recipe.model);
  const match = useLimn((s) => s.batch?.best?.matches.get(id));
  return (
    <dl className="recipe">
      <dt>Seed</dt>
      <dd>{recipe.seed}</dd>
      {recipe.towards && (
        <>
          <dt>Towards</dt>
          <dd>{`${recipe.towards.caption}, seed ${recipe.towards.seed}`}</dd>
          <dt>Words</dt>
          <dd>{share(recipe.towards.text)}</dd>
          <dt>Style</dt>
          <dd>{share(recipe.towards.noise)}</dd>
        </>
      )}
      {recipe.style && (
        <>
          <dt>Found style</dt>
          <dd>{share(recipe.style.strength)}</dd>
        </>
      )}
      <dt>Stray</dt>
      <dd>{recipe.truncation.toFixed(2)}</dd>
      <dt>Model</dt>
      <dd>{model}</dd>
      <dt>Size</dt>
      <dd>{`${pixels.width} × ${pixels.height}`}</dd>
      {match && (
        <>
          <dt>Mirror</dt>
          <dd>{matchWords(match)}</dd>
        </>
      )}
      <dt>Picture</dt>
      <dd aria-live="polite">{`${index + 1} of ${of}`}</dd>
    </dl>
  );
}

function Actions({ picture, upscaling }: { readonly picture: Painted; readonly upscaling: Upscaling }) {
  const paintMoreLike = useLimn((s) => s.paintMoreLike);
  const notify = useLimn((s) => s.notify);
  const { recipe, pixels } = picture;
  const factor = Math.max(1, Math.floor(LARGE / pixels.width));
  const [times, setTimes] = useState(1);
  // Of this picture: when its neighbour is open, nothing was said yet.
  const [told, setTold] = useState({ of: picture, said: '' });
  const said = told.of === picture ? told.said : '';
  const setSaid = (said: string) => setTold({ of: picture, said });
  const file = async () => {
    const png = await encodePng(enlarged(pixels, Math.min(times, factor), upscaling), recipe);
    return new Blob([png], { type: 'image/png' });
  };

  async function save() {
    // The same words once more are heard once more.
    setSaid('');
    saveFile(await file(), `limn-${[plainName(recipe.caption), recipe.seed].filter(Boolean).join('-')}.png`);
    setSaid('Saved. Drop it on this page some day, and its recipe is back.');
  }

  async function copy() {
    setSaid('');
    try {
      // A promise, not its value: Safari wants the item made within the press.
      await navigator.clipboard.write([new ClipboardItem({ 'image/png': file() })]);
      setSaid('Copied.');
    } catch {
      setSaid('The browser did not allow copying; saving will work.');
    }
  }

  return (
    <div className="actions">
      {!isBetween(recipe) && (
        <button
          type="button"
          className="button primary"
          onClick={(event) => {
            event.currentTarget.closest('dialog')?.close();
            notify({
              tone: 'plain',
              text: `Seed ${recipe.seed} is locked: change the words, and the arrangement stays.`,
              lasts: 8000,
            });
            void paintMoreLike(recipe);
          }}
        >
          Paint more like this
        </button>
      )}
      <div className="actions-row">
        <button type="button" className="button quiet" onClick={() => void save()}>
          Save PNG
        </button>
        <button type="button" className="button quiet" onClick={() => void copy()}>
          Copy
        </button>
        {factor > 1 && (
          <Segmented
            label="Size of the saved or copied picture"
            value={times}
            options={[
              { value: 1, label: `${pixels.width} px` },
              { value: factor, label: `${pixels.width * factor} px` },
            ]}
            onChange={setTimes}
          />
        )}
      </div>
      <BetweenActions picture={picture} />
      <InsideActions picture={picture} />
      <GrowthActions picture={picture} />
      <MirrorActions picture={picture} />
      <StyleActions picture={picture} />
      <p className="said" role="status">
        {said}
      </p>
    </div>
  );
}
