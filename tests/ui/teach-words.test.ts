import { expect, it } from 'vitest';
import { costOf } from '../../src/panels/teach/words.ts';
import { aRun } from '../support/runs.ts';

it('says which runs are lost with a model', () => {
  const runs = [aRun({ parent: 'my-tulips', name: 'Blue' }), aRun({ parent: 'flowers' })];
  expect(costOf('my-tulips', runs)).toBe('The run “Blue” rests on it and could not go on.');
  const more = [...runs, aRun({ parent: 'my-tulips', name: 'Red' })];
  expect(costOf('my-tulips', more)).toBe('2 runs rest on it and could not go on.');
  expect(costOf('my-roses', runs)).toBeUndefined();
  expect(costOf('my-tulips', null)).toBeUndefined();
});
