/**
 * What a file is and how large its picture would be, from the header alone and by content, never by name: nothing is
 * decoded before it is known to fit in memory. Everything that is not named here is refused, drawings (SVG) included.
 */
import { LimnError } from '../failure.ts';
import { MAX_FILE, MAX_PIXELS } from './chunks.ts';

export const FORMATS = ['png', 'jpeg', 'webp', 'gif', 'bmp', 'avif', 'heic'] as const;
export type Format = (typeof FORMATS)[number];

export interface Sniffed {
  readonly format: Format;
  /** As the file has them; a turned photograph (EXIF) is shown the other way round. */
  readonly width: number;
  readonly height: number;
}

/** Canvases end near here. */
export const MAX_EDGE = 16_384;

/** For file dialogs: what `sniff` knows. */
export const ACCEPTED = FORMATS.map((format) => `image/${format}`).join(',');

type Size = readonly [width: number, height: number];
type Reader = (view: DataView<ArrayBuffer>) => Size;

/** The bytes of a file → what it holds. Throws `bad-image`, with words that tell what to do. */
export function sniff(bytes: Uint8Array<ArrayBuffer>, file: string): Sniffed {
  if (bytes.length === 0) throw badPicture(file, 'the file is empty. Choose another one.');
  if (bytes.length > MAX_FILE) {
    throw badPicture(file, `the file is larger than ${MAX_FILE / 2 ** 20} MB. Save it smaller first.`);
  }
  const format = formatOf(bytes);
  if (!format) {
    throw badPicture(
      file,
      /^\s*<(?:\?xml|!DOCTYPE|svg)/i.test(text(bytes, 0, 64).replace(/^[^<]*/, ''))
        ? 'it is a drawing or a page, not a picture. Save it as PNG or JPEG first.'
        : 'it is not a picture that can be read here. PNG, JPEG, WebP, GIF, BMP and AVIF can.',
    );
  }
  let size: Size;
  try {
    size = READERS[format](new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  } catch (thrown) {
    if (thrown instanceof RangeError) throw badPicture(file, 'it ends in the middle. Fetch or save it anew.');
    throw thrown;
  }
  const [width, height] = size;
  if (!(width > 0 && height > 0)) {
    throw badPicture(file, 'its size cannot be read. Save it anew as PNG or JPEG.');
  }
  if (width > MAX_EDGE || height > MAX_EDGE || width * height > MAX_PIXELS) {
    const [w, h, most] = [width, height, MAX_EDGE].map((n) => n.toLocaleString('en'));
    throw badPicture(
      file,
      `it has ${w} × ${h} pixels. At most ${MAX_PIXELS / 1e6} million fit, and ${most} along an edge: save it smaller first.`,
    );
  }
  return { format, width, height };
}

export function badPicture(file: string, detail: string): LimnError {
  return new LimnError({ kind: 'bad-image', file, detail, wanted: 'picture' });
}

function formatOf(bytes: Uint8Array): Format | null {
  if (text(bytes, 0, 8) === '\x89PNG\r\n\x1a\n') return 'png';
  if (text(bytes, 0, 3) === '\xff\xd8\xff') return 'jpeg';
  if (/^GIF8[79]a$/.test(text(bytes, 0, 6))) return 'gif';
  if (text(bytes, 0, 4) === 'RIFF' && text(bytes, 8, 4) === 'WEBP') return 'webp';
  // Two letters prove little; a bitmap's header has one of few lengths, too.
  if (text(bytes, 0, 2) === 'BM' && [12, 40, 52, 56, 64, 108, 124].includes(bytes[14] ?? 0)) return 'bmp';
  if (text(bytes, 4, 4) === 'ftyp') {
    const brands = text(bytes, 8, Math.min(((bytes[2] ?? 0) << 8) + (bytes[3] ?? 0), 128) - 8);
    if (/avi[fs]/.test(brands)) return 'avif';
    if (/hei[cxms]|hev[cx]|mif1/.test(brands)) return 'heic';
  }
  return null;
}

/** Bytes as Latin letters. */
function text(bytes: Uint8Array, from: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(from, from + Math.max(0, length)));
}

