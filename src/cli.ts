/** The same engine under Node: `limn generate --model flowers --caption "…" --count 8 --seed 7 --out DIR`. */
import { fineTune } from './cli/fine-tune.ts';
import { generate } from './cli/generate.ts';
import { HELP } from './cli/help.ts';
import { interpolate } from './cli/interpolate.ts';
import { invert } from './cli/invert.ts';
import { caption, score } from './cli/mirror.ts';
import { UsageError } from './cli/options.ts';
import { restyle } from './cli/restyle.ts';
import { describe, toFailure, type FailureKind } from './failure.ts';

type Command = (args: readonly string[], signal: AbortSignal) => Promise<void>;

const COMMANDS: ReadonlyMap<string, Command> = new Map([
  ['generate', generate],
  ['interpolate', interpolate],
  ['invert', invert],
  ['restyle', restyle],
  ['caption', caption],
  ['score', score],
  ['fine-tune', fineTune],
]);

/** What a person asked for does not hold, rather than that something broke. */
const ASKED_WRONGLY: ReadonlySet<FailureKind> = new Set(['bad-recipe', 'bad-caption', 'bad-image', 'unknown-model']);

async function main(): Promise<number> {
  // Libraries greet on console.log; standard output is for what was asked.
  console.log = console.info = console.error;
  const [name, ...args] = process.argv.slice(2);
  if (
    name === undefined ||
    name === 'help' ||
    args.includes('--help') ||
    args.includes('-h') ||
    /^-(h|-help)$/.test(name)
  ) {
    process.stdout.write(HELP);
    return name === undefined ? 2 : 0;
  }
  const abort = new AbortController();
  process.once('SIGINT', () => abort.abort());
  try {
    const command = COMMANDS.get(name);
    if (!command) throw new UsageError(`there is no command "${name}"; limn --help names them`);
    await command(args, abort.signal);
    return 0;
  } catch (error) {
    if (error instanceof UsageError) {
      process.stderr.write(`limn: ${error.message}\n`);
      return 2;
    }
    const failure = toFailure(error);
    process.stderr.write(`limn: ${describe(failure)}\n`);
    if (failure.kind === 'cancelled') return 130;
    return ASKED_WRONGLY.has(failure.kind) ? 2 : 1;
  }
}

// Whoever reads along may have read enough: `limn … | head -1`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});
const code = await main();
// Dawn (engine/node.ts) keeps the process as long as there is a GPU; it ends once all is written.
process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
