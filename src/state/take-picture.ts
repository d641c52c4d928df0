/** A person's own picture, on its way in: looked at before it is decoded, and decoded small. */
import { LimnError, toFailure } from '../failure.ts';
import type { Pixels } from '../engine/protocol.ts';
import { badPicture, sniff } from '../image/sniff.ts';
import { MAX_FILE } from '../image/chunks.ts';

/** What is needed of a File. */
export type Dropped = Pick<File, 'name' | 'size' | 'arrayBuffer'>;

/** Upright, in sRGB, at most 1,024 pixels along its longer edge; transparent where the file is. */
export interface Taken {
  /** The file's name, for people; it may hold anything. */
  readonly name: string;
  readonly pixels: Pixels;
}

/** As `image/decode.ts` does it in a page; tests hand in their own. `longest`: its longer edge, pixels. */
export type Decode = (file: Blob, longest?: number) => Promise<Pixels>;

/** Rejects with LimnError `bad-image`, in words that tell what to do. */
export async function takePicture(file: Dropped, decode: Decode, longest?: number): Promise<Taken> {
  const name = file.name.slice(0, 80) || 'the picture';
  // Known without reading it.
  if (file.size > MAX_FILE)
    throw badPicture(name, `the file is larger than ${MAX_FILE / 2 ** 20} MB. Save it smaller first.`);
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = new Uint8Array(await file.arrayBuffer());
  } catch (cause) {
    // A folder, or a file that was moved since.
    throw new LimnError(toFailure(badPicture(name, 'it could not be opened. Choose it again.')), { cause });
  }
  const { format } = sniff(bytes, name);
  try {
    return { name, pixels: await decode(new Blob([bytes], { type: `image/${format}` }), longest) };
  } catch (cause) {
    const detail =
      format === 'heic' || format === 'avif'
        ? `this browser cannot open ${format.toUpperCase()} pictures like this one. Save it as JPEG or PNG first.`
        : 'it is damaged, and the browser could not decode it. Fetch it anew, or save it as PNG or JPEG.';
    throw new LimnError(toFailure(badPicture(name, detail)), { cause });
  }
}
