import { expect, it } from 'vitest';
import { failureWords } from '../../src/ui/failure-words.ts';

it('a worker that never spoke is a page that is older than its files, not a lack of memory', () => {
  const silent = failureWords({ kind: 'worker-ended', detail: 'it could not start', unheard: true });
  expect(silent.remedy).toBe('reload');
  expect(silent.advice).toContain('older than its files');
  const ended = failureWords({ kind: 'worker-ended', detail: 'out of memory' });
  expect(ended.remedy).toBe('retry');
  expect(ended.advice).toContain('memory runs short');
});

it('a run whose model was replaced is not sent to reload the page', () => {
  const detail = 'Flowers has been replaced by another version.';
  const words = failureWords({ kind: 'parent-changed', detail });
  expect(words).toEqual({ title: 'This run cannot go on.', advice: detail, remedy: null });
});

it('one backend that cannot paint is not all of them', () => {
  const one = failureWords({ kind: 'no-backend', tried: [{ backend: 'webgpu', reason: 'a shader does not compile' }] });
  expect(one).toEqual({
    title: 'WebGPU cannot paint here.',
    advice: 'Another backend may. (a shader does not compile)',
    remedy: 'backend',
  });
  const tried = ['webgpu', 'wasm'].map((backend) => ({ backend, reason: 'it did not start' }));
  expect(failureWords({ kind: 'no-backend', tried }).title).toBe('Nothing in this browser can paint.');
});

it('of a caption it says what is true of every model', () => {
  const advice = (reason: 'too-long' | 'unreadable') => failureWords({ kind: 'bad-caption', reason }).advice;
  // How much of it is read differs: letters here, words there.
  expect(advice('too-long')).toBe('It may have 1,000 characters.');
  // A face has no shape to ask for.
  expect(advice('unreadable')).not.toMatch(/colour|shape|petal/);
});
