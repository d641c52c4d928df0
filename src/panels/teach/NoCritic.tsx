import { chooseModel } from '../../state/begin.ts';
import { fileOf, type Model } from '../../state/catalogue.ts';
import { useLimn, useLimnStore } from '../../state/context.ts';
import { resultOf } from '../../state/job.ts';
import { Arrivals } from './Arrivals.tsx';

/** The model came without the network that judges its pictures; another one may have it. */
export function NoCritic({ model }: { readonly model: Model }) {
  const store = useLimnStore();
  const others = useLimn((s) => resultOf(s.catalogue)?.models);
  const able = others?.filter((other) => fileOf(other, 'critic')) ?? [];
  const kept = useLimn((s) => s.teach.items.length);
  return (
    <>
      <div className="empty-place">
        <p>
          {`${model.name} came without a critic, so there is nobody to tell it how it paints. `}
          {able.length > 0
            ? 'Another model here can learn:'
            : 'No other model here can learn, either; painting works as ever.'}
        </p>
        {able.map((other) => (
          <button key={other.id} type="button" className="button" onClick={() => void chooseModel(store, other.id)}>
            {`Use ${other.name}`}
          </button>
        ))}
        {kept > 0 && (
          <p className="teach-waiting">
            {`${kept === 1 ? 'One picture is' : `${kept} pictures are`} kept here for a model that can be taught.`}
          </p>
        )}
      </div>
      <Arrivals />
    </>
  );
}
