import { describe, expect, it } from 'vitest';
import { kindOf, pair } from '../../src/teach/pairing.ts';

const texts = (...all: [string, string][]) => new Map(all);
const captions = (paths: string[], of = texts()) =>
  Object.fromEntries(pair(paths, of).pairs.map(({ path, caption }) => [path, caption]));

describe('which words belong to which picture', () => {
  it('a list’s, relative to its own folder', () => {
    const list = '{"file_name": "a.png", "text": "one"}\n{"file_name": "deep/b.png", "text": "two"}';
    expect(
      captions(['set/a.png', 'set/deep/b.png', 'set/metadata.jsonl'], texts(['set/metadata.jsonl', list])),
    ).toEqual({
      'set/a.png': 'one',
      'set/deep/b.png': 'two',
    });
  });

  it('by bare name where only one picture has it', () => {
    const list = 'file_name,text\nC:\\somewhere\\a.png,one\nelsewhere/b.png,two\n';
    const { pairs, faults } = pair(['x/a.png', 'x/b.png', 'y/b.png', 'metadata.csv'], texts(['metadata.csv', list]));
    expect(pairs.map(({ caption }) => caption)).toEqual(['one', '', '']);
    expect(faults).toEqual([{ name: 'metadata.csv', why: 'it names elsewhere/b.png, which did not come with it' }]);
  });

  it('name.txt stands above a list, and its first line counts', () => {
    const list = '{"file_name": "a.JPG", "text": "by the list"}';
    const of = texts(['metadata.jsonl', list], ['a.txt', '\ufeffby hand\nanother']);
    expect(captions(['a.JPG', 'a.txt', 'metadata.jsonl'], of)).toEqual({ 'a.JPG': 'by hand' });
  });

  it('captions are cleaned of what cannot be stored', () => {
    expect(captions(['a.png', 'a.txt'], texts(['a.txt', 'nul\0 and \ud800 half']))).toEqual({
      'a.png': 'nul  and   half',
    });
    expect(captions(['a.png', 'a.txt'], texts(['a.txt', 'x'.repeat(5000)]))['a.png']).toHaveLength(1000);
  });

  it('everything that could not be used is told, with its reason', () => {
    const list = '{"file_name": "gone.png", "text": "x"}\n{"file_name": "lost.png", "text": "x"}\nnot json';
    const { pairs, faults } = pair(
      ['a.png', 'lonely.txt', 'metadata.jsonl', 'film.mp4', 'README.md', '.DS_Store', '__MACOSX/._a.png'],
      texts(['metadata.jsonl', list], ['lonely.txt', 'x']),
    );
    expect(pairs).toEqual([{ path: 'a.png', caption: '' }]);
    expect(faults).toEqual([
      { name: 'metadata.jsonl', why: 'line 3 is no JSON' },
      { name: 'metadata.jsonl', why: 'it names gone.png and 1 more, which did not come with it' },
      { name: 'lonely.txt', why: 'there is no picture of the same name' },
      { name: 'film.mp4', why: 'it is neither a picture nor a list of captions' },
    ]);
  });

  it('kinds, by name', () => {
    expect(['a.HEIC', 'metadata.csv', 'a.txt', 'LICENSE', '__MACOSX/a.png', 'a.svg'].map(kindOf)).toEqual([
      'picture',
      'list',
      'words',
      'chaff',
      'chaff',
      'other',
    ]);
  });
});
