/** The commands beside `generate` (tests/cli.test.ts), over the fixture model. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { generate } from '../../src/cli/generate.ts';
import { interpolate } from '../../src/cli/interpolate.ts';
import { invert } from '../../src/cli/invert.ts';
import { caption, score } from '../../src/cli/mirror.ts';
import { UsageError } from '../../src/cli/options.ts';
import { restyle } from '../../src/cli/restyle.ts';
import type { StyleFile } from '../../src/cli/styles.ts';
import { toFailure } from '../../src/failure.ts';
import { readRecipe } from '../../src/image/png.ts';
import type { Recipe } from '../../src/recipe.ts';
import { limn, MODELS } from '../support/limn.ts';
import { decodePng } from '../support/png-reader.ts';

const home = mkdtempSync(join(tmpdir(), 'limn-commands-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const at = (...names: string[]) => join(home, ...names);

type Command = (args: readonly string[], signal: AbortSignal) => Promise<void>;

/** Runs it in this process → what it printed. */
async function run(command: Command, args: readonly string[], signal = new AbortController().signal): Promise<string> {
  let printed = '';
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  try {
    await command([...MODELS, '--backend', 'wasm', ...args], signal);
  } finally {
    write.mockRestore();
  }
  return printed;
}

const json = async <T>(command: Command, args: readonly string[]): Promise<T> =>
  JSON.parse(await run(command, [...args, '--json'])) as T;
const recipeIn = (file: string): Promise<Recipe | null> => readRecipe(new Uint8Array(readFileSync(file)), file);
/** Without the recipe that the file holds beside them. */
const pixelsIn = (file: string): number[] => [...decodePng(new Uint8Array(readFileSync(file))).data];

interface Listed {
  readonly file: string;
}

let painted: string;
beforeAll(async () => {
  const list = await json<Listed[]>(generate, ['--caption', 'a red flower', '--seed', '7', '--out', at('painted')]);
  painted = list[0]!.file;
});

describe('limn interpolate', () => {
  const ends = ['--from', 'a red flower', '--to', 'a blue flower', '--seed', '7'];

  it('paints the way between two captions; each picture knows its place, and z stays', async () => {
    const list = await json<(Listed & { at: number })[]>(interpolate, [...ends, '--steps', '5', '--out', at('way')]);
    expect(list.map((one) => one.at)).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect(readdirSync(at('way')).sort()).toEqual(['0001.png', '0002.png', '0003.png', '0004.png', '0005.png']);
    expect(await recipeIn(list[1]!.file)).toMatchObject({
      caption: 'a red flower',
      seed: 7,
      towards: { caption: 'a blue flower', seed: 7, text: 0.25, noise: 0 },
    });
    // The first end is what generate paints.
    const first = await recipeIn(list[0]!.file);
    expect({ ...first, towards: undefined }).toMatchObject({ ...(await recipeIn(painted)), towards: undefined });
  });

  it('moves z as well where it is told to', async () => {
    const list = await json<Listed[]>(interpolate, [...ends, '--steps', '3', '--to-seed', '9', '--out', at('both')]);
    const towards = { seed: 9, text: 0.5, noise: 0.5 };
    expect(await recipeIn(list[1]!.file)).toMatchObject({ seed: 7, towards });
  });

  it('moves between two styles, whose names may hold dots', async () => {
    mkdirSync(at('odd..name'));
    const [a, b] = [at('odd..name', 'a.json'), at('b.json')];
    const z = [1, 0, 0, 0, 0, 0, 0, 1];
    writeFileSync(a, JSON.stringify({ z }));
    writeFileSync(b, JSON.stringify({ z: z.map((v) => -v), model: 'tiny' }));
    const pair = ['--style', `${a}..${b}`];
    const list = await json<Listed[]>(interpolate, [...ends, ...pair, '--steps', '3', '--out', at('styled')]);
    expect(await recipeIn(list[1]!.file)).toMatchObject({
      style: { z, strength: 1 },
      towards: { noise: 0.5, style: { z: z.map((v) => -v + 0), strength: 1 } },
    });
    const one = await json<Listed[]>(interpolate, [...ends, '--style', b, '--steps', '2', '--out', at('held')]);
    expect(pixelsIn(one[0]!.file)).not.toEqual(pixelsIn(list[0]!.file));
  });
});

