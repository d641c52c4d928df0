import './reading.css';
import type { Reflection } from '../../engine/protocol.ts';
import { useLimn } from '../../state/context.ts';
import type { Glass } from '../../state/mirror.ts';
import { Failure } from '../../ui/Failure.tsx';
import { handsFocusOn } from '../../ui/focus-kept.ts';
import { loadWords } from '../../ui/load-words.ts';
import { Waiting } from '../../ui/Waiting.tsx';

interface Props {
  readonly reading: Glass['reading'];
  readonly onRead: () => void;
  readonly onStop: () => void;
  readonly children: (reflection: Reflection) => React.ReactNode;
}

/** A reading from its beginning to its end, whatever the end may be. */
export function Reading({ reading, onRead, onStop, children }: Props) {
  const painter = useLimn((s) => (s.loading.state === 'running' ? s.loading : null));
  const recovering = useLimn((s) => s.engine.phase === 'recovering');
  const enter = useLimn((s) => s.enter);
  switch (reading.state) {
    case 'idle':
      return (
        <button type="button" ref={handsFocusOn} className="button quiet" onClick={onRead}>
          Read it back
        </button>
      );
    case 'running': {
      const { progress } = reading;
      const words = recovering
        ? { title: 'The graphics device went away', detail: 'Starting again and reading anew.', value: null }
        : painter
          ? loadWords(painter.progress)
          : progress
            ? loadWords(progress, 'mirror')
            : { title: 'Reading the picture', detail: '', value: null };
      return (
        <Waiting {...words}>
          <button type="button" ref={handsFocusOn} className="button quiet small" onClick={onStop}>
            Stop
          </button>
        </Waiting>
      );
    }
    case 'failed':
      return <Failure failure={reading.failure} retry={onRead} caption={() => enter('paint')} />;
    case 'done':
      return children(reading.result);
  }
}
