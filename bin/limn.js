#!/usr/bin/env node
// The command line: `limn generate --model flowers --caption "…" --out DIR`. All of it is in src/cli.ts.
import { run } from './run.js';

await run('src/cli.ts', process.argv.slice(2));
