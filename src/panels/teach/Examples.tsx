import '../../ui/picture-field.css';
import './examples.css';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { captionerOf, modelOf, paintsFaces } from '../../state/catalogue.ts';
import { useLimn, useLimnStore } from '../../state/context.ts';
import { wordlessItems } from '../../state/teach-items.ts';
import { FEWEST, MOST } from '../../teach/limits.ts';
import type { Sample } from '../../teach/cut-paper.ts';
import { placed } from '../../ui/dropped-files.ts';
import { handsFocusOn, useFocusKept } from '../../ui/focus-kept.ts';
import { Icon } from '../../ui/Icon.tsx';
import { ImageCanvas } from '../../ui/ImageCanvas.tsx';
import { loadWords } from '../../ui/load-words.ts';
import { Waiting } from '../../ui/Waiting.tsx';
import { Arrivals } from './Arrivals.tsx';
import { Table } from './Table.tsx';
import { plural } from './words.ts';

const ACCEPTED = 'image/*,.zip,.jsonl,.csv,.txt';

/** The pictures to learn from: how they come in, and what each of them shows. */
export function Examples() {
  const count = useLimn((s) => s.teach.items.length);
  const title = useRef<HTMLHeadingElement>(null);
  const some = count > 0;
  // The button that filled the table, or cleared it, is gone.
  useFocusKept(some, () => title.current);
  return (
    <section className="teach-examples" aria-labelledby="teach-examples-title">
      <h2 id="teach-examples-title" ref={title} tabIndex={-1}>
        Pictures
      </h2>
      {count === 0 ? <Empty /> : <Bar />}
      <Arrivals />
      {count > 0 && <Table />}
    </section>
  );
}

function Empty() {
  const takeSamples = useLimn((s) => s.takeSampleSet);
  const kind = useLimn(paintsFaces) ? 'faces' : 'flowers';
  const [samples, setSamples] = useState<readonly Sample[]>([]);
  useEffect(() => {
    let here = true;
    void import('../../teach/sample-set.ts').then(
      ({ sampleSet }) => here && setSamples(sampleSet(kind, 6)),
      () => undefined,
    );
    return () => {
      here = false;
    };
  }, [kind]);
  return (
    <div className="picture-field teach-empty" data-picture-field role="group" aria-label="Pictures to learn from">
      <div className="picture-field-ways">
        <div className="line">
          <Choose className="button primary">Choose pictures</Choose>
          <Choose className="button quiet" folder>
            Choose a folder
          </Choose>
        </div>
        <p className="picture-field-hint">
          {`Or drop pictures, a folder or a ZIP archive anywhere on this page: ${FEWEST} to ${MOST} pictures. Captions come along in metadata.jsonl or metadata.csv, or in a name.txt beside name.jpg; what is missing can be typed here.`}
        </p>
      </div>
      <div className="teach-samples">
        <p>Nothing at hand? These were cut from paper by the page itself, and belong to nobody.</p>
        <div className="teach-samples-row" aria-hidden="true">
          {samples.map(({ name, pixels }) => (
            <ImageCanvas key={name} pixels={pixels} upscaling="smooth" edge={0} />
          ))}
        </div>
        <button type="button" className="button" onClick={() => void takeSamples()}>
          {`Try with 24 paper ${kind}`}
        </button>
      </div>
    </div>
  );
}

interface ChooseProps {
  readonly className: string;
  readonly folder?: boolean;
  readonly children: ReactNode;
}

function Choose({ className, folder = false, children }: ChooseProps) {
  const take = useLimn((s) => s.takeExamples);
  return (
    <label className={className}>
      <input
        type="file"
        className="visually-hidden"
        multiple
        // React knows no attribute for folders.
        ref={(input) => void input?.toggleAttribute('webkitdirectory', folder)}
        {...(!folder && { accept: ACCEPTED })}
        onChange={(event) => {
          const files = [...(event.currentTarget.files ?? [])];
          if (files.length > 0) void take(files.map((file) => placed(file)));
          // The same files may be chosen again.
          event.currentTarget.value = '';
        }}
      />
      {children}
    </label>
  );
}

/** What can be done with the pictures as a whole. */
function Bar() {
  const store = useLimnStore();
  const teach = useLimn((s) => s.teach);
  const model = useLimn((s) => modelOf(s, s.form.recipe.model));
  const { describeItems, stopDescribing, clearItems, notify } = store.getState();
  const { describing } = teach;
  const silent = wordlessItems(teach).length;
  const running = describing.state === 'running' ? describing.progress : null;
  return (
    <>
      <div className="line" data-picture-field>
        <p className="teach-count">{plural(teach.items.length, 'picture')}</p>
        <Choose className="button quiet small">Add pictures</Choose>
        <Choose className="button quiet small" folder>
          Add a folder
        </Choose>
        {silent > 0 && model && captionerOf(model) && !running && (
          <button
            ref={handsFocusOn}
            type="button"
            className="button quiet small"
            title="A first draft: the mirror knows only the words that it learned"
            onClick={() => void describeItems()}
          >
            {`Describe ${silent === 1 ? 'the one' : `the ${silent}`} without words by the mirror`}
          </button>
        )}
        <button
          type="button"
          className="button quiet small"
          onClick={() => {
            const run = clearItems();
            notify({
              tone: 'plain',
              text: 'The pictures are put aside.',
              action: { label: 'Undo', run },
              lasts: 10_000,
            });
          }}
        >
          <Icon name="close" />
          Remove all
        </button>
      </div>
      {teach.kept && <p className="aside">Kept in this browser until you begin, or remove them.</p>}
      {running && (
        <Waiting
          {...(running.fetching
            ? loadWords(running.fetching, 'mirror')
            : {
                title: `The mirror describes picture ${running.done + 1} of ${running.total}`,
                detail: 'Only a first draft: read it over.',
                value: running.done / running.total,
              })}
        >
          <button ref={handsFocusOn} type="button" className="button quiet small" onClick={stopDescribing}>
            Stop
          </button>
        </Waiting>
      )}
    </>
  );
}