/** Each reads past its file's end with a RangeError, and answers 0 × 0 where it finds no size. */
const READERS: Readonly<Record<Format, Reader>> = {
  png: (view) => [view.getUint32(16), view.getUint32(20)],
  gif: (view) => [view.getUint16(6, true), view.getUint16(8, true)],
  bmp: (view) =>
    view.getUint32(14, true) === 12
      ? [view.getUint16(18, true), view.getUint16(20, true)]
      : // A negative height means that the first row is the topmost.
        [view.getInt32(18, true), Math.abs(view.getInt32(22, true))],
  jpeg,
  webp,
  avif: boxes,
  heic: boxes,
};

/** Segment by segment to the frame header, SOF0 to SOF15 (ITU-T T.81, B.2.2). */
function jpeg(view: DataView): Size {
  for (let at = 2; ;) {
    if (view.getUint8(at) !== 0xff) return [0, 0];
    const marker = view.getUint8(at + 1);
    if (marker === 0xff)
      at += 1; // a fill byte
    else if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7))
      at += 2; // these have no length
    else if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      return [view.getUint16(at + 7), view.getUint16(at + 5)];
    } else {
      const length = view.getUint16(at + 2);
      // The scan or the end before any frame: there is no picture.
      if (length < 2 || marker === 0xda || marker === 0xd9) return [0, 0];
      at += 2 + length;
    }
  }
}

function webp(view: DataView<ArrayBuffer>): Size {
  const chunk = text(new Uint8Array(view.buffer, view.byteOffset, view.byteLength), 12, 4);
  if (chunk === 'VP8X') {
    // Two numbers of 24 bits, one less than the size.
    const at = (i: number) => view.getUint16(i, true) + (view.getUint8(i + 2) << 16) + 1;
    return [at(24), at(27)];
  }
  if (chunk === 'VP8L' && view.getUint8(20) === 0x2f) {
    const bits = view.getUint32(21, true);
    return [(bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1];
  }
  if (chunk === 'VP8 ' && view.getUint16(23, true) === 0x019d && view.getUint8(25) === 0x2a) {
    return [view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff];
  }
  return [0, 0];
}

/** AVIF and HEIC are boxes in boxes (ISO 14496-12); meta › iprp › ipco › ispe tells the size of each image in it. */
function boxes(view: DataView<ArrayBuffer>): Size {
  const [meta] = find(view, 'meta', 0, view.byteLength);
  if (!meta) return [0, 0];
  // meta and ispe begin with a version and flags, 4 bytes.
  const [iprp] = find(view, 'iprp', meta.from + 4, meta.to);
  const [ipco] = iprp ? find(view, 'ipco', iprp.from, iprp.to) : [];
  if (!ipco) return [0, 0];
  // The largest of them: tiles and previews are smaller than what they belong to.
  return find(view, 'ispe', ipco.from, ipco.to)
    .map(({ from }): Size => [view.getUint32(from + 4), view.getUint32(from + 8)])
    .reduce(([w, h], [width, height]): Size => [Math.max(w, width), Math.max(h, height)], [0, 0]);
}

interface Box {
  /** The content, without the box's head. */
  readonly from: number;
  readonly to: number;
}

function find(view: DataView<ArrayBuffer>, type: string, from: number, to: number): Box[] {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  const found: Box[] = [];
  for (let at = from; at + 8 <= to;) {
    const size = view.getUint32(at);
    // 0 reaches to the end; 1 (a length of 64 bits) is for films.
    const end = size === 0 ? to : at + size;
    if ((size > 0 && size < 8) || end > to) break;
    if (text(bytes, at + 4, 4) === type) found.push({ from: at + 8, to: end });
    at = end;
  }
  return found;
}
