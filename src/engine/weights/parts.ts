/** Parts of files whose transfer broke off, by SHA-256: the next load goes on from there, as long as the tab is open. */
import type { Part } from './transfer.ts';

export type Parts = Map<string, Part>;

/** Bytes: a part takes its whole file's room. */
const LIMIT = 64 * 2 ** 20;

/** Beyond the limit the oldest go. */
export function keepPart(parts: Parts, sha256: string, part: Part): void {
  parts.set(sha256, part);
  let total = 0;
  for (const [name, { bytes }] of [...parts].reverse()) {
    total += bytes.length;
    if (total > LIMIT) parts.delete(name);
  }
}

/** Whoever takes it is alone with it: two transfers must not write to one buffer. */
export function takePart(parts: Parts | undefined, sha256: string, bytes: number): Part {
  const kept = parts?.get(sha256);
  parts?.delete(sha256);
  if (kept?.bytes.length === bytes) return kept;
  return { bytes: new Uint8Array(bytes), loaded: 0, etag: undefined, resumable: true };
}
