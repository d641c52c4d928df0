import { LimnError, type Failure } from '../../../src/failure.ts';

/** A safetensors file put together by hand, so that it may be wrong in any way. */
export function rawFile(header: unknown, data: Uint8Array = new Uint8Array(0), statedLength?: bigint): Uint8Array {
  const json =
    header instanceof Uint8Array
      ? header
      : new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const file = new Uint8Array(8 + json.length + data.length);
  new DataView(file.buffer).setBigUint64(0, statedLength ?? BigInt(json.length), true);
  file.set(json, 8);
  file.set(data, 8 + json.length);
  return file;
}

/** What `run` throws or rejects with, which must be a LimnError. */
export async function failureOf(run: () => unknown): Promise<Failure> {
  try {
    await run();
  } catch (error) {
    if (error instanceof LimnError) return error.failure;
    throw error;
  }
  throw new Error('nothing was thrown');
}

/** The detail of a bad-weights failure; fails on any other. */
export function badWeightsOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof LimnError && error.failure.kind === 'bad-weights') return error.failure.detail;
    throw error;
  }
  throw new Error('nothing was thrown');
}
