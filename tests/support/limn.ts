/** The command line as a person runs it, in a process of its own. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';

export const MODELS = ['--models', 'tests/fixtures/models', '--model', 'tiny'];

/** A handle as a GPU's, for half a minute. */
const HELD = ['--import', 'data:text/javascript,setTimeout(() => process.exit(99), 30000)'];

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/**
 * `closed` shuts standard output at once; `interrupted` sends Ctrl+C when that file is there; `held`: something keeps
 * the process, which ends with 99 when nobody ends it.
 */
export function limn(args: readonly string[], { closed = false, interrupted = '', held = false } = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...(held ? HELD : []), 'bin/limn.js', ...args]);
    const heard = { out: '', err: '' };
    child.stdout.on('data', (bytes: Buffer) => (heard.out += bytes.toString()));
    child.stderr.on('data', (bytes: Buffer) => (heard.err += bytes.toString()));
    if (closed) child.stdout.destroy();
    const watch = setInterval(() => {
      if (!interrupted || !existsSync(interrupted)) return;
      clearInterval(watch);
      child.kill('SIGINT');
    }, 20);
    child.on('error', reject);
    child.on('close', (code) => {
      clearInterval(watch);
      resolve({ code, ...heard });
    });
  });
}
