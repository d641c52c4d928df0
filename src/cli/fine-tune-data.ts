/** The pictures and captions that `limn fine-tune` is given: read, and held against those that a run began with. */
import { readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { Pixels } from '../engine/protocol.ts';
import type { Example } from '../engine/protocol-teaching.ts';
import { describe, toFailure } from '../failure.ts';
import { cleanCaption } from '../recipe.ts';
import { kindOf, pair } from '../teach/pairing.ts';
import { readOrRefuse, UsageError } from './options.ts';
import { readPicture } from './pictures.ts';

/** Pictures that cannot be read are told and passed over; a picture without a caption is a mistake. */
export async function readExamples(folder: string, size: number): Promise<Example[]> {
  const listed = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    throw new UsageError(`--data ${folder} cannot be read: ${String(error)}`);
  });
  const paths: string[] = [];
  for (const one of listed) {
    const path = join(one.parentPath, one.name);
    if (one.isFile() || (one.isSymbolicLink() && (await leadsToFile(path)))) {
      paths.push(relative(folder, path).split(sep).join('/'));
    }
  }
  paths.sort();
  const texts = new Map<string, string>();
  for (const path of paths.filter((one) => ['list', 'words'].includes(kindOf(one)))) {
    texts.set(path, (await readOrRefuse(join(folder, path), path)).toString('utf8'));
  }
  const { pairs, faults } = pair(paths, texts);
  for (const { name, why } of faults) process.stderr.write(`limn: ${name}: ${why}\n`);
  const silent = pairs.filter(({ caption }) => caption === '');
  const [first] = silent;
  if (first)
    throw new UsageError(
      `${first.path} has no caption${silent.length > 1 ? `, nor have ${silent.length - 1} more` : ''}`,
    );
  const examples: Example[] = [];
  for (const { path, caption } of pairs) {
    let pixels: Pixels;
    try {
      pixels = await readPicture(join(folder, path), size);
    } catch (error) {
      process.stderr.write(`limn: passed over: ${describe(toFailure(error))}\n`);
      continue;
    }
    examples.push({ pixels, caption, name: path });
  }
  return examples;
}

/** A set of linked pictures is a set; folders that are linked may lead in a circle, so they are told and passed over. */
async function leadsToFile(link: string): Promise<boolean> {
  const end = await stat(link).catch(() => undefined);
  if (end?.isFile()) return true;
  process.stderr.write(`limn: ${link}: passed over: this link leads ${end ? 'to no file' : 'nowhere'}\n`);
  return false;
}

/** Where `read` is not what a run learns from, in words. */
export function differenceOf(kept: readonly Example[], read: readonly Example[]): string | undefined {
  const found = new Map(read.map((one) => [one.name, one]));
  for (const { name, caption, pixels } of kept) {
    const one = found.get(name);
    if (!one) return `${name} is not there any more`;
    if (cleanCaption(one.caption) !== caption) return `${name} had the caption "${caption}"`;
    if (!sameColours(one.pixels, pixels)) return `${name} was another picture`;
    found.delete(name);
  }
  const [added] = found.keys();
  return added === undefined ? undefined : `${added} was not there`;
}

/** A run keeps no transparency. */
const sameColours = (a: Pixels, b: Pixels): boolean =>
  a.data.length === b.data.length && a.data.every((value, i) => i % 4 === 3 || value === b.data[i]);
