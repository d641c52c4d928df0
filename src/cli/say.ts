/** Standard output is for what was asked, and with --json for that list alone. */
import type { Engine } from './engine.ts';

export function sayJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 1)}\n`);
}

export function sayLine(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function sayDone(pictures: number, out: string, begun: number, { loaded }: Engine): void {
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  const { backend, adapter } = loaded.device;
  sayLine(`${pictures} ${pictures === 1 ? 'picture' : 'pictures'} in ${out}, ${seconds} s on ${backend} (${adapter})`);
}
