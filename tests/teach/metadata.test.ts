import { describe, expect, it } from 'vitest';
import { parseCsv, parseJsonLines } from '../../src/teach/metadata.ts';

describe('metadata.jsonl', () => {
  it('gives a file and its caption a line, under the names that data sets use', () => {
    const text = [
      '{"file_name": "a.jpg", "text": "a red tulip"}',
      '',
      '{"image": "b/c.png", "captions": ["first", "second"]}',
      '{"file_name": "d.png"}',
    ].join('\r\n');
    expect(parseJsonLines('\ufeff' + text)).toEqual({
      lines: [
        { file: 'a.jpg', caption: 'a red tulip' },
        { file: 'b/c.png', caption: 'first' },
        { file: 'd.png', caption: '' },
      ],
      faults: [],
    });
  });

  it('tells of lines that are no JSON or name no file, and goes on', () => {
    const { lines, faults } = parseJsonLines('{"file_name": "a.jpg", "text": "x"}\n{oops\n{"text": "y"}\n[1]\nnull');
    expect(lines).toHaveLength(1);
    expect(faults).toEqual([
      'line 2 is no JSON',
      'line 3 names no file',
      'line 4 names no file',
      'line 5 names no file',
    ]);
  });

  it('takes own fields only', () => {
    const { lines } = parseJsonLines('{"__proto__": {"text": "sneaked in"}, "file_name": "a.jpg"}');
    expect(lines).toEqual([{ file: 'a.jpg', caption: '' }]);
  });
});

describe('metadata.csv', () => {
  it('reads quotes, doubled quotes, commas and line ends within them', () => {
    const text = 'file_name,label,text\r\na.jpg,3,"a ""round"" petal, pink"\nb.jpg,4,"two\nlines"\n\n';
    expect(parseCsv(text)).toEqual({
      lines: [
        { file: 'a.jpg', caption: 'a "round" petal, pink' },
        { file: 'b.jpg', caption: 'two\nlines' },
      ],
      faults: [],
    });
  });

  it('wants a column of file names', () => {
    expect(parseCsv('name,text\na.jpg,x\n')).toEqual({ lines: [], faults: ['it has no column named file_name'] });
    expect(parseCsv('')).toEqual({ lines: [], faults: ['it has no column named file_name'] });
  });

  it('tells of rows without a file', () => {
    expect(parseCsv('file_name,text\n,x\nb.jpg,y').faults).toEqual(['row 2 names no file']);
  });
});
