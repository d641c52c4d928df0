/** Bytes → SHA-256 as 64 lower-case hexadecimal digits. */
export async function sha256Hex(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = await hash(bytes);
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function hash(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const subtle = (globalThis.crypto as Crypto | undefined)?.subtle;
  if (subtle) return new Uint8Array(await subtle.digest('SHA-256', bytes));
  // Browsers hide SubtleCrypto from pages over plain http, for instance a phone that looks at a computer at home.
  const { sha256 } = await import('@noble/hashes/sha2.js');
  return sha256(bytes);
}
