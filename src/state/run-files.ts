/** What a run learns from, as files again: pictures and a list of their captions, for a run after it. */
import type { Example } from '../engine/protocol-teaching.ts';
import { encodePng } from '../image/png.ts';
import type { Incoming } from './take-examples.ts';

/** In a folder of the run's name, which names the set; each in one of its own, since two may be called the same. */
export async function runFiles(run: string, examples: readonly Example[]): Promise<Incoming[]> {
  // A folder that began with a dot would be passed over.
  const folder = run.replaceAll('/', ' ').replace(/^\.+/, '');
  const paths = examples.map(({ name }, i) => `${i}/${name}`);
  const lines = examples.map(({ caption }, i) => JSON.stringify({ file_name: paths[i], text: caption }));
  const list = new TextEncoder().encode(lines.join('\n'));
  const pictures = examples.map(async ({ pixels }, i) => fileOf(`${folder}/${paths[i]}`, await encodePng(pixels)));
  return [fileOf(`${folder}/metadata.jsonl`, list), ...(await Promise.all(pictures))];
}

const fileOf = (path: string, bytes: Uint8Array<ArrayBuffer>): Incoming => ({
  ...{ path, size: bytes.length },
  arrayBuffer: () => Promise.resolve(bytes.buffer),
});
