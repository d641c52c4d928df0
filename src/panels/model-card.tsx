/** The Models room: a card each, as printed on a label. */
import './model-card.css';
import { useEffect } from 'react';
import { begin, chooseModel } from '../state/begin.ts';
import { downloadBytes, isOwn, sampleSheet, timeLapse, type Card, type Model } from '../state/catalogue.ts';
import { useLimn, useLimnStore } from '../state/context.ts';
import { resultOf } from '../state/job.ts';
import { Failure } from '../ui/Failure.tsx';
import { megabytes, whole } from '../ui/format.ts';
import { Progress } from '../ui/Progress.tsx';
import { Captioner } from './model-card/Captioner.tsx';
import { Figures } from './model-card/Figures.tsx';
import { Film } from './model-card/Film.tsx';
import { Shares } from './model-card/Shares.tsx';

const NOTHING: readonly Model[] = [];

export function Models() {
  const store = useLimnStore();
  const catalogue = useLimn((s) => s.catalogue);
  const models = resultOf(catalogue)?.models ?? NOTHING;
  return (
    <section className="models" aria-labelledby="models-title">
      <h1 id="models-title" tabIndex={-1}>
        Models
      </h1>
      <p className="lead">What paints here, what it learned from, and what it cannot do.</p>
      {(catalogue.state === 'running' || catalogue.state === 'idle') && (
        <Progress label="Fetching the list of models" value={null} />
      )}
      {catalogue.state === 'failed' && <Failure failure={catalogue.failure} retry={() => void begin(store, false)} />}
      {catalogue.state === 'done' && models.length === 0 && <p>There are no models in this copy of Limn yet.</p>}
      {models.map((model) => (
        <ModelCard key={model.id} model={model} />
      ))}
    </section>
  );
}

function ModelCard({ model }: { readonly model: Model }) {
  const store = useLimnStore();
  const job = useLimn((s) => s.cards[model.id]);
  const fetchCard = useLimn((s) => s.fetchCard);
  const using = useLimn((s) => s.form.recipe.model === model.id);
  const alone = useLimn((s) => resultOf(s.catalogue)?.models.length === 1);
  const enter = useLimn((s) => s.enter);
  useEffect(() => void fetchCard(model.id), [fetchCard, model.id]);
  const card = resultOf(job);
  const sheet = sampleSheet(model);
  const film = timeLapse(model);
  return (
    <article className="card" aria-labelledby={`model-${model.id}`}>
      <header>
        <h2 id={`model-${model.id}`}>{card?.name ?? model.name}</h2>
        <p className="card-facts">
          {`${model.sizes.map((size) => `${size} px`).join(', ')} · ${megabytes(downloadBytes(model))} ${isOwn(model.id) ? 'to paint with, kept here' : 'to fetch'}`}
          {card && ` · ${whole(card.parameters)} parameters`}
        </p>
        {(!using || !alone) && (
          <button
            type="button"
            className="button quiet"
            disabled={using}
            onClick={() => {
              void chooseModel(store, model.id);
              enter('paint');
            }}
          >
            {using ? 'In use' : 'Paint with it'}
          </button>
        )}
      </header>
      {job?.state === 'running' && <Progress label="Fetching the card" value={null} />}
      {job?.state === 'failed' && <Failure failure={job.failure} retry={() => void fetchCard(model.id)} />}
      {card && <CardBody card={card} />}
      {sheet && (
        <figure className="samples">
          <img src={sheet} alt={`Sample pictures of ${model.name}`} loading="lazy" />
          <figcaption>Samples, not chosen: what it painted for captions that it never saw.</figcaption>
        </figure>
      )}
      {film && <Film address={film} name={card?.name ?? model.name} />}
    </article>
  );
}

function CardBody({ card }: { readonly card: Card }) {
  const { training } = card;
  return (
    <>
      <p className="card-summary">{card.summary}</p>
      <div className="card-columns">
        <section>
          <h3>Learned from</h3>
          <dl>
            <dt>Pictures</dt>
            <dd>{card.data.name}</dd>
            <dt>Source</dt>
            <dd>{card.data.source}</dd>
            <dt>Licence of the data</dt>
            <dd>{card.data.licence}</dd>
            <dt>Licence of the model</dt>
            <dd>{card.licence}</dd>
          </dl>
          {card.data.shares && <Shares shares={card.data.shares} />}
        </section>
        <section>
          <h3>Trained</h3>
          <dl>
            <dt>Pictures seen</dt>
            <dd>{whole(training.pictures)}</dd>
            {training.hours !== undefined && (
              <>
                <dt>Time</dt>
                <dd>{`${Number(training.hours.toFixed(1))} hours`}</dd>
              </>
            )}
            {training.hardware !== undefined && (
              <>
                <dt>On</dt>
                <dd>{training.hardware}</dd>
              </>
            )}
            {training.parent !== undefined && (
              <>
                <dt>Tuned from</dt>
                <dd>{training.parent}</dd>
              </>
            )}
            <dt>Recipe</dt>
            <dd>{training.recipe}</dd>
            <dt>Stray at first</dt>
            <dd>
              {card.defaultTruncation}
              {card.truncationNote !== undefined && `: ${card.truncationNote}`}
            </dd>
          </dl>
        </section>
      </div>
      <Figures title="Measured" figures={card.figures} note={`Measured by ${card.evaluator}`} />
      {card.limits.length > 0 && (
        <section>
          <h3>What it cannot do</h3>
          <ul className="limits">
            {card.limits.map((limit) => (
              <li key={limit}>{limit}</li>
            ))}
          </ul>
        </section>
      )}
      {card.captioner && <Captioner card={card.captioner} />}
    </>
  );
}
