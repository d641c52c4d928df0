import './empty.css';
import { begin } from '../../state/begin.ts';
import { useLimn, useLimnStore } from '../../state/context.ts';
import { Failure } from '../../ui/Failure.tsx';
import { loadWords } from '../../ui/load-words.ts';
import { Waiting } from '../../ui/Waiting.tsx';
import { Choose } from './Choose.tsx';

/** Before anything is held up: what the mirror is for, and one press to see it. */
export function Empty() {
  const store = useLimnStore();
  const paint = useLimn((s) => s.paint);
  const enter = useLimn((s) => s.enter);
  const painting = useLimn((s) => s.painting);
  const loading = useLimn((s) => s.loading);
  const catalogue = useLimn((s) => s.catalogue);
  if (painting.state === 'running' || loading.state === 'running') {
    const words =
      loading.state === 'running'
        ? loadWords(loading.progress)
        : { title: 'Painting something to read back', detail: '', value: null };
    return <Waiting {...words} />;
  }
  const failure = [painting, loading, catalogue].find((job) => job.state === 'failed')?.failure;
  return (
    <>
      {failure && (
        <Failure
          failure={failure}
          retry={() => void (catalogue.state === 'failed' ? begin(store, true) : paint())}
          caption={() => enter('paint')}
        />
      )}
      <div className="empty-place mirror-empty">
        <p>
          The mirror looks at a picture and writes down what it sees. Hold one up, and you see what was painted well.
        </p>
        <button type="button" className="button primary" onClick={() => void paint()}>
          Paint something and read it back
        </button>
      </div>
      <Choose held={null} />
    </>
  );
}
