// The operator's command: npm run rondo -- COMMAND
import { join } from 'node:path';
import { onTerminal, withoutTerminal } from './ask.ts';
import { command } from './command.ts';
import { makeScreen, painter } from './screen.ts';
import type { World } from './world.ts';
import { runWrangler } from './wrangler.ts';

const { env, stdin, stdout, stderr } = process;
const place = { env, cwd: process.cwd(), root: join(import.meta.dirname, '..', '..') };
const world: World = {
  ...place,
  from: env.INIT_CWD ?? process.cwd(),
  screen: makeScreen((text) => void stdout.write(text), painter(env, stdout)),
  ask: stdin.isTTY && stdout.isTTY ? onTerminal : withoutTerminal,
  complain: (fault, advice) => {
    stderr.write(`${painter(env, stderr)('red', 'rondo:')} ${fault}\n`);
    if (advice) stderr.write(`${advice}\n`);
  },
  wrangler: (args, input = '') => runWrangler(place, args, input),
};
process.exitCode = await command(world, process.argv.slice(2));
