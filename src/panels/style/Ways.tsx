import { useLimn } from '../../state/context.ts';
import { WORN_STRENGTH, type Wearable } from '../../state/worn.ts';

interface Props {
  readonly style: Wearable;
  readonly model: string;
}

/** Where a style can go from here. */
export function Ways({ style, model }: Props) {
  const wear = useLimn((s) => s.wearStyle);
  const notify = useLimn((s) => s.notify);
  return (
    <div className="line">
      <button
        type="button"
        className="button"
        onClick={() => {
          wear(style);
          notify({
            tone: 'plain',
            text: `Painting in the style of “${style.name}”, at ${WORN_STRENGTH * 100} %: all the way, every seed would paint the same picture.`,
            lasts: 9000,
          });
        }}
      >
        Use it in Paint
      </button>
      <ToBetween style={style} model={model} />
    </div>
  );
}

function ToBetween({ style, model }: Props) {
  const toEnd = useLimn((s) => s.takeAsEnd);
  const form = useLimn((s) => s.form.recipe);
  const enter = useLimn((s) => s.enter);
  return (['a', 'b'] as const).map((end) => (
    <button
      key={end}
      type="button"
      className="button"
      onClick={() => {
        const { truncation, size } = form;
        toEnd(end, { model, truncation, size, style: { z: style.z, strength: 1 } });
        enter('between');
      }}
    >
      {`As end ${end.toUpperCase()} of Between`}
    </button>
  ));
}
