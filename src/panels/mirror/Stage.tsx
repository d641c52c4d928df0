import { useLimn } from '../../state/context.ts';
import type { Glass } from '../../state/mirror.ts';
import { Compare } from '../../ui/Compare.tsx';
import { CropField } from '../../ui/CropField.tsx';
import { ImageCanvas } from '../../ui/ImageCanvas.tsx';

/** What is held up: a painted picture, as it changes while it is improved, or a person's own with its square. */
export function Stage({ glass }: { readonly glass: Glass }) {
  const upscaling = useLimn((s) => s.form.upscaling);
  const improvement = useLimn((s) => s.improvement);
  const crop = useLimn((s) => s.cropMirrored);
  const { from, pixels, caption } = glass.held;
  if ('taken' in from) {
    return <CropField label="Your picture" pixels={from.taken.pixels} square={from.square} onChange={crop} />;
  }
  const job = improvement?.job;
  if (job?.state === 'done') {
    return <Compare before={pixels} after={job.result.picture.pixels} upscaling={upscaling} label={caption} />;
  }
  const shown = (job?.state === 'running' && job.progress.pixels) || pixels;
  return (
    <div className="square">
      <ImageCanvas pixels={shown} upscaling={upscaling} edge={720} label={`Painted for “${caption}”`} />
    </div>
  );
}
