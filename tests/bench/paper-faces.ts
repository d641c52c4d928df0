/**
 * Faces of cut paper for `training/measure_fine_tune.py`: `node bin/run.js tests/bench/paper-faces.ts OUT` writes those
 * that the page offers to OUT/data, and others, of other captions, to OUT/back, each with its caption beside it.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodePng } from '../../src/image/png.ts';
import { sampleSet } from '../../src/teach/sample-set.ts';

const OFFERED = sampleSet('faces').length;
const [out] = process.argv.slice(2);
if (!out) throw new Error('where to? paper-faces.ts OUT');
for (const part of ['data', 'back']) mkdirSync(join(out, part), { recursive: true });
const all = sampleSet('faces', OFFERED + 200);
const learnt = new Set(all.slice(0, OFFERED).map(({ caption }) => caption));
for (const [i, { name, caption, pixels }] of all.entries()) {
  if (i >= OFFERED && learnt.has(caption)) continue;
  const file = join(out, i < OFFERED ? 'data' : 'back', name);
  writeFileSync(file, await encodePng(pixels));
  writeFileSync(file.replace(/png$/, 'txt'), caption);
}
