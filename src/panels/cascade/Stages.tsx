import { mapOf, wordsAt, type Cascade, type Layer } from '../../state/cascade.ts';
import { useLimn } from '../../state/context.ts';
import { AttentionMap, type Place } from '../../ui/AttentionMap.tsx';
import { share } from '../../ui/format.ts';
import { ImageCanvas } from '../../ui/ImageCanvas.tsx';

/** A place of one stage's map. */
export interface Spot extends Place {
  readonly layer: number;
}

interface Props {
  readonly cascade: Cascade;
  readonly caption: string;
  /** Whose map lies over the pictures. */
  readonly word: number | null;
  readonly spot: Spot | null;
  readonly onSpot: (spot: Spot) => void;
}

/** All stages, the smallest first, at one size for the eye. */
export function Stages({ cascade: { layers, words }, caption, word, spot, onSpot }: Props) {
  const upscaling = useLimn((s) => s.form.upscaling);
  return (
    <ol className="cascade-stages" aria-label="Stages, the smallest first">
      {layers.map(({ pixels, attention }, i) => {
        const map = attention && word !== null ? mapOf(attention, words.length, word) : null;
        const place = spot?.layer === i ? spot : null;
        return (
          <li key={i}>
            <figure>
              {attention ? (
                <AttentionMap
                  pixels={pixels}
                  upscaling={upscaling}
                  label={`${pixels.width} pixels, painted for “${caption}”`}
                  width={attention.width}
                  height={attention.height}
                  map={map && { values: map, most: Math.max(...map, 1e-6) }}
                  place={place}
                  placeWords={place ? placeWords(place, wordsAt(attention, words.length, place.x, place.y), words) : NO_PLACE} // prettier-ignore
                  onPlace={(to) => onSpot({ layer: i, ...to })}
                />
              ) : (
                <Plain layer={{ pixels, attention }} label={`${pixels.width} pixels, painted for “${caption}”`} />
              )}
              <figcaption>{`${pixels.width} px, ${attention ? 'drawn by the words' : 'drawn by the sentence as a whole'}`}</figcaption>
            </figure>
          </li>
        );
      })}
    </ol>
  );
}

const NO_PLACE = 'no place is chosen yet; the arrow keys choose one';

/** "row 5, column 9: yellow 31%, center 22%, a 8%" */
function placeWords({ x, y }: Place, shares: Float32Array, words: readonly string[]): string {
  const best = [...shares.keys()].sort((a, b) => (shares[b] ?? 0) - (shares[a] ?? 0)).slice(0, 3);
  return `row ${y + 1}, column ${x + 1}: ${best.map((i) => `${words[i] ?? ''} ${share(shares[i] ?? 0)}`).join(', ')}`;
}

function Plain({ layer: { pixels }, label }: { readonly layer: Layer; readonly label: string }) {
  const upscaling = useLimn((s) => s.form.upscaling);
  return (
    <div className="square cascade-plain">
      <ImageCanvas pixels={pixels} upscaling={upscaling} edge={720} label={label} />
    </div>
  );
}

/** While they come: what is there already, and places for the others. */
export function StagesComing({
  layers,
  sizes,
}: {
  readonly layers: readonly Layer[];
  readonly sizes: readonly number[];
}) {
  const upscaling = useLimn((s) => s.form.upscaling);
  return (
    <ol className="cascade-stages" aria-label="Stages, the smallest first" aria-busy="true">
      {sizes.map((size, i) => {
        const pixels = layers[i]?.pixels;
        return (
          <li key={size}>
            <figure>
              {pixels ? (
                <div className="square cascade-plain">
                  <ImageCanvas pixels={pixels} upscaling={upscaling} edge={720} label={`${size} pixels`} />
                </div>
              ) : (
                <div className="square cascade-plain place waiting" />
              )}
              <figcaption>{`${size} px`}</figcaption>
            </figure>
          </li>
        );
      })}
    </ol>
  );
}
