import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { limn, MODELS } from './support/limn.ts';

const home = mkdtempSync(join(tmpdir(), 'limn-cli-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const paint = (out: string, ...args: string[]) => ['generate', ...MODELS, '--out', join(home, out), ...args];

describe('limn generate', { timeout: 60_000 }, () => {
  it('reads captions with a byte order mark, CRLF and empty lines; --json prints the list and nothing else', async () => {
    const captions = join(home, 'captions.txt');
    writeFileSync(captions, '\ufeffa red flower\r\n\r\na blue flower\r\n');
    const { code, out } = await limn(paint('list', '--captions', captions, '--count', '2', '--seed', '7', '--json'));
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual(
      ['a red flower', 'a red flower', 'a blue flower', 'a blue flower'].map((caption, i) => ({
        caption,
        seed: 7 + i,
        file: join(home, 'list', `000${i + 1}.png`),
      })),
    );
    expect(readdirSync(join(home, 'list')).sort()).toEqual(['0001.png', '0002.png', '0003.png', '0004.png']);
  });

  it('stops at Ctrl+C, in the middle of a caption, and prints no list', async () => {
    const { code, out } = await limn(paint('long', '--caption', 'a red flower', '--count', '10000', '--json'), {
      interrupted: join(home, 'long', '00001.png'),
    });
    expect(code).toBe(130);
    expect(out).toBe('');
    expect(readdirSync(join(home, 'long')).length).toBeLessThan(10_000);
  });

  it('does not mind a reader that went away', async () => {
    const { code, err } = await limn(paint('pipe', '--caption', 'a red flower', '--json'), { closed: true });
    expect(code).toBe(0);
    expect(err).not.toContain('EPIPE');
  });

  it('names the file that it cannot write', async () => {
    mkdirSync(join(home, 'taken', '0001.png'), { recursive: true });
    const { code, err } = await limn(paint('taken', '--caption', 'a red flower'));
    expect(code).toBe(1);
    expect(err).toContain(join('taken', '0001.png'));
  });

  it.each<[args: string[], words: RegExp]>([
    [[], /either --caption TEXT or --captions FILE/],
    [['--caption', ' '], /caption is empty/],
    [['--caption', 'a', '--count', '0'], /--count is no whole number from 1/],
    [['--caption', 'a', '--count', '1000000000'], /--count is no whole number/],
    [['--caption', 'a', '--seed=-1'], /--seed is no whole number/],
    [['--caption', 'a', '--truncation', 'NaN'], /--truncation is no number/],
    [['--caption', 'a', '--size', '65'], /not 65/],
    [['--caption', 'a', '--backend', 'webgl'], /--backend webgl is not one of webgpu, wasm, cpu, auto/],
    [['--caption', 'a', '--model', '../tiny'], /no model named/],
    [['--caption', 'a', '--out', ''], /--out DIR is missing/],
    [['--caption', 'a', '--out', 'package.json'], /--out package\.json cannot be made a folder/],
    [['--captions', 'src'], /--captions src cannot be read/],
    [['--caption', 'a', '--bogus'], /Unknown option '--bogus'/],
  ])('%j: one word and code 2', async (args, words) => {
    const { code, out, err } = await limn(paint('wrong', ...args));
    expect(code).toBe(2);
    expect(err).toMatch(words);
    expect(err).not.toMatch(/\n\s+at /);
    expect(out).toBe('');
  });
});