describe('limn invert and limn restyle', () => {
  const style = at('z.json');
  let found: StyleFile;
  beforeAll(async () => {
    // Not held to what the tiny style encoder finds, which has learnt nothing.
    const options = ['--steps', '30', '--hold', '0', '--out', style, '--picture', at('rebuilt')];
    found = await json<StyleFile>(invert, [painted, '--caption', 'a red flower', ...options]);
  });

  it('writes z and how near it came', () => {
    expect(JSON.parse(readFileSync(style, 'utf8'))).toEqual(found);
    expect(found).toMatchObject({ model: 'tiny', file: painted, caption: 'a red flower', steps: 30, restarts: 0 });
    expect(found.z).toHaveLength(8);
    expect(found.distance).toBeLessThan(found.first);
  });

  it('shows what it saw and what it found; the recipe in the latter paints it again', async () => {
    expect(readdirSync(at('rebuilt')).sort()).toEqual(['first.png', 'found.png', 'wanted.png']);
    const recipe = await recipeIn(at('rebuilt', 'found.png'));
    expect(recipe).toMatchObject({ caption: 'a red flower', style: { z: found.z, strength: 1 } });
    const again = ['--caption', 'a red flower', '--style', style, '--out', at('again')];
    const [one] = await json<Listed[]>(restyle, again);
    expect({ ...(await recipeIn(one!.file)), seed: 1 }).toEqual({ ...recipe, seed: 1 });
  });

  it('paints captions in that style, as much as it is asked to', async () => {
    writeFileSync(at('captions.txt'), 'a red flower\na blue flower\n');
    const from = ['--captions', at('captions.txt'), '--style', style, '--strength', '0.5', '--seed', '3'];
    const list = await json<(Listed & { caption: string })[]>(restyle, [...from, '--out', at('half')]);
    expect(list.map(({ caption, file }) => ({ caption, file }))).toEqual([
      { caption: 'a red flower', file: at('half', '0001.png') },
      { caption: 'a blue flower', file: at('half', '0002.png') },
    ]);
    expect(await recipeIn(list[1]!.file)).toMatchObject({ seed: 3, style: { z: found.z, strength: 0.5 } });
  });

  it('says that the sentence moved, and how near z is without that', async () => {
    const options = ['--steps', '30', '--hold', '0', '--move-sentence', '--caption', 'a red flower'];
    const moved = await json<StyleFile>(invert, [painted, ...options]);
    expect(moved.moveSentence).toBe(true);
    expect(moved.distance).toBeGreaterThan(moved.moved!);
    expect(found).not.toHaveProperty('moved');
  });

  it('takes a picture for a style, too', async () => {
    const options = ['--style', painted, '--shows', 'a red flower', '--steps', '0', '--caption', 'a blue flower'];
    const [one] = await json<Listed[]>(restyle, [...options, '--out', at('direct')]);
    const guess = await json<StyleFile>(invert, [painted, '--steps', '0', '--caption', 'a red flower']);
    expect(await recipeIn(one!.file)).toMatchObject({ style: { z: guess.z, strength: 1 } });
    expect(guess.distance).toBe(guess.first);
  });

  it('refuses a style of another model, or of another length', async () => {
    writeFileSync(at('roses.json'), JSON.stringify({ ...found, model: 'roses' }));
    writeFileSync(at('short.json'), JSON.stringify({ z: [1, 2] }));
    const from = (name: string) => ['--caption', 'a', '--style', at(name), '--out', at('none')];
    await expect(run(restyle, from('roses.json'))).rejects.toThrow(/style of the model roses, not of tiny/);
    await expect(run(restyle, from('short.json'))).rejects.toThrow(/2 numbers, the model wants 8/);
  });
});

describe('limn caption, limn score and --best-of', () => {
  it('says what pictures show', async () => {
    const list = await json<{ file: string; caption: string; logProbability: number }[]>(caption, [painted, painted]);
    expect(list).toHaveLength(2);
    expect(Object.keys(list[0]!)).toEqual(['file', 'caption', 'logProbability']);
    expect(list[0]).toEqual(list[1]);
    expect(list[0]!.logProbability).toBeLessThan(0);
    expect(await run(caption, [painted])).toBe(`${painted}: ${list[0]!.caption}\n`);
  });

  it('says how well they show a caption', async () => {
    const [one] = await json<Record<string, unknown>[]>(score, [painted, '--caption', 'a red flower']);
    expect(one).toEqual({
      file: painted,
      loss: expect.any(Number) as number,
      similarity: expect.any(Number) as number,
      agreement: expect.any(Number) as number,
      verdict: expect.stringMatching(/^(agrees|partly|differs)$/) as string,
      reads: expect.any(String) as string,
    });
    expect(await run(score, [painted, '--caption', 'a red flower'])).toContain(
      `${painted}: ${String(one!['verdict'])} (`,
    );
  });

  it('keeps the best of every group, under its own seed', async () => {
    const options = [
      '--caption',
      'a red flower',
      '--seed',
      '10',
      '--count',
      '2',
      '--best-of',
      '3',
      '--out',
      at('best'),
    ];
    const list = await json<(Listed & { seed: number; loss: number })[]>(generate, options);
    expect(list.map(({ file }) => file)).toEqual([at('best', '0001.png'), at('best', '0002.png')]);
    expect([10, 11, 12]).toContain(list[0]!.seed);
    expect([13, 14, 15]).toContain(list[1]!.seed);
    for (const { file, seed, loss } of list) {
      expect(await recipeIn(file)).toMatchObject({ caption: 'a red flower', seed });
      expect(loss).toBeGreaterThan(0);
    }
  });
});

