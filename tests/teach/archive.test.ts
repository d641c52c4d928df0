import { describe, expect, it } from 'vitest';
import { zipSync } from 'fflate';
import { stream } from '../../src/random.ts';
import { openArchive, pack, pathFault } from '../../src/teach/archive.ts';
import { MOST_FILES } from '../../src/teach/limits.ts';

const bytes = (...values: number[]) => new Uint8Array(values);
const zip = (files: Record<string, Uint8Array>, level: 0 | 6 = 6) => zipSync(files, { level });

describe('archives', () => {
  it('what is packed comes out again, entry by entry', () => {
    const files = [
      { path: 'a.png', bytes: bytes(1, 2, 3) },
      { path: 'deep/b.txt', bytes: bytes() },
    ];
    const { entries, refused, read } = openArchive(pack(files));
    expect(entries).toEqual([
      { path: 'a.png', size: 3 },
      { path: 'deep/b.txt', size: 0 },
    ]);
    expect(refused).toEqual([]);
    expect(entries.map((entry) => [...read(entry)])).toEqual([[1, 2, 3], []]);
  });

  it('an entry has memory of its own', () => {
    const archive = pack([{ path: 'a', bytes: bytes(1, 2, 3) }]);
    const { entries, read } = openArchive(archive);
    const found = read(entries[0]!);
    expect(found.buffer.byteLength).toBe(3);
    archive.fill(0);
    expect([...found]).toEqual([1, 2, 3]);
  });

  it('a bomb is known before it is unpacked', () => {
    const bomb = zip({ 'zeros.png': new Uint8Array(20 * 2 ** 20), 'a.png': bytes(1) });
    expect(bomb.length).toBeLessThan(100_000);
    expect(() => openArchive(bomb)).toThrow('unpacks to more than 100 times its size');
  });

  it('an entry that says too little of its size gives no more than it said', () => {
    const sly = zip({ 'a.png': new Uint8Array(300_000).fill(7) });
    // The size before compression, in the central directory and in the entry's own head: both lie.
    const view = new DataView(sly.buffer);
    const at = sly.findLastIndex((_, i) => view.byteLength >= i + 4 && view.getUint32(i, true) === 0x02014b50);
    view.setUint32(at + 24, 1000, true);
    view.setUint32(22, 1000, true);
    const { entries, read } = openArchive(sly);
    expect(entries[0]?.size).toBe(1000);
    let got = 0;
    try {
      got = read(entries[0]!).length;
    } catch (thrown) {
      expect(String(thrown)).toContain('damaged');
    }
    expect(got).toBeLessThanOrEqual(1000);
  });

  it('entries that share their bytes are refused', () => {
    const once = zip({ 'a.png': new Uint8Array(4000).map((_, i) => (i * 7919) % 251) });
    const view = new DataView(once.buffer);
    const at = once.findLastIndex((_, i) => view.byteLength >= i + 4 && view.getUint32(i, true) === 0x02014b50);
    const end = once.findLastIndex((_, i) => view.byteLength >= i + 4 && view.getUint32(i, true) === 0x06054b50);
    const head = once.slice(at, end);
    const many = 4;
    const all = new Uint8Array(once.length + (many - 1) * head.length);
    all.set(once.subarray(0, end));
    for (let i = 1; i < many; i++) {
      const copy = head.slice();
      copy[46] = 'a'.charCodeAt(0) + i;
      all.set(copy, end + (i - 1) * head.length);
    }
    all.set(once.subarray(end), end + (many - 1) * head.length);
    const tail = new DataView(all.buffer, end + (many - 1) * head.length);
    tail.setUint16(8, many, true);
    tail.setUint16(10, many, true);
    tail.setUint32(12, many * head.length, true);
    expect(() => openArchive(all)).toThrow('lie upon one another');
  });

  it('names that lead out of the archive are passed over, each with its reason', () => {
    const names = [
      '../up.png',
      'a/../../up.png',
      '/root.png',
      'C:/x.png',
      'a\\b.png',
      'nul\0.png',
      'a//b.png',
      '__proto__',
    ];
    for (const name of names) expect(pathFault(name), name).not.toBeNull();
    const { entries, refused } = openArchive(zip({ 'fine.png': bytes(1), '../up.png': bytes(2) }));
    expect(entries.map(({ path }) => path)).toEqual(['fine.png']);
    expect(refused).toEqual([{ path: '../up.png', why: 'its name points outside the archive' }]);
  });

  it('too many files, no files, and what is no archive', () => {
    const many = Object.fromEntries(Array.from({ length: MOST_FILES + 1 }, (_, i) => [`${i}`, bytes()]));
    expect(() => openArchive(zip(many, 0))).toThrow(`more than ${MOST_FILES} files`);
    expect(() => openArchive(zip({}))).toThrow('no files');
    expect(() => openArchive(bytes(1, 2, 3))).toThrow('no ZIP archive');
    expect(() => openArchive(bytes())).toThrow('no ZIP archive');
  });

  it('thousands of files are read without a search of the directory for each', () => {
    const files = Object.fromEntries(Array.from({ length: 4000 }, (_, i) => [`set/${i}.txt`, bytes(i & 255, i >> 8)]));
    const { entries, read } = openArchive(zip({ 'set/': bytes(), ...files }));
    const began = performance.now();
    expect(entries.map((entry) => [...read(entry)])).toEqual(Object.values(files).map((file) => [...file]));
    // Searches take four seconds and more.
    expect(performance.now() - began).toBeLessThan(1500);
  });

  it('an archive by ZIP64 gives its files, too', () => {
    const plain = pack([
      { path: 'a.txt', bytes: bytes(1, 2, 3) },
      { path: 'b.txt', bytes: bytes(4) },
    ]);
    const at = plain.length - 22;
    const old = new DataView(plain.buffer);
    // Its own end of the directory (56 bytes), and where that stands (20), before the old one.
    const grown = new Uint8Array(plain.length + 76);
    grown.set(plain.subarray(0, at));
    const view = new DataView(grown.buffer);
    view.setUint32(at, 0x06064b50, true);
    view.setUint32(at + 32, old.getUint16(at + 8, true), true);
    view.setUint32(at + 48, old.getUint32(at + 16, true), true);
    view.setUint32(at + 56, 0x07064b50, true);
    view.setUint32(at + 64, at, true);
    grown.set(plain.subarray(at), at + 76);
    view.setUint32(at + 76 + 16, 0xffffffff, true);
    const { entries, read } = openArchive(grown);
    expect(entries.map((entry) => [...read(entry)])).toEqual([[1, 2, 3], [4]]);
  });

  it('a damaged entry is told, not handed out', () => {
    const { bits } = stream(1);
    const broken = zip({ 'a.png': new Uint8Array(5000).map(() => bits() & 63) });
    broken.fill(0xff, 60, 400);
    const { entries, read } = openArchive(broken);
    expect(() => read(entries[0]!)).toThrow(/damaged/);
  });
});
