/** What `limn fine-tune` reads of a folder. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { readExamples } from '../../src/cli/fine-tune-data.ts';
import { encodePng } from '../../src/image/png.ts';
import { examples, SIZE } from '../support/lesson.ts';

const home = mkdtempSync(join(tmpdir(), 'limn-links-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const at = (...names: string[]) => join(home, ...names);

it('follows links to pictures and words, and tells those that lead to none', async () => {
  for (const folder of ['elsewhere', 'data']) mkdirSync(at(folder));
  const [one, two] = examples(2);
  writeFileSync(at('elsewhere', 'a'), await encodePng(one!.pixels));
  writeFileSync(at('elsewhere', 'words'), one!.caption);
  writeFileSync(at('data', '1.png'), await encodePng(two!.pixels));
  writeFileSync(at('data', '1.txt'), two!.caption);
  symlinkSync(at('elsewhere', 'a'), at('data', '0.png'));
  symlinkSync(at('elsewhere', 'words'), at('data', '0.txt'));
  symlinkSync(at('gone.png'), at('data', '2.png'));
  symlinkSync(at('data'), at('data', 'circle'));
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const read = await readExamples(at('data'), SIZE);
  const lines = said.mock.calls.map(([line]) => String(line));
  said.mockRestore();
  expect(read.map(({ name, caption }) => [name, caption])).toEqual([
    ['0.png', one!.caption],
    ['1.png', two!.caption],
  ]);
  expect(lines).toEqual([
    expect.stringMatching(/2\.png: passed over: this link leads nowhere\n$/),
    expect.stringMatching(/circle: passed over: this link leads to no file\n$/),
  ]);
});
