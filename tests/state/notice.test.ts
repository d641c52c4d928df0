import { describe, expect, it } from 'vitest';
import { fakeStore } from '../support/store.ts';

function notices() {
  const { store } = fakeStore();
  const done: string[] = [];
  const texts = () => store.getState().notices.map(({ text }) => text);
  const undo = (text: string, name = text, label = 'Undo') =>
    store.getState().notify({ tone: 'plain', text, action: { label, run: () => done.push(name) } });
  const tell = (text: string) => store.getState().notify({ tone: 'good', text });
  const press = (at: number) => store.getState().notices.at(at)?.action?.run();
  return { done, texts, undo, tell, press };
}

describe('notices', () => {
  it('with the same words take each other’s place, unless one has a way back', () => {
    const { done, texts, undo, tell, press } = notices();
    tell('copied');
    tell('copied');
    expect(texts()).toEqual(['copied']);
    undo('a.png is removed.', 'first');
    undo('a.png is removed.', 'second');
    expect(texts()).toEqual(['copied', 'a.png is removed.', 'a.png is removed.']);
    press(1);
    press(2);
    expect(done).toEqual(['first', 'second']);
  });

  it('of too many those go first that have no way back', () => {
    const { texts, undo, tell } = notices();
    undo('one');
    tell('two');
    undo('three');
    tell('four');
    expect(texts()).toEqual(['one', 'three', 'four']);
    undo('five');
    expect(texts()).toEqual(['one', 'three', 'five']);
  });

  it('a way back for which there is no room goes along with the newest of its kind, the latest first', () => {
    const { done, texts, undo, tell, press } = notices();
    for (const text of ['one', 'two', 'three', 'four', 'five']) undo(text);
    expect(texts()).toEqual([
      'three',
      'four “Undo” is for 1 before it as well.',
      'five “Undo” is for 1 before it as well.',
    ]);
    press(-1);
    expect(done).toEqual(['five', 'two']);
    press(1);
    expect(done).toEqual(['five', 'two', 'four', 'one']);
    tell('six');
    undo('seven', 'seven', 'Put them back');
    expect(texts()).toHaveLength(4);
    undo('eight');
    expect(texts().at(-1)).toBe('eight “Undo” is for 3 before it as well.');
    expect(texts().at(-2)).toBe('seven');
  });

  it('with a way back stay for at least twenty seconds; those that stay for good still do', () => {
    const { store } = fakeStore();
    const { notify } = store.getState();
    const action = { label: 'Undo', run: () => undefined };
    notify({ tone: 'plain', text: 'one is removed.', action, lasts: 8000 });
    notify({ tone: 'good', text: 'two is copied.', lasts: 5000 });
    notify({ tone: 'trouble', text: 'three failed.', action });
    expect(store.getState().notices.map(({ lasts }) => lasts)).toEqual([20_000, 5000, undefined]);
  });
});
