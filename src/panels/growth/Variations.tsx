import { useStore } from 'zustand';
import type { StoreApi } from 'zustand/vanilla';
import { MAX_TRUNCATION } from '../../recipe.ts';
import { useLimn } from '../../state/context.ts';
import type { VariationsState } from '../../state/growth-variations.ts';
import { Failure } from '../../ui/Failure.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { ImageCanvas } from '../../ui/ImageCanvas.tsx';
import { Slider } from '../../ui/Slider.tsx';
import { sigmaWords } from './words.ts';

/** Nine faces of the same words: a press takes one to Paint. */
export function Variations({ variations }: { readonly variations: StoreApi<VariationsState> }) {
  const { sigma, tiles, job, begin, chooseSigma, drawOthers, take } = useStore(variations);
  const upscaling = useLimn((s) => s.form.upscaling);
  return (
    <section className="growth-open" aria-labelledby="growth-open-heading">
      <h3 id="growth-open-heading">What the description leaves open</h3>
      <p className="aside">
        A few words fit many faces. So the network turns them into a mean and a spread, and draws one condition from
        there: mean + σ · spread · noise (conditioning augmentation, Zhang et al. 2017).
      </p>
      {job.state === 'failed' && <Failure failure={job.failure} retry={begin} />}
      <div className="growth-sigma">
        <Slider
          label="Stray from the words (σ)"
          hint="How far the drawn condition lies from the words’ mean."
          value={sigma}
          min={0}
          max={MAX_TRUNCATION}
          step={0.05}
          onChange={chooseSigma}
        />
        <button type="button" className="button quiet" onClick={drawOthers}>
          <Icon name="dice" />
          Other variations
        </button>
      </div>
      <p className="growth-note">{`${sigmaWords(sigma)} Press one to take it to Paint.`}</p>
      <ol className="growth-grid" aria-label="Variations" aria-busy={job.state === 'running'}>
        {tiles.map((tile, i) => (
          <li key={i}>
            <button
              type="button"
              className={tile ? 'square growth-tile' : 'square growth-tile place waiting'}
              aria-label={`Variation ${i + 1}: take it to Paint`}
              title="Take it to Paint"
              disabled={!tile}
              onClick={() => tile && take(tile)}
            >
              {tile && <ImageCanvas pixels={tile.pixels} upscaling={upscaling} edge={256} />}
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}
