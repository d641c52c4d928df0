/**
 * LICENSE and licences.txt for the built folder. Vite's own `build.license` passes workers over, and the worker holds
 * most of what is by others; nor has it words for a package that brings no text, as those of tfjs.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

const ROOT = join(import.meta.dirname, '..');
/** tfjs brings no text of the Apache licence; `long`, on which it rests, does. */
const APACHE = join(ROOT, 'node_modules', 'long', 'LICENSE');

interface Package {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly repository?: string | { readonly url?: string };
}

/** Two plugins over one list, since a worker is a bundle of its own: it is there before the page's is written. */
export function licences(): { readonly page: Plugin; readonly worker: Plugin } {
  const modules = new Set<string>();
  const hear = (bundle: Parameters<Extract<NonNullable<Plugin['generateBundle']>, (...args: never) => unknown>>[1]) => {
    for (const file of Object.values(bundle)) {
      if (file.type === 'chunk') for (const id of file.moduleIds) modules.add(id);
    }
  };
  return {
    worker: { name: 'limn-licences-worker', generateBundle: (_, bundle) => hear(bundle) },
    page: {
      name: 'limn-licences',
      generateBundle(_, bundle) {
        hear(bundle);
        this.emitFile({ type: 'asset', fileName: 'LICENSE', source: readFileSync(join(ROOT, 'LICENSE')) });
        this.emitFile({ type: 'asset', fileName: 'licences.txt', source: licencesOf(modules) });
      },
    },
  };
}

/** Ids of modules → the packages that they are of, each with its licence and where its source is */
export function licencesOf(modules: Iterable<string>): string {
  const files = [...modules].map((id) => id.replace(/^\0/, '').replace(/\?.*$/, ''));
  const folders = new Map<string, string[]>();
  for (const file of files) {
    const [folder] = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? [];
    if (folder && existsSync(join(folder, 'package.json'))) folders.set(folder, [...(folders.get(folder) ?? []), file]);
  }
  const parts = [...folders].sort(([a], [b]) => (a < b ? -1 : 1)).map(([folder, its]) => partOf(folder, its));
  const apache = parts.some((part) => /Apache/.test(part)) ? [readFileSync(APACHE, 'utf8').trimEnd()] : [];
  const first = 'Limn is under the licence in LICENSE. It holds parts of these packages, each under its own:';
  return `${[first, ...new Set(parts), ...apache].join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

function partOf(folder: string, files: readonly string[]): string {
  const { name, version, license, repository } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  ) as Package;
  const source = typeof repository === 'string' ? repository : repository?.url;
  const own = readdirSync(folder).find((one) => /^(licen[cs]e|copying)/i.test(one));
  // Without a file of its own a package says it at the head of its sources.
  const text = own ? readFileSync(join(folder, own), 'utf8') : (files.map(headOf).find(Boolean) ?? '');
  if (!text) throw new Error(`${name} ${version} brings no words of its licence (${license ?? 'none'})`);
  return `${name} ${version} (${license ?? 'see below'})${source ? `\n${source}` : ''}\n\n${text.trim()}`;
}

/** The first comment of a source, if it speaks of a licence. */
function headOf(file: string): string {
  const [comment = ''] = /\/\*[^]*?\*\//.exec(readFileSync(file, 'utf8')) ?? [];
  if (!/licen[cs]e|permission/i.test(comment)) return '';
  return comment
    .replace(/^\/\*+|\*+\/$/g, '')
    .replace(/^ \* ?(@license\n)?/gm, '')
    .replace(/^=+$/m, '');
}
