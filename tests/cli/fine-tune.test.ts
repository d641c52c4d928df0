/** `limn fine-tune`, and painting with what it leaves. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fineTune } from '../../src/cli/fine-tune.ts';
import type { ModelCard, ModelEntry } from '../../src/engine/weights/manifest.ts';
import { UsageError } from '../../src/cli/options.ts';
import { encodePng } from '../../src/image/png.ts';
import { examples } from '../support/lesson.ts';
import { limn, MODELS } from '../support/limn.ts';
import { decodePng } from '../support/png-reader.ts';

const home = mkdtempSync(join(tmpdir(), 'limn-teach-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const at = (...names: string[]) => join(home, ...names);

/** Every picture's caption in metadata.jsonl but the last one's, which stands beside it. */
beforeAll(async () => {
  mkdirSync(at('data'));
  const all = examples(6);
  for (const { name, pixels } of all) writeFileSync(at('data', name), await encodePng(pixels));
  const lines = all.slice(0, -1).map(({ name, caption }) => JSON.stringify({ file_name: name, text: caption }));
  writeFileSync(at('data', 'metadata.jsonl'), lines.join('\n'));
  writeFileSync(at('data', '5.txt'), all[5]!.caption);
});

const teach = (...args: string[]) =>
  limn(['fine-tune', ...MODELS, '--backend', 'wasm', '--data', at('data'), '--batch', '2', '--every', '2', ...args]);

