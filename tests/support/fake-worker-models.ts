/** The models of one's own that the fake worker keeps, and the room that there is for them. */
import type { OwnModel } from '../../src/engine/protocol-teaching.ts';
import type { Part } from './fake-worker-parts.ts';

export const keeping: Part = ({ options, post }) => {
  const own = new Map<string, OwnModel>();

  function ownModel(id: string, name: string): OwnModel {
    const file = (role: string) => ({ role, path: `${id}/${role}.safetensors`, bytes: 1e6, sha256: '0'.repeat(64) });
    return {
      entry: {
        ...{ id, name, architecture: 'gan-int-cls', config: {}, sizes: [64] },
        files: [file('generator'), file('encoder')],
      },
      card: {
        ...{
          name,
          summary: 'Taught here.',
          licence: 'MIT',
          figures: [],
          evaluator: 'nobody',
          bytes: 5e6,
          parameters: 4e6,
        },
        data: { name: '24 pictures', source: 'A person’s own', licence: 'Theirs' },
        training: { recipe: 'A few hundred steps', pictures: 800, parent: 'Flowers' },
        ...{ limits: [], defaultTruncation: 1, examples: ['a paper flower'] },
      },
    };
  }

  return {
    storage(id) {
      const { quotaBytes } = options;
      post({
        type: 'done',
        id,
        task: 'storage',
        output: { kind: 'opfs', usedBytes: 1e6, quotaBytes, persisted: true },
      });
    },
    'keep-model'(id, { name }) {
      const model = ownModel(`my-${own.size + 1}`, name);
      own.set(model.entry.id, model);
      post({ type: 'done', id, task: 'keep-model', output: model });
    },
    'own-models'(id) {
      post({ type: 'done', id, task: 'own-models', output: [...own.values()] });
    },
    'forget-model'(id, { model }) {
      own.delete(model);
      post({ type: 'done', id, task: 'forget-model', output: { freedBytes: 1 } });
    },
    'export-model'(id, { model }) {
      const bytes = new TextEncoder().encode(JSON.stringify(own.get(model)));
      const weights = { name: 'weights.safetensors', bytes: new Uint8Array([1, 2, 3]) };
      post({ type: 'done', id, task: 'export-model', output: [{ name: 'manifest.json', bytes }, weights] });
    },
    'import-model'(id) {
      if (options.importFails) return post({ type: 'failed', id, failure: options.importFails });
      const model = ownModel(`my-${own.size + 1}`, 'Brought along');
      own.set(model.entry.id, model);
      post({ type: 'done', id, task: 'import-model', output: model });
    },
  };
};
