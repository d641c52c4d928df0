/** Small files of the page's own folder, with every fault as a Failure. */
import { LimnError } from '../failure.ts';

const MAX_BYTES = 4_000_000;
const TIMEOUT = 20_000;

/** `path` is relative to `base`, the page's own address, so that any folder of any host will do. */
export async function fetchJson(path: string, base: string): Promise<unknown> {
  const url = new URL(path, base).href;
  let text: string;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT) });
    if (!response.ok) throw new LimnError({ kind: 'http', url: path, status: response.status });
    text = await response.text();
  } catch (thrown) {
    if (thrown instanceof LimnError) throw thrown;
    throw new LimnError({ kind: 'network', url: path, detail: thrown instanceof Error ? thrown.message : 'no answer' });
  }
  if (text.length > MAX_BYTES) throw new LimnError({ kind: 'corrupt-download', url: path, detail: 'far too long' });
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new LimnError({ kind: 'corrupt-download', url: path, detail: 'not JSON' });
  }
}