describe('what does not hold', () => {
  const OUT = ['--out', at('wrong')];
  it.each<[Command, string[], RegExp]>([
    [interpolate, ['--to', 'a', ...OUT], /--from TEXT is missing/],
    [interpolate, ['--from', 'a', '--to', ' ', ...OUT], /--to: The caption is empty/],
    [interpolate, ['--from', 'a', '--to', 'b', '--steps', '1', ...OUT], /--steps is no whole number from 2/],
    [interpolate, ['--from', 'a', '--to', 'b', '--to-seed', 'x', ...OUT], /--to-seed is no whole number/],
    [interpolate, ['--from', 'a', '--to', 'b', '--style', 'a..b', ...OUT], /expected FILE\.\.FILE/],
    [interpolate, ['--from', 'a', '--to', 'b', '--style', 'package.json', ...OUT], /holds no style: .*style\.z/],
    [interpolate, ['--from', 'a', '--to', 'b', '--style', 'README.md', ...OUT], /README\.md holds no style/],
    [interpolate, ['--from', 'a', '--to', 'b'], /--out DIR is missing/],
    [invert, OUT, /give one FILE/],
    [invert, ['a.png', 'b.png', ...OUT], /give one FILE/],
    [invert, ['a.png'], /--out FILE is missing/],
    [invert, ['a.png', '--steps', '0', '--out', at()], /is a folder; name a file in it, as .*z\.json/],
    [invert, ['a.png', '--restarts', '99', ...OUT], /--restarts is no whole number from 0 to 8/],
    [invert, ['a.png', '--caption', '🌼', ...OUT], /no letter or digit/],
    [invert, [at('none.png'), ...OUT], /none\.png cannot be read/],
    [restyle, ['--caption', 'a', ...OUT], /--style FILE is missing/],
    [restyle, ['--style', 'package.json', ...OUT], /either --caption TEXT or --captions FILE/],
    [restyle, ['--style', at('none.json'), '--caption', 'a', ...OUT], /none\.json cannot be read/],
    [restyle, ['--style', 'package.json', '--caption', 'a', '--strength', '2', ...OUT], /--strength is no number/],
    [caption, [], /at least one FILE/],
    [caption, ['a.png', '--width', '9'], /--width is no whole number from 1 to 5/],
    [score, ['a.png'], /--caption TEXT is missing/],
    [generate, ['--caption', 'a', '--best-of', '0', ...OUT], /--best-of is no whole number from 1/],
  ])('%o %j', async (command, args, words) => {
    const wrong = await run(command, args).then(() => undefined, (error: unknown) => error as Error); // prettier-ignore
    expect(wrong).toBeInstanceOf(UsageError);
    expect(wrong?.message).toMatch(words);
  });

  it('stops when it is cancelled', async () => {
    const abort = new AbortController();
    const report = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    setTimeout(() => abort.abort(), 300);
    const ended = run(invert, [painted, '--steps', '2000', '--out', at('late.json')], abort.signal);
    expect(await ended.then(() => 'done', toFailure)).toEqual({ kind: 'cancelled' }); // prettier-ignore
    report.mockRestore();
    expect(readdirSync(home)).not.toContain('late.json');
  });
});

describe('in a process of its own', { timeout: 60_000 }, () => {
  it('tells a picture that cannot be used in one line, with code 2', async () => {
    const { code, out, err } = await limn(['caption', ...MODELS, 'tests/fixtures/pictures/drawing.svg', '--json']);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toMatch(/^limn: tests\/fixtures\/pictures\/drawing\.svg cannot be used: it is a drawing/m);
    expect(err).not.toMatch(/\n\s+at /);
  });

  it('ends a search with code 130 at Ctrl+C', async () => {
    const picture = ['--picture', at('interrupted')];
    const ended = limn(['invert', ...MODELS, painted, '--steps', '2000', ...picture], {
      interrupted: at('interrupted'),
    });
    expect(await ended).toMatchObject({ code: 130, out: '' });
  });

  it('ends when it is done, whatever keeps the process', async () => {
    const args = ['generate', ...MODELS, '--caption', 'a red flower', '--out', at('held'), '--json'];
    const { code, out } = await limn(args, { held: true });
    expect(code).toBe(0);
    expect(JSON.parse(out)).toHaveLength(1);
  });

  it('names its commands, and knows no other', async () => {
    const help = await limn(['--help']);
    expect(help.code).toBe(0);
    for (const name of ['generate', 'interpolate', 'invert', 'restyle', 'caption', 'score']) {
      expect(help.out).toContain(`limn ${name} `);
    }
    expect(await limn(['dream'])).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining('"dream"') as string,
    });
  });
});
