/** How far z strays where nobody says: as the model's card has it, as in the tab. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { generate } from '../../src/cli/generate.ts';
import { interpolate } from '../../src/cli/interpolate.ts';
import { restyle } from '../../src/cli/restyle.ts';
import { readRecipe } from '../../src/image/png.ts';

const home = mkdtempSync(join(tmpdir(), 'limn-stray-'));
const at = (name: string) => join(home, name);
const card = join(home, 'models', 'tiny', 'card.json');
const suggests = (defaultTruncation: number): void => {
  const told = JSON.parse(readFileSync(card, 'utf8')) as object;
  writeFileSync(card, JSON.stringify({ ...told, defaultTruncation }));
};

beforeAll(() => {
  cpSync('tests/fixtures/models', at('models'), { recursive: true });
  writeFileSync(at('z.json'), JSON.stringify({ z: [1, 0, 0, 0, 0, 0, 0, 1], model: 'tiny' }));
});
afterEach(() => vi.restoreAllMocks());
afterAll(() => rmSync(home, { recursive: true, force: true }));

type Command = (args: readonly string[], signal: AbortSignal) => Promise<void>;

/** The truncation of the first picture that it painted. */
async function strayOf(command: Command, args: readonly string[]): Promise<number | undefined> {
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const where = ['--models', at('models'), '--model', 'tiny', '--backend', 'wasm', '--out', at('painted')];
  await command([...where, ...args], new AbortController().signal);
  const file = join(at('painted'), '0001.png');
  return (await readRecipe(new Uint8Array(readFileSync(file)), file))?.truncation;
}

it.each<[Command, string[]]>([
  [generate, ['--caption', 'a red flower']],
  [generate, ['--caption', 'a red flower', '--best-of', '2']],
  [interpolate, ['--from', 'a red flower', '--to', 'a blue flower', '--steps', '2']],
  [restyle, ['--style', at('z.json'), '--caption', 'a red flower']],
])('%o %j: as the card says, unless it is told', async (command, args) => {
  suggests(0.6);
  expect(await strayOf(command, args)).toBe(0.6);
  expect(await strayOf(command, [...args, '--truncation', '0.9'])).toBe(0.9);
});

it('goes no further than a picture can, and 1 where there is no card', async () => {
  const args = ['--caption', 'a red flower'];
  suggests(3);
  expect(await strayOf(generate, args)).toBe(1.5);
  rmSync(card);
  expect(await strayOf(generate, args)).toBe(1);
});