describe('limn fine-tune', () => {
  it('teaches, goes on where it stopped, and leaves a model that generate paints with', async () => {
    const out = at('run');
    // So fast that a few steps, slow as the first ones are, show in the pixels.
    const first = await teach('--steps', '3', '--rate', '1e-2', '--out', out, '--json');
    expect(first.err).not.toMatch(/limn:/);
    const said = JSON.parse(first.out) as { model: string; step: number; history: unknown[] };
    expect(said).toMatchObject({ model: 'my-data', step: 3 });
    expect(said.history).toHaveLength(3);
    const second = await teach('--steps', '5', '--out', out, '--name', 'Tulips');
    expect(second.out).toMatch(/^my-tulips: taught to step 5; paint with limn generate --model /);
    // The curve goes on, the model is the later one alone.
    const curve = readFileSync(join(out, 'curve.jsonl'), 'utf8').trim().split('\n');
    expect(curve.map((line) => (JSON.parse(line) as { step: number }).step)).toEqual([1, 2, 3, 4, 5]);
    expect(readdirSync(out).sort()).toEqual(['curve.jsonl', 'manifest.json', 'my-tulips', 'run', 'sheets']);
    expect(readdirSync(join(out, 'sheets')).sort()).toContain('000000.png');

    const painted = await limn([
      'generate',
      '--model',
      out,
      '--caption',
      'a red flower',
      '--out',
      at('painted'),
      '--json',
    ]);
    const [picture] = JSON.parse(painted.out) as { file: string }[];
    const parent = await limn(['generate', ...MODELS, '--caption', 'a red flower', '--out', at('parent'), '--json']);
    const [other] = JSON.parse(parent.out) as { file: string }[];
    const pixels = (file: string) => decodePng(new Uint8Array(readFileSync(file))).data;
    const before = pixels(other!.file);
    // Stored anew, a model that stood still would differ by one level of 255.
    expect(Math.max(...pixels(picture!.file).map((v, i) => Math.abs(v - before[i]!)))).toBeGreaterThan(2);
  });

  it('goes on by the rate and anchor that it began with, unless others are given', async () => {
    const out = at('slow');
    const recipe = () => {
      const [model] = (JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as { models: ModelEntry[] }).models;
      const card = model!.files.find(({ role }) => role === 'card')!;
      return (JSON.parse(readFileSync(join(out, card.path), 'utf8')) as ModelCard).training.recipe;
    };
    await teach('--steps', '1', '--out', out, '--rate', '1e-5', '--anchor', '2');
    await teach('--steps', '2', '--out', out);
    expect(recipe()).toContain('rate 0.00001, anchor 2,');
    await teach('--steps', '3', '--out', out, '--anchor', '3');
    expect(recipe()).toContain('rate 0.00001, anchor 3,');
  });

  it('goes on by whatever it began with, and says so', async () => {
    const out = at('cut-short');
    const begun = ['fine-tune', ...MODELS, '--backend', 'wasm', '--out', out];
    const options = [
      '--data',
      at('data'),
      '--steps',
      '40',
      '--batch',
      '2',
      '--every',
      '9',
      '--seed',
      '9',
      '--moves',
      'text',
    ];
    await limn([...begun, ...options], { interrupted: join(out, 'curve.jsonl') });
    // The model, too: its folder alone is said.
    const { code, err, out: said } = await limn(begun.filter((_, i) => i !== 3 && i !== 4));
    expect([code, said]).toEqual([0, expect.stringMatching(/taught to step 40;/)]);
    expect(err).toMatch(/^limn: goes on from step \d+ to 40 with the 6 pictures that .* --every 9$/m);
    const again = await limn(begun);
    expect([again.code, again.err]).toEqual([0, expect.stringMatching(/stands at step 40 already; --steps takes it/)]);
  });

  it('refuses other pictures than those that the run began with', async () => {
    const [out, data] = [at('changed'), at('changing')];
    cpSync(at('data'), data, { recursive: true });
    const again = (steps: string) =>
      limn([
        'fine-tune',
        ...MODELS,
        '--backend',
        'wasm',
        '--data',
        data,
        '--batch',
        '2',
        '--out',
        out,
        '--steps',
        steps,
      ]);
    expect((await again('1')).code).toBe(0);
    expect((await again('2')).code).toBe(0);
    writeFileSync(join(data, '5.txt'), 'another flower');
    const other = await again('3');
    expect([other.code, other.err]).toEqual([
      2,
      expect.stringMatching(/5\.png had the caption "a blue flower number 5"\); leave --data out/),
    ]);
  });

  it('comes out the same when Ctrl-C paused it', async () => {
    const [whole, cut] = [at('whole'), at('cut')];
    await teach('--steps', '6', '--out', whole);
    const paused = await limn(
      ['fine-tune', ...MODELS, '--backend', 'wasm', '--data', at('data'), '--batch', '2', '--steps', '6', '--out', cut],
      { interrupted: join(cut, 'curve.jsonl') },
    );
    expect([paused.code, paused.err]).toEqual([130, expect.stringMatching(/Cancelled/)]);
    await teach('--steps', '6', '--out', cut);
    const generator = (out: string) => readFileSync(join(out, 'my-data/generator.safetensors'));
    expect(generator(cut).equals(generator(whole))).toBe(true);
  });

  it.each<[string, string[], RegExp]>([
    ['no data', ['--out', 'x'], /--data DIR is missing/],
    ['no place for the run', ['--data', 'x'], /--out DIR is missing/],
    ['a choice that is none', ['--data', 'x', '--out', 'x', '--moves', 'some'], /not one of all, last-blocks, text/],
    ['a rate beyond bounds', ['--data', 'x', '--out', 'x', '--rate', '1'], /--rate/],
    ['a rate of 0', ['--data', 'x', '--out', 'x', '--rate', '0'], /--rate/],
    ['a batch of one', ['--data', 'x', '--out', 'x', '--batch', '1'], /--batch/],
  ])('refuses %s', async (_what, args, message) => {
    const run = fineTune([...MODELS, ...args], new AbortController().signal);
    await expect(run).rejects.toThrow(UsageError);
    await expect(run).rejects.toThrow(message);
  });

  it('says which pictures have no caption, and which could not be read', async () => {
    const some = at('some');
    mkdirSync(some);
    const two = examples(2);
    for (const { name, pixels } of two) writeFileSync(join(some, name), await encodePng(pixels));
    writeFileSync(join(some, '0.txt'), two[0]!.caption);
    const run = (...args: string[]) => limn(['fine-tune', ...MODELS, '--backend', 'wasm', '--data', some, ...args]);
    const silent = await run('--out', at('a'), '--steps', '1');
    expect([silent.code, silent.err]).toEqual([2, expect.stringMatching(/1\.png has no caption/)]);
    writeFileSync(join(some, '1.txt'), two[1]!.caption);
    writeFileSync(join(some, '2.png'), 'no picture');
    writeFileSync(join(some, '2.txt'), 'a broken flower');
    const broken = await run('--out', at('a'), '--steps', '1', '--batch', '2');
    expect([broken.code, broken.err]).toEqual([0, expect.stringMatching(/passed over: .*2\.png/)]);
  });

  it('teaches on where the curve cannot be written, and tells it', async () => {
    const out = at('no-curve');
    mkdirSync(join(out, 'curve.jsonl'), { recursive: true });
    const { code, out: said, err } = await teach('--steps', '2', '--out', out);
    expect([code, said]).toEqual([2, expect.stringMatching(/^my-data: taught to step 2;/)]);
    expect(err.match(/EISDIR.*/g)).toEqual([expect.stringMatching(/; training goes on$/), expect.any(String)]);
    expect(err).not.toMatch(/\n\s+at /);
    expect(existsSync(join(out, 'my-data', 'generator.safetensors'))).toBe(true);
  });

  it('writes over no models but its own', async () => {
    const out = at('models');
    cpSync('tests/fixtures/models', out, { recursive: true });
    const refused = await teach('--steps', '1', '--out', out);
    expect([refused.code, refused.err]).toEqual([2, expect.stringMatching(/names the model tiny, which is none of/)]);
    writeFileSync(join(out, 'manifest.json'), '{"name": "a page of mine"}');
    const page = await teach('--steps', '1', '--out', out);
    expect([page.code, page.err]).toEqual([2, expect.stringMatching(/manifest\.json is none that fine-tune wrote/)]);
    expect(readFileSync(join(out, 'manifest.json'), 'utf8')).toContain('a page of mine');
  });

  it('leaves the old model where the new one cannot be written', async () => {
    const out = at('held');
    await teach('--steps', '1', '--out', out);
    const generator = () => readFileSync(join(out, 'my-data', 'generator.safetensors'));
    const old = generator();
    // Stands in the way of one file of the new model.
    mkdirSync(join(out, 'my-data', 'card.json.part'));
    expect((await teach('--steps', '2', '--out', out)).code).toBe(1);
    expect(generator().equals(old)).toBe(true);
    rmSync(join(out, 'my-data', 'card.json.part'), { recursive: true });
    expect((await teach('--steps', '2', '--out', out)).code).toBe(0);
    expect(generator().equals(old)).toBe(false);
    // Another name, and the same in the way of it.
    mkdirSync(join(out, 'my-finches', 'card.json.part'), { recursive: true });
    expect((await teach('--steps', '3', '--out', out, '--name', 'Finches')).code).toBe(1);
    rmSync(join(out, 'my-finches', 'card.json.part'), { recursive: true });
    const renamed = await teach('--steps', '3', '--out', out, '--name', 'Finches');
    expect([renamed.code, renamed.out]).toEqual([0, expect.stringMatching(/^my-finches: /)]);
    expect(existsSync(join(out, 'my-data'))).toBe(false);
    const made = join(out, 'my-finches');
    expect(readdirSync(made).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('does not mix two runs in one folder', async () => {
    const out = at('one');
    await teach('--steps', '1', '--out', out);
    const other = await limn(['fine-tune', ...MODELS, '--backend', 'wasm', '--data', at('data'), '--steps', '2', '--seed', '9', '--out', out]); // prettier-ignore
    expect([other.code, other.err]).toEqual([
      2,
      expect.stringMatching(/began with --model tiny, --moves all, --batch 2, --seed 7/),
    ]);
  });
});
